package gateway

import (
	"context"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway/learned"
	"github.com/bindery-mcp/bindery/sandbox"
)

// What one script got, the next one's search shows as a type; what stands in
// prompts stays as it is until the tools change; and no value is shown.
func TestScriptsTeachTypes(t *testing.T) {
	tools := newFakeTools(ready("people", "get", "fail"))
	tools.call = func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		if c.Tool.Name == "fail" {
			r := structured(`{"reason":"secret"}`)
			r.IsError = true
			return r, nil
		}
		return bindery.Result{Content: []bindery.Content{{Type: "text", Text: `{"id":7,"name":"Ada Lovelace"}`}}}, nil
	}
	store := learned.Open("", nil)
	defer func() {
		if err := store.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	if err := store.Track(t.Context(), Tracked(tools.Catalogue())); err != nil {
		t.Fatal(err)
	}
	g := start(t, Options{
		Tools: tools, Learned: store, InlineTokens: 1000,
		Engine: engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
			for i, name := range []string{"get", "fail"} {
				if _, err := await(ctx, h, i+1, "people", name, `{"id":7}`); err != nil {
					t.Error(err)
				}
			}
			return sandbox.Outcome{}
		}),
	})
	before := g.Definition(Anonymous()).Description
	if _, err := g.Execute(t.Context(), Anonymous(), Request{Code: "x"}); err != nil {
		t.Fatal(err)
	}
	if err := store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	found := g.View(Anonymous()).Module.Search(codegen.Query{Text: "get"}).String()
	if !strings.Contains(found, "people.get({id?: number}): {id: number, name: string} // result seen in 1 call. Does get") {
		t.Errorf("a search finds\n%s", found)
	}
	for _, f := range []string{"people.get", "people.fail"} {
		text, err := g.View(Anonymous()).Module.Describe(f, codegen.TypeScript)
		if err != nil || strings.Contains(text, "Lovelace") || strings.Contains(text, "reason") {
			t.Errorf("%s is described as\n%s, %v", f, text, err)
		}
	}
	if after := g.Definition(Anonymous()).Description; after != before {
		t.Errorf("the description changed with a call:\n%s", after)
	}
	tools.set(ready("people", "get", "fail", "more"))
	if changed := g.Definition(Anonymous()).Description; !strings.Contains(changed, "name: string") {
		t.Errorf("after the tools changed, the description is\n%s", changed)
	}
}
