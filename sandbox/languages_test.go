package sandbox_test

import (
	"context"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// named is an engine whose scripts all end with one value.
type named struct {
	value string
	bound *sandbox.Bindings
}

func (n *named) Run(context.Context, sandbox.Script, sandbox.Host) (sandbox.Outcome, error) {
	return sandbox.Outcome{Value: []byte(n.value)}, nil
}

func (n *named) SetBindings(b *sandbox.Bindings) { n.bound = b }

func TestLanguages(t *testing.T) {
	ts, py := &named{value: "1"}, &named{value: "2"}
	l := sandbox.Languages{sandbox.TypeScript: ts, sandbox.Python: py}
	for of, want := range map[sandbox.Language]string{sandbox.TypeScript: "1", sandbox.Python: "2"} {
		out, err := l.Run(t.Context(), sandbox.Script{Language: of}, nil)
		if err != nil || string(out.Value) != want {
			t.Errorf("%s: %s, %v; want %s", of, out.Value, err, want)
		}
	}
	if _, err := l.Run(t.Context(), sandbox.Script{Language: "cobol"}, nil); bindery.CodeOf(err) != bindery.Invalid {
		t.Errorf("cobol: %v", err)
	}
	b := &sandbox.Bindings{}
	l.SetBindings(sandbox.Python, b)
	l.SetBindings("cobol", b)
	if py.bound != b || ts.bound != nil {
		t.Error("the wrong engine was told")
	}
}
