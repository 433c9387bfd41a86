package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/quota"
)

// TestQuotas uses up what clients have of calls, of resources and of scripts.
func TestQuotas(t *testing.T) {
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			dir := t.TempDir()
			log, err := audit.Open(dir, audit.Options{})
			if err != nil {
				t.Fatal(err)
			}
			book := quota.Open("", []config.Quota{
				{Name: "web", Tools: []config.ToolPattern{"s.web"}, PerDay: 2},
				{Name: "notes", Tools: []config.ToolPattern{"s.resources/read"}, PerDay: 1},
				{Name: "hints", Tools: []config.ToolPattern{"s.completion/complete"}, PerDay: 1},
				{Name: "pace", Tools: []config.ToolPattern{"s.secret"}, Rate: config.Rate{Calls: 1, Per: 1}, Burst: 1, Wait: 10 * time.Second},
				{Name: "scripts", ExecutionsPerDay: 2},
			}, nil)
			set := openSet(t, false, map[string]*mcp.Server{"s": labelled()})
			g := start(t, Options{Tools: set, Servers: set, Engine: callsOf, Quotas: book, Audit: log, Views: map[string]config.View{
				"default": {Mode: config.Both, Tools: map[string]config.Override{"s.web": {Name: "search"}}},
			}})
			cs, _ := dialFull(t, serve(t, g)+"/mcp", version)
			run := func(code string) *mcp.CallToolResult {
				res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": code}})
				if err != nil {
					t.Fatal(err)
				}
				return res
			}
			const spent = `the quota "web" allows client anonymous 2 calls a day (UTC), which are used up`
			if got := run("search search search secret secret resources.read").Content[0].(*mcp.TextContent).Text; strings.Count(got, "web done") != 2 || strings.Count(got, spent) != 1 || strings.Count(got, "secret done") != 2 {
				t.Errorf("the script got %s", got)
			}
			res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "s__search"})
			if err != nil || !res.IsError {
				t.Fatal(res, err)
			}
			if got := res.Content[0].(*mcp.TextContent).Text; !strings.Contains(got, spent) || !strings.Contains(got, "try again in") {
				t.Errorf("a direct call got %s", got)
			}
			checkRetry(t, res.Meta[retryKey])
			_, err = cs.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "note://one"})
			refusal, ok := errors.AsType[*jsonrpc.Error](err)
			var data map[string]any
			if !ok || json.Unmarshal(refusal.Data, &data) != nil || !strings.Contains(refusal.Message, `the quota "notes"`) {
				t.Fatalf("a resource got %v", err)
			}
			checkRetry(t, data[retryKey])
			first, second := complete(t.Context(), cs, "s__greet"), complete(t.Context(), cs, "s__greet")
			if first != nil || second == nil || !strings.Contains(second.Error(), `the quota "hints"`) {
				t.Errorf("completions got %v, %v", first, second)
			}
			run("secret")
			res = run("secret")
			if got := res.Content[0].(*mcp.TextContent).Text; !res.IsError || !strings.Contains(got, `the quota "scripts" allows client anonymous 2 scripts a day`) {
				t.Errorf("a third script got %s", got)
			}
			checkRetry(t, res.Meta[retryKey])
			_ = cs.Close()
			g.Close(t.Context())
			if err := log.Close(); err != nil {
				t.Fatal(err)
			}
			checkHeld(t, dir)
		})
	}
}

func checkRetry(t *testing.T, hint any) {
	t.Helper()
	h, _ := hint.(map[string]any)
	after, _ := h["afterSeconds"].(float64)
	at, err := time.Parse(time.RFC3339, anyText(h["at"]))
	if err != nil || after <= 0 || time.Until(at) > 24*time.Hour {
		t.Errorf("when to try again is %v", hint)
	}
}

func anyText(v any) string {
	s, _ := v.(string)
	return s
}

// checkHeld looks for what quotas did on record.
func checkHeld(t *testing.T, dir string) {
	t.Helper()
	refused, waited := 0, 0
	for one, err := range audit.Read(dir, 0) {
		if err != nil {
			t.Fatal(err)
		}
		switch r := one.Record; {
		case r.Kind == audit.Refusal && r.Decision == "limit" && (r.Rule == "quota web" || r.Rule == "quota notes" || r.Rule == "quota hints") && r.Outcome == "limit":
			refused++
		case r.Kind == audit.CallBegin && strings.Contains(r.Rule, "waited for quota pace"):
			waited++
		}
	}
	if refused != 4 || waited == 0 {
		t.Errorf("on record are %d refusals and %d that waited", refused, waited)
	}
}

// TestQuotaBelowPolicy takes nothing for what the policy refuses.
func TestQuotaBelowPolicy(t *testing.T) {
	book := quota.Open("", []config.Quota{{Name: "all", PerDay: 1}}, nil)
	set := openSet(t, false, map[string]*mcp.Server{"s": labelled()})
	g := start(t, Options{Tools: set, Servers: set, Engine: callsOf, Quotas: book, Policy: rules(t)})
	a, err := g.Execute(context.Background(), Anonymous(), Request{Code: "wipe wipe web web"})
	if err != nil {
		t.Fatal(err)
	}
	if text := a.Text(); strings.Count(text, "no-wipe") != 2 || strings.Count(text, "web done") != 1 || strings.Count(text, `quota \"all\"`)+strings.Count(text, `quota "all"`) != 1 {
		t.Errorf("the script got %s", text)
	}
}
