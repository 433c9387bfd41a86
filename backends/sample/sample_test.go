package sample_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/backends/sample"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func connect(ctx context.Context, name string) (*mcp.ClientSession, error) {
	server, err := sample.New(name)
	if err != nil {
		return nil, err
	}
	near, far := mcp.NewInMemoryTransports()
	if _, err := server.Connect(ctx, far, nil); err != nil {
		return nil, err
	}
	return mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(ctx, near, nil)
}

func Example() {
	session, err := connect(context.Background(), "monitor")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	result, err := session.CallTool(context.Background(), &mcp.CallToolParams{
		Name: "find_faults", Arguments: map[string]any{"service": "mailer", "level": "fatal"},
	})
	if err != nil {
		log.Fatal(err)
	}
	found, ok := result.StructuredContent.(map[string]any)["faults"].([]any)
	fmt.Println(ok, len(found) > 0)
	// Output: true true
}

// The demo's figures are worth something only if the data is the same on
// every machine.
func TestDataIsTheSameEverywhere(t *testing.T) {
	session, err := connect(t.Context(), "tracker")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	for _, tc := range []struct{ tool, args, want string }{
		{"list_issues", `{"service":"checkout","state":"open"}`, `"total":19`},
		{"add_comment", `{"number":1,"text":"seen"}`, `"comments":`},
		{"list_services", `{}`, `"checkout"`},
	} {
		var args map[string]any
		if err := json.Unmarshal([]byte(tc.args), &args); err != nil {
			t.Fatal(err)
		}
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tc.tool, Arguments: args})
		if err != nil || result.IsError {
			t.Fatalf("%s: %+v, %v", tc.tool, result, err)
		}
		got, err := json.Marshal(result.StructuredContent)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(got) || !strings.Contains(string(got), tc.want) {
			t.Errorf("%s: %.200s lacks %s", tc.tool, got, tc.want)
		}
	}
	if result, err := session.CallTool(t.Context(), &mcp.CallToolParams{
		Name: "add_comment", Arguments: map[string]any{"number": 99999, "text": ""},
	}); err != nil || !result.IsError {
		t.Errorf("a comment on no issue: %+v, %v", result, err)
	}
	if _, err := sample.New("nope"); err == nil {
		t.Error("there is a sample server called nope")
	}
}
