package gateway

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/js"
)

// asks runs a script that does nothing but ask for a check of list.
func asks(t *testing.T, client Client, list string) (objections string, err error) {
	t.Helper()
	issues := backends.Server{Name: "tracker", State: backends.Ready, Tools: []bindery.Tool{
		{
			ID: bindery.ToolID{Server: "tracker", Name: "create"},
			Input: json.RawMessage(`{"type":"object","additionalProperties":false,"required":["title"],"properties":{
				"title":{"type":"string"},"state":{"enum":["open","closed"]},"labels":{"type":"array","items":{"type":"string"}}}}`),
		},
		tool("tracker", "secret"),
	}}
	tools := newFakeTools(issues)
	tools.call = func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		t.Errorf("%s was called", c.Tool)
		return bindery.Result{}, nil
	}
	g := start(t, Options{Tools: tools, Clients: []Client{client}, Engine: engine(
		func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
			var r bindery.Result
			r, err = await(ctx, h, 0, sandbox.Builtin, sandbox.Precheck, list)
			objections = string(r.Structured)
			return sandbox.Outcome{}
		})})
	a, runErr := g.Execute(t.Context(), client, Request{Code: "x"})
	if runErr != nil || len(a.Calls) != 0 {
		t.Fatalf("calls %v, error %v", a.Calls, runErr)
	}
	return objections, err
}

func TestPrecheck(t *testing.T) {
	for _, tc := range []struct {
		name, list string
		want       []string
	}{
		{"none", `[]`, nil},
		{"right", `[{"tool":{"server":"tracker","name":"create"},"args":{"title":"t"}}]`, nil},
		{
			"wrong", `[{"tool":{"server":"tracker","name":"create"},"args":{"title":"t"}},{"tool":{"server":"tracker","name":"create"},"args":{"titel":"t","state":"opne"}}]`,
			[]string{`1 call tracker.create: state: expected "open" | "closed", got string "opne" (did you mean "open"?); titel: expected only title, state, labels, got an unknown property (did you mean "title"?); title: expected string, got nothing (the property "titel" is not known: did you mean "title"?)`},
		},
		{
			"in part", `[{"tool":{"server":"tracker","name":"create"},"args":{"title":null,"state":null,"labels":[null,7]},"unknown":["/title","/state","/labels/0"],"open":[""]}]`,
			[]string{`0 call tracker.create: labels[1]: expected string, got number 7`},
		},
		{"no arguments", `[{"tool":{"server":"tracker","name":"create"}}]`, []string{`0 call tracker.create: title: expected string, got nothing`}},
		{"no such tool", `[{"tool":{"server":"tracker","name":"nope"},"args":{"title":7}}]`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text, err := asks(t, Anonymous(), tc.list)
			if err != nil {
				t.Fatal(err)
			}
			var found []sandbox.Objection
			if err := json.Unmarshal([]byte(text), &found); err != nil || found == nil {
				t.Fatalf("answer %s, %v", text, err)
			}
			var got []string
			for _, o := range found {
				got = append(got, string(rune('0'+o.Draft))+" "+o.Message)
				if !strings.Contains(o.Hint, "title: string") {
					t.Errorf("hint %q", o.Hint)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestPrecheckListsAFew(t *testing.T) {
	one := `{"tool":{"server":"tracker","name":"create"},"args":{"title":7}}`
	text, err := asks(t, Anonymous(), "["+strings.Repeat(one+",", 500)+one+"]")
	if n := strings.Count(text, `"draft":`); err != nil || n != sandbox.MaxObjections {
		t.Errorf("%d objections, %v", n, err)
	}
	right := `{"tool":{"server":"tracker","name":"create"},"args":{"title":"t"}}`
	text, err = asks(t, Anonymous(), "["+strings.Repeat(right+",", sandbox.MaxDrafts)+one+"]")
	if err != nil || text != "[]" {
		t.Errorf("what is beyond the limit was looked at: %s, %v", text, err)
	}
}

func TestPrecheckRefusesOtherLists(t *testing.T) {
	for _, list := range []string{
		`{}`, `null`, `"x"`, `[1]`, `[{"tool":7}]`, `[{"tool":{},"args":{}},[]]`,
		`["` + strings.Repeat("x", maxPrecheck) + `"]`,
		`[` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `]`,
	} {
		text, err := asks(t, Anonymous(), list)
		if bindery.CodeOf(err) != bindery.Invalid || text != "" {
			t.Errorf("%.40s: %s, %v", list, text, err)
		}
	}
}

// A check says nothing of tools that the client may not see.
func TestPrecheckSeesWhatTheClientSees(t *testing.T) {
	client := NewClient("ci", config.Client{Deny: []config.ToolPattern{"*.secret"}})
	const list = `[{"tool":{"server":"tracker","name":"secret"},"args":{"id":"x"}}]`
	if text, err := asks(t, client, list); err != nil || text != "[]" {
		t.Errorf("%s, %v", text, err)
	}
	if text, err := asks(t, Anonymous(), list); err != nil || !strings.Contains(text, "expected integer") {
		t.Errorf("the check finds nothing where it should: %s, %v", text, err)
	}
}

// A typo in the last line does not come after five writes.
func TestPrecheckComesBeforeAnyEffect(t *testing.T) {
	const writes = `for (let i = 0; i < 5; i++) await tracker.create({title: "issue " + i});
const last = await tracker.list({state: "opne", limit: i => i});
return last`
	tools := newFakeTools(backends.Server{Name: "tracker", State: backends.Ready, Tools: []bindery.Tool{
		{
			ID:    bindery.ToolID{Server: "tracker", Name: "create"},
			Input: json.RawMessage(`{"type":"object","required":["title"],"properties":{"title":{"type":"string"}}}`),
		},
		{
			ID:    bindery.ToolID{Server: "tracker", Name: "list"},
			Input: json.RawMessage(`{"type":"object","properties":{"state":{"enum":["open","closed"]},"limit":{"type":"integer"}}}`),
		},
	}})
	tools.call = func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		t.Errorf("%s was called", c.Tool)
		return bindery.Result{}, nil
	}
	g := start(t, Options{Tools: tools, Engine: js.New()})
	a, err := g.Execute(t.Context(), Anonymous(), Request{Code: writes})
	if err != nil || len(a.Calls) != 0 {
		t.Fatalf("calls %v, error %v", a.Calls, err)
	}
	want := `ToolError: call tracker.list: state: expected "open" | "closed", got string "opne" (did you mean "open"?) (nothing was called)
  at script line 2:20
    const last = await tracker.list({state: "opne", limit: i => i});
hint: tracker.list({state?: "open" | "closed", limit?: number}): unknown`
	if diff := cmp.Diff(want, a.Text()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
