package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/sandbox/js"
)

// tracker is a server whose create_issue fails for the title "bad", and counts
// what it created.
type tracker struct {
	gateway.Tools
	created []string
}

func (*tracker) Catalogue() *backends.Catalogue {
	var tools []bindery.Tool
	for _, name := range []string{"create_issue", "list_issues"} {
		tools = append(tools, bindery.Tool{
			ID:    bindery.ToolID{Server: "tracker", Name: name},
			Input: json.RawMessage(`{"type":"object","properties":{"title":{"type":"string"}}}`),
		})
	}
	return &backends.Catalogue{Version: 1, Servers: []backends.Server{{Name: "tracker", State: backends.Ready, Tools: tools}}}
}

func (*tracker) Changed() <-chan struct{} { return nil }

func (tr *tracker) Call(_ context.Context, c bindery.Call) (bindery.Result, error) {
	var args struct{ Title string }
	_ = json.Unmarshal(c.Args, &args)
	if args.Title == "bad" {
		return bindery.Result{}, &bindery.Error{Code: bindery.Upstream, Op: "call " + c.Tool.String(), Err: errors.New("no such label")}
	}
	if c.Tool.Name == "create_issue" {
		tr.created = append(tr.created, args.Title)
	}
	text, _ := json.Marshal(map[string]any{"number": len(tr.created), "titles": tr.created})
	return bindery.Result{Structured: text, Raw: json.RawMessage(`{"structuredContent":` + string(text) + `}`)}, nil
}

// A script in its own language fails half way, is mended and resumed, stores
// something, and a later one reads what was too long to be shown.
func TestScriptsFollowEachOther(t *testing.T) {
	tools := &tracker{}
	g := gateway.New(gateway.Options{Tools: tools, Engine: js.New(), Answer: 2000})
	defer g.Close(t.Context())
	run := func(code, resume string) (gateway.Answer, string) {
		t.Helper()
		a, err := g.Execute(t.Context(), gateway.Anonymous(), gateway.Request{Code: code, Resume: resume})
		if err != nil {
			t.Fatal(err)
		}
		return a, a.Text()
	}
	const script = `await tracker.list_issues();
const made = [];
for (const title of ["one", "two", "bad", "three"]) {
  const t = title;
  made.push((await tracker.create_issue({title: t})).number);
}
made`
	failed, text := run(script, "")
	for _, want := range []string{
		"at script line 5:", "- tracker.list_issues() (line 1): completed", `- tracker.create_issue({"title":"two"}) (line 5): completed`,
		`- tracker.create_issue({"title":"bad"}) (line 5): failed`, `with resume: "` + failed.Execution + `"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nlacks %s", text, want)
		}
	}
	_, text = run(strings.Replace(script, `"bad"`, `"good"`, 1), failed.Execution)
	if want := "[1,2,3,4]\nnote: 3 calls replayed from execution " + failed.Execution; text != want || len(tools.created) != 4 {
		t.Errorf("%s, %q; want %s", text, tools.created, want)
	}

	if _, text = run(`await store.set("seen", {page: 2, big: 12345678901234567890n}); (await store.keys())`, ""); text != `["seen"]` {
		t.Error(text)
	}
	if _, text = run(`const {page, big} = await store.get("seen"); [page, String(big), await store.get("none"), await store.delete("seen")]`, ""); text != `[2,"12345678901234567890",null,true]` {
		t.Error(text)
	}

	long, text := run(`progress("making rows", 1, 2); Array.from({length: 500}, (_, id) => ({id, title: "issue " + id}))`, "")
	if len(text) > 2600 || !strings.Contains(text, `await results.get("`+long.Execution+`")`) {
		t.Errorf("%d bytes: %s", len(text), text[max(0, len(text)-300):])
	}
	_, text = run(`const rows = await results.get("`+long.Execution+`");
table(rows.filter(r => r.id % 200 === 0), ["id", "title"])`, "")
	if text != "id\ttitle\n0\tissue 0\n200\tissue 200\n400\tissue 400" {
		t.Error(text)
	}
	if _, text = run(`(await results.list()).map(r => r.id + " " + r.type)`, ""); text != `["`+long.Execution+` {id: number, title: string}[]"]` {
		t.Error(text)
	}
	if _, text = run(`await results.get("nothing")`, ""); !strings.Contains(text, `ToolError: results.get: "nothing" is not kept`) {
		t.Error(text)
	}
}
