package gateway

import (
	"context"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// A script finds names, lines and messages in its own language.
func TestPythonFindsPython(t *testing.T) {
	server := ready("my-server", "get")
	server.Tools[0].Input = []byte(`{"type":"object","properties":{"class":{"type":"integer"},"state":{"type":"string"}},"required":["class"]}`)
	g := start(t, Options{Tools: newFakeTools(server), Python: true, Engine: engine(
		func(ctx context.Context, s sandbox.Script, h sandbox.Host) sandbox.Outcome {
			line := `my_server.get(class_: int, state?: str)`
			if s.Language == sandbox.TypeScript {
				line = `my_server.get({class: number, state?: string})`
			}
			bound := s.Bindings.Servers[0]
			if got := bound.Tools[0].Params["class_"]; (got == "class") != (s.Language == sandbox.Python) || bound.Ident != "my_server" {
				t.Errorf("%s: bound to %+v", s.Language, bound)
			}
			r, err := await(ctx, h, 1, sandbox.Builtin, "search", `{"query":"get"}`)
			if err != nil || !strings.Contains(string(r.Structured), line) {
				t.Errorf("%s: search: %s, %v; want %s", s.Language, r.Structured, err, line)
			}
			_, err = await(ctx, h, 2, "my-server", "get", `{"class":1,"state":2}`)
			if bindery.CodeOf(err) != bindery.Invalid || s.Language == sandbox.Python && !strings.Contains(bindery.HintOf(err), "class_: int") {
				t.Errorf("%s: a wrong argument: %v (%s)", s.Language, err, bindery.HintOf(err))
			}
			return sandbox.Outcome{Value: []byte(`"` + s.Language + `"`)}
		})})
	for language, want := range map[string]string{"": "typescript", "js": "typescript", " Python ": "python", "py": "python"} {
		a, err := g.Execute(t.Context(), Anonymous(), Request{Code: "1", Language: language})
		if err != nil || a.Text() != want {
			t.Errorf("%q: %s, %v", language, a.Text(), err)
		}
	}
	if d := g.Definition(Anonymous()); !strings.Contains(d.InputSchema, `"enum":["typescript","python"]`) || !strings.Contains(d.Description, "in Python") {
		t.Errorf("clients are not told: %s %s", d.Description, d.InputSchema)
	}
}

// Where there is no Python, a client is told how to get it, and is not offered it.
func TestNoPython(t *testing.T) {
	g := start(t, Options{Tools: newFakeTools(), NoPython: "Install it so.", Engine: engine(func(context.Context, sandbox.Script, sandbox.Host) sandbox.Outcome {
		t.Error("the engine was asked")
		return sandbox.Outcome{}
	})})
	_, err := g.Execute(t.Context(), Anonymous(), Request{Code: "1", Language: "python"})
	if bindery.CodeOf(err) != bindery.Unavailable || !strings.Contains(bindery.HintOf(err), "Install it so.") {
		t.Errorf("%v (%s)", err, bindery.HintOf(err))
	}
	if d := g.Definition(Anonymous()); strings.Contains(d.InputSchema+d.Description, "ython") {
		t.Errorf("clients are offered it: %s %s", d.Description, d.InputSchema)
	}
}
