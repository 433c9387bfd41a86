package session

import (
	"context"
	"encoding/json"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// requestMethod is the one method that the SDK sends for us: it gives the
// request an id, waits for the answer and cancels. No server sees the name.
const requestMethod = "bindery/request"

// Exchange is what a transport and the caller of one request tell each other
// besides the message: it travels in the request's context, through the SDK.
type Exchange struct {
	// Method and Params are the request's own.
	Method string
	Params json.RawMessage

	peer     *Peer
	trace    *Trace
	token    int64           // the progress token sent, 0 for none
	theirs   json.RawMessage // the token that the caller knows it by
	moved    func()          // is told of progress, too; may be nil
	standing bool            // its stream carries what belongs to no request
	granted  chan struct{}   // closed when the server has acknowledged a standing one

	id     int64 // 0 until it is sent
	result json.RawMessage
	err    *jsonrpc.Error

	sent     atomic.Bool
	answered atomic.Bool
	abort    context.CancelCauseFunc
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

// Answered reports whether the answer has been taken. It is for the transport
// that has just taken it.
func (x *Exchange) Answered() bool { return x.answered.Load() }

// Name returns what the request is about, as headers repeat it (2026-07-28
// basic/transports/streamable-http, "Standard headers"; for tasks, the
// extension's "Routing Headers"): a tool, a prompt, a resource or a task.
func (x *Exchange) Name() string {
	switch x.Method {
	case "tools/call", "prompts/get":
		return String(Member(x.Params, "name"))
	case "resources/read":
		return String(Member(x.Params, "uri"))
	case "tasks/get", "tasks/update", "tasks/cancel":
		return String(Member(x.Params, "taskId"))
	}
	return ""
}

// Args returns the arguments of a tool call.
func (x *Exchange) Args() json.RawMessage { return Member(x.Params, "arguments") }

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
