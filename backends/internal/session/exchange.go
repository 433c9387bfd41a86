package session

import (
	"context"
	"strings"
	"sync/atomic"
)

// private marks the method names that exist between Session and transport
// only. No server can see it: every transport removes it.
const private = "bindery/"

const (
	listMethod = private + "tools/list"
	callMethod = private + "tools/call"
)

// WireMethod returns the method name to put on the wire for one that the SDK
// hands to a transport.
func WireMethod(method string) string { return strings.TrimPrefix(method, private) }

// Exchange is what a transport and the caller of one request tell each other
// besides the message: it travels in the request's context, through the SDK.
type Exchange struct {
	// Method is the wire name of the request, Tool the tool it calls, if any,
	// and Args that tool's arguments.
	Method string
	Tool   string
	Args   []byte

	sent  atomic.Bool
	abort context.CancelCauseFunc
}

// MarkSent notes that the request may reach the server from now on. A
// transport calls it before it writes the first byte.
func (x *Exchange) MarkSent() {
	if x != nil {
		x.sent.Store(true)
	}
}

// MarkUnsent takes MarkSent back, for a transport that knows that no byte was
// written, or that the server has refused to look at the request.
func (x *Exchange) MarkUnsent() {
	if x != nil {
		x.sent.Store(false)
	}
}

// Abort ends the request with err. It returns at once and may be called from
// any goroutine, also after the request has ended.
func (x *Exchange) Abort(err error) {
	if x != nil {
		x.abort(err)
	}
}

type exchangeKey struct{}

// ExchangeOf returns the exchange that ctx belongs to, or nil, whose methods
// do nothing.
func ExchangeOf(ctx context.Context) *Exchange {
	x, _ := ctx.Value(exchangeKey{}).(*Exchange)
	return x
}

func withExchange(ctx context.Context, x *Exchange) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	x.abort = cancel
	return context.WithValue(ctx, exchangeKey{}, x), func() { cancel(nil) }
}
