package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A tool of server-everything can be called only as a task of 2025-11-25, and
// asks its user something before the task ends. Clients of both eras, which know
// no such tasks, call it like any other, and get the question.
func TestTaskOnlyTool(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "everything")
	w.Set("views", map[string]any{"default": map[string]any{"mode": "both"}})
	url := w.Serve(t)
	for _, version := range []string{"2025-11-25", "2026-07-28"} {
		for tool, args := range map[string]map[string]any{
			"everything__simulate-research-query": {"topic": "python", "ambiguous": true},
			"execute_code":                        {"code": `await everything.simulate_research_query({topic: "python", ambiguous: true})`},
		} {
			t.Run(version+" "+tool, func(t *testing.T) {
				t.Parallel()
				client := mcp.NewClient(&mcp.Implementation{Name: "e2e", Version: "1"}, &mcp.ClientOptions{
					ElicitationHandler: func(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
						if !strings.Contains(r.Params.Message, "multiple interpretations") {
							t.Errorf("asked %s", r.Params.Message)
						}
						return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"interpretation": "snake"}}, nil
					},
				})
				session, err := client.Connect(t.Context(), overHTTP(t, url), &mcp.ClientSessionOptions{ProtocolVersion: version})
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = session.Close() }()
				res, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
				if err != nil {
					t.Fatal(err)
				}
				if text := res.Content[0].(*mcp.TextContent).Text; res.IsError || !strings.Contains(text, "**Clarification**: snake") {
					t.Errorf("got %s", text)
				}
			})
		}
	}
}
