package sandbox_test

import (
	"testing"

	"github.com/bindery-mcp/bindery/sandbox"
)

// What is named is found by its own name and by how scripts call it; where the
// two cross, it matters how it was asked for.
func TestFinding(t *testing.T) {
	b := &sandbox.Bindings{Servers: []sandbox.Server{
		{Name: "x", Ident: "my_server"},
		{Name: "my_server", Ident: "my_server_", Tools: []sandbox.Tool{{Name: "a-b", Ident: "a_b"}, {Name: "a_b", Ident: "c"}, {Name: "d"}}},
	}}
	for key, want := range map[string]string{"x": "x", "my_server": "my_server", "my_server_": "my_server", "": "", "y": ""} {
		got := ""
		if s := b.Server(key); s != nil {
			got = s.Name
		}
		if got != want {
			t.Errorf("server %q is %q, want %q", key, got, want)
		}
	}
	if (*sandbox.Bindings)(nil).Server("x") != nil {
		t.Error("nothing has a server")
	}
	for _, tc := range []struct {
		key    string
		byName bool
		want   string
	}{{"a_b", false, "a-b"}, {"a_b", true, "a_b"}, {"a-b", false, "a-b"}, {"a-b", true, "a-b"}, {"c", true, "a_b"}, {"d", false, "d"}, {"e", false, ""}} {
		got := ""
		if tool := b.Servers[1].Tool(tc.key, tc.byName); tool != nil {
			got = tool.Name
		}
		if got != tc.want {
			t.Errorf("tool %q, by name %v: %q, want %q", tc.key, tc.byName, got, tc.want)
		}
	}
}
