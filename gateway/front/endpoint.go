package front

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// codeBusy is for the client that asks for too much at once. It is outside of
// the range that JSON-RPC and the specification keep for themselves.
const codeBusy = -31429

// Options is what an [Endpoint] can be told; zero values are sensible.
type Options struct {
	// Identify says who a request, which is authenticated already, is of. A
	// session is found only by who opened it. nil: everyone is "".
	Identify func(*http.Request) string
	// MaxBody bounds a message; 4 MiB.
	MaxBody int64
	// MaxDepth bounds how deep it nests; 256.
	MaxDepth int
	// MaxNodes bounds how many values it holds; 500,000.
	MaxNodes int
	// MaxSessions bounds the sessions over HTTP, and other connections; 10,000
	// each. Above it, of the client that has the most, the session or connection
	// that is idle longest is ended; a connection only for a client with fewer.
	MaxSessions int
	// SessionTimeout ends a session that is idle and has no stream; 30 minutes.
	SessionTimeout time.Duration
	// MaxInFlight bounds the requests under way in one session; 256.
	MaxInFlight int
	// Patience is how long an answer may take until its response becomes an
	// event stream, which proxies and clients keep open; 1 s.
	Patience time.Duration
	// KeepAlive is how often a quiet stream gets a comment; 15 s.
	KeepAlive time.Duration
	// WriteTimeout is how long a client may take to read what is written to
	// it before it is cut off; 30 s.
	WriteTimeout time.Duration
	// Observe is told of each request before it is answered. The context that it
	// returns is the request's from then on, and ended, unless it is nil, is told
	// the answer. nil is told nothing.
	Observe func(ctx context.Context, r *Request) (_ context.Context, ended func(result json.RawMessage, err *Error))
	// Logger gets what nobody else is told; nil discards it.
	Logger *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Identify == nil {
		o.Identify = func(*http.Request) string { return "" }
	}
	o.MaxBody = cmp.Or(o.MaxBody, 4<<20)
	o.MaxDepth = cmp.Or(o.MaxDepth, 256)
	o.MaxNodes = cmp.Or(o.MaxNodes, 500_000)
	o.MaxSessions = cmp.Or(o.MaxSessions, 10_000)
	o.SessionTimeout = cmp.Or(o.SessionTimeout, 30*time.Minute)
	o.MaxInFlight = cmp.Or(o.MaxInFlight, 256)
	o.Patience = cmp.Or(o.Patience, time.Second)
	o.KeepAlive = cmp.Or(o.KeepAlive, 15*time.Second)
	o.WriteTimeout = cmp.Or(o.WriteTimeout, 30*time.Second)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Endpoint is one MCP server, over any number of transports at once.
type Endpoint struct {
	handler Handler
	o       Options

	// drain ends when the endpoint begins to close, ctx when it has to be
	// closed: whatever goes on ends by then.
	drain, ctx        context.Context
	stopDrain, cancel context.CancelFunc

	mu      sync.Mutex
	closing bool
	active  int // what has entered
	wg      sync.WaitGroup
	held    *held

	sessions *table
	conns    *crowd
	requests atomic.Uint64
	info     func() json.RawMessage
}

// New returns an endpoint that h answers for. [Endpoint.Close] ends it.
func New(h Handler, o Options) *Endpoint {
	e := &Endpoint{handler: h, o: o.withDefaults(), held: newHeld()}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	e.drain, e.stopDrain = context.WithCancel(e.ctx)
	e.sessions, e.conns = newTable(e.o.MaxSessions, e.o.SessionTimeout), newCrowd(e.o.MaxSessions)
	e.info = sync.OnceValue(func() json.RawMessage {
		d := h.Describe(&Caller{Protocol: firstModern})
		return d.serverInfo()
	})
	return e
}

func (e *Endpoint) requestID() string {
	return strconv.FormatUint(e.requests.Add(1), 10)
}

// enter counts something in that Close waits for, unless the endpoint closes.
func (e *Endpoint) enter() bool { return e.admit(false) }

// admit is enter for what may be late: a message may be the answer that a
// request under way waits for, and is let in as long as there are any.
func (e *Endpoint) admit(late bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing && (!late || e.active == 0) {
		return false
	}
	e.active++
	e.wg.Add(1)
	return true
}

func (e *Endpoint) leave() {
	e.mu.Lock()
	e.active--
	e.mu.Unlock()
	e.wg.Done()
}

// spawn runs f for something that has entered.
func (e *Endpoint) spawn(f func()) { e.wg.Go(f) }

// lingering is how long Close waits for handlers that ignore their context.
const lingering = 5 * time.Second

// Close ends sessions and streams. Requests under way, and what is held
// ([Endpoint.Hold]), may go on until ctx ends; then their contexts end. It returns when nothing of the endpoint
// runs any more, and can be called twice.
func (e *Endpoint) Close(ctx context.Context) error {
	e.mu.Lock()
	e.closing = true
	e.mu.Unlock()
	e.stopDrain()
	done := make(chan struct{})
	go func() {
		e.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	e.sessions.close()
	e.cancel()
	select {
	case <-done:
		return nil
	case <-time.After(lingering):
		return errors.New("close the endpoint: requests are still under way, though their contexts have ended")
	}
}
