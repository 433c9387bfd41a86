package session

import "context"

// Trace is where a request stands in a trace; see backends.Trace, which has the
// same fields.
type Trace struct {
	Parent  string
	State   string
	Baggage string
}

// Keys of _meta that carry a trace, without a prefix (SEP-414), and the headers
// of the same names (W3C Trace Context, W3C Baggage).
const (
	metaParent  = "traceparent"
	metaState   = "tracestate"
	metaBaggage = "baggage"
)

type traceKey struct{}

// WithTrace returns a context whose requests belong to the trace.
func WithTrace(ctx context.Context, t *Trace) context.Context {
	return context.WithValue(ctx, traceKey{}, t)
}

// traceOf returns the trace that ctx belongs to, or nil.
func traceOf(ctx context.Context) *Trace {
	t, _ := ctx.Value(traceKey{}).(*Trace)
	return t
}

// members calls yield with each part of the trace that is there.
func (t *Trace) members(yield func(name, value string)) {
	if t == nil {
		return
	}
	for _, m := range [...][2]string{{metaParent, t.Parent}, {metaState, t.State}, {metaBaggage, t.Baggage}} {
		if m[1] != "" {
			yield(m[0], m[1])
		}
	}
}

// replaces reports whether the trace stands in for this key of a client's _meta:
// the state of another parent means nothing beside ours.
func (t *Trace) replaces(name string) bool {
	if t == nil {
		return false
	}
	switch name {
	case metaParent, metaState:
		return t.Parent != ""
	case metaBaggage:
		return t.Baggage != ""
	}
	return false
}

// Trace calls yield with each header that says where the request stands in a
// trace.
func (x *Exchange) Trace(yield func(name, value string)) { x.trace.members(yield) }
