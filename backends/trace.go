package backends

import (
	"context"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Trace is where requests stand in a trace: the values of traceparent,
// tracestate (W3C Trace Context) and baggage, "" for none. Servers get them in
// _meta (SEP-414), in place of those that a client's own _meta has, and behind
// Streamable HTTP in headers too.
type Trace struct {
	Parent  string
	State   string
	Baggage string
}

// WithTrace returns a context whose requests belong to the trace. Its values are
// sent as they are: whoever took them from outside has checked them.
func WithTrace(ctx context.Context, t Trace) context.Context {
	return session.WithTrace(ctx, (*session.Trace)(&t))
}
