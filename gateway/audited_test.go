package gateway

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// TestAudit reads what is on record of a script and of direct calls, made and
// refused.
func TestAudit(t *testing.T) {
	dir := t.TempDir()
	log, err := audit.Open(dir, audit.Options{Mode: audit.Strict})
	if err != nil {
		t.Fatal(err)
	}
	set := openSet(t, false, map[string]*mcp.Server{"s": labelled()})
	g := New(Options{Tools: set, Servers: set, Engine: callsOf, Policy: rules(t), Audit: log, Views: map[string]config.View{"default": {
		Mode: config.Both, Tools: map[string]config.Override{"s.wipe": {Name: "clean"}, "s.secret": {Name: "quiet"}}, // no record has these
	}}})
	cs, _ := dialFull(t, serve(t, g)+"/mcp", "2025-11-25")
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "web clean resources.read none"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "s__quiet"}); err != nil {
		t.Fatal(err)
	}
	if _, err := cs.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "note://one"}); err != nil {
		t.Fatal(err)
	}
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "s__clean"}); err != nil {
		t.Fatal(err)
	}
	_ = cs.Close()
	g.Close(context.Background())
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	report, err := audit.Verify(t.Context(), dir, audit.Expect{})
	if err != nil {
		t.Fatal(report, err)
	}
	var got []string
	refused := 0
	for one, err := range audit.Read(dir, 0) {
		if err != nil {
			t.Fatal(err)
		}
		r := one.Record
		got = append(got, strings.Join(strings.Fields(string(r.Kind)+" "+r.Tool+" "+r.Rule+" "+r.Outcome), " "))
		if r.Tool == "wipe" {
			refused++
		}
		if strings.HasPrefix(string(r.Kind), "call.begin") && (r.Client != "anonymous" || r.Execution == "") {
			t.Errorf("a record of nobody: %+v", r)
		}
	}
	if refused != 2 {
		t.Errorf("two calls of wipe are %q", got)
	}
	for _, want := range []string{
		"call.begin web default", "call.end ok", "call.refused wipe no-wipe denied", "call.begin resources/read default", "execution.end ok",
		"call.begin secret default",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}
