package e2e

import (
	"fmt"
	"testing"

	"github.com/bindery-mcp/bindery/cmd/bindery/e2e/responses"
)

// Codex calls the tools of two servers themselves, in both protocol eras over
// HTTP, and through a bridge that it starts.
func TestCodexWithDirectTools(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "everything", "memory")
	w.Set("views", map[string]any{"tools": map[string]any{"mode": "direct"}})
	url := w.Serve(t) + "/tools"
	const approve = "required = true\ndefault_tools_approval_mode = \"approve\"\n"
	for _, tc := range []struct{ name, config string }{
		{"2025-06-18", fmt.Sprintf("\n[mcp_servers.gw]\nurl = %q\n%s", url, approve)},
		{"2026-07-28", fmt.Sprintf("\n[features]\nmcp_2026_07_28 = true\n\n[mcp_servers.gw]\nurl = %q\n%s", url, approve)},
		{"bridge", fmt.Sprintf("\n[mcp_servers.gw]\ncommand = %q\nargs = [\"bridge\", %q, \"--stdio\"]\n%s", binary, url, approve)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			codexRun{Model: "local-model", Servers: tc.config, Turns: []responses.Turn{
				{Items: []responses.Item{responses.FunctionCall("mcp__gw", "everything__get_sum", map[string]int{"a": 40, "b": 2})}},
				{Expect: []string{"The sum of 40 and 2 is 42."}, Items: []responses.Item{responses.FunctionCall("mcp__gw", "memory__read_graph", map[string]any{})}},
				{Expect: []string{"entities"}, Items: []responses.Item{responses.Message("done")}},
			}}.play(t)
		})
	}
}
