package session

import (
	"context"
	"fmt"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// Inbox takes every message of one connection before the SDK sees it. Answers
// to our requests are kept as the bytes they are; notifications go to the
// clients whose requests they belong to, or to Options.Notice; questions are
// answered. The SDK gets answers alone: it would queue the rest without a bound.
type Inbox struct {
	o Options
	// reply sends one message to the server.
	reply func(ctx context.Context, text []byte) error

	ctx       context.Context // ends with the connection
	cancel    context.CancelFunc
	answering sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	lastToken int64
	requests  map[int64]*Exchange // that have been sent, by id
	tokens    map[int64]*Exchange // by progress token
	questions map[string]*question
	asks      int // questions there were
	refusing  int // goroutines that only say no
}

// NewInbox returns an Inbox whose own messages reply sends.
func NewInbox(o Options, reply func(ctx context.Context, text []byte) error) *Inbox {
	b := &Inbox{
		o: o, reply: reply,
		requests: map[int64]*Exchange{}, tokens: map[int64]*Exchange{}, questions: map[string]*question{},
	}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	return b
}

// Close ends the questions under way and waits for them.
func (b *Inbox) Close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.cancel()
	b.answering.Wait()
}

// begin registers a request about to be sent and returns its text.
func (b *Inbox) begin(id int64, x *Exchange) []byte {
	b.mu.Lock()
	x.id = id
	b.requests[id] = x
	b.mu.Unlock()
	text := make([]byte, 0, len(x.Params)+len(x.Method)+64)
	text = fmt.Appendf(text, `{"jsonrpc":"2.0","id":%d,"method":%q`, id, x.Method)
	if len(x.Params) > 0 {
		text = append(append(text, `,"params":`...), x.Params...)
	}
	return append(text, '}')
}

// end forgets a request, and the questions that only it allowed.
func (b *Inbox) end(x *Exchange) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.requests, x.id)
	delete(b.tokens, x.token)
	if x.peer == nil || len(b.questions) == 0 {
		return
	}
	last := true
	for _, other := range b.requests {
		last = last && !other.peer.same(x.peer)
	}
	for _, q := range b.questions {
		if q.on == x || q.on == nil && last && q.peer.same(x.peer) {
			q.cancel()
		}
	}
}

// Take takes one message. on is the request on whose own stream it came, nil
// for a stream that is not one request's. The message returned, if any, is for
// the SDK. The error is about text that is no message.
func (b *Inbox) Take(text []byte, on *Exchange) (jsonrpc.Message, error) {
	m, err := Parse(text)
	if err != nil {
		return nil, err
	}
	switch {
	case !m.call:
		return b.response(m)
	case m.ID == nil:
		b.notification(m, on)
	default:
		b.ask(m, on)
	}
	return nil, nil
}

// response hands the answer to one of our requests over and lets the SDK know;
// what answers a request of the SDK's own goes to it whole.
func (b *Inbox) response(m Message) (jsonrpc.Message, error) {
	id, ok := number(m.ID)
	if !ok {
		return nil, nil // for nobody: we send no other ids
	}
	rid, err := jsonrpc.MakeID(float64(id))
	if err != nil {
		return nil, err
	}
	if x := b.answered(id, m); x != nil {
		return &jsonrpc.Response{ID: rid, Error: takenError{}}, nil
	}
	if m.Error != nil {
		return &jsonrpc.Response{ID: rid, Error: rpcError(m.Error)}, nil
	}
	return &jsonrpc.Response{ID: rid, Result: m.Result}, nil
}

// takenError is the SDK's answer to a request that has its own already: the SDK
// would decode a result, with a buffer of 32 KiB for it.
type takenError struct{}

func (takenError) Error() string { return "taken" }

// answered gives a request of ours its answer and returns it; nil if id is none
// of ours, or has been answered.
func (b *Inbox) answered(id int64, m Message) *Exchange {
	b.mu.Lock()
	defer b.mu.Unlock()
	x := b.requests[id]
	if x == nil {
		return nil
	}
	delete(b.requests, id)
	if m.Error != nil {
		x.err = rpcError(m.Error)
	} else {
		x.result = m.Result
	}
	x.answered.Store(true)
	return x
}
