package worker

import (
	"context"
	"slices"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// positions is a host that keeps the positions of calls.
type positions struct{ seqs []int }

func (*positions) Log(sandbox.Line) {}

func (p *positions) Start(_ context.Context, c bindery.Call, _ func(bindery.Result, error)) {
	p.seqs = append(p.seqs, c.Seq)
}

// The first call of a script is the first, whether it was checked before or
// not.
func TestPrecheckTakesNoPosition(t *testing.T) {
	b, err := newBinding(&sandbox.Bindings{Servers: []sandbox.Server{{Name: "s", Tools: []sandbox.Tool{{Name: "t"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	h := &positions{}
	x := newExecution(t.Context(), h, sandbox.DefaultLimits(), b, newQueue())
	tool := bindery.ToolID{Server: "s", Name: "t"}
	for i, id := range []bindery.ToolID{{Server: sandbox.Builtin, Name: sandbox.Precheck}, tool, tool} {
		if err := x.handle(newFrame(kindCall, callHead{ID: uint64(i + 1), Tool: id}, []byte("[]"))); err != nil {
			t.Fatal(err)
		}
	}
	if want := []int{0, 1, 2}; !slices.Equal(h.seqs, want) {
		t.Errorf("positions %v, want %v", h.seqs, want)
	}
}
