package sandbox

import (
	"context"
	"fmt"

	"github.com/bindery-mcp/bindery"
)

// Languages is an [Engine] that hands each script to the engine of its
// language. It must not be changed while it is used.
type Languages map[Language]Engine

var _ Engine = Languages(nil)

// Run implements [Engine]. The error is Invalid for a language that has no
// engine.
func (l Languages) Run(ctx context.Context, s Script, h Host) (Outcome, error) {
	e := l[s.Language]
	if e == nil {
		return Outcome{}, &bindery.Error{
			Code: bindery.Invalid, Op: "run script", Err: fmt.Errorf("there is no engine for language %q", s.Language),
		}
	}
	return e.Run(ctx, s, h)
}

// SetBindings tells the engine of the language what its next scripts will most
// probably be bound to, if it wants to know.
func (l Languages) SetBindings(of Language, b *Bindings) {
	if e, ok := l[of].(interface{ SetBindings(*Bindings) }); ok {
		e.SetBindings(b)
	}
}
