package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// probeTimeout bounds the server/discover probe. Some servers of the older
// protocol leave an unknown request unanswered, and the SDK would wait for the
// whole start timeout before it tried initialize.
const probeTimeout = 5 * time.Second

const probeMethod = "server/discover"

// Options configure a session.
type Options struct {
	ClientName    string
	ClientVersion string
	// Notice gets the notifications that belong to no request: lists that have
	// changed, resources that were updated, elicitations that are complete, and
	// log messages while no request is under way. It must not block.
	Notice func(method string, params json.RawMessage)
	// Ask are the capabilities declared, so that the server may ask for them:
	// "elicitation", "sampling"; nil for both.
	Ask []string
	// Legacy leaves out the question whether the server speaks the current
	// protocol, for transports that belong to the older one.
	Legacy bool
	// Roots are URIs that the server is told when it asks; none declares no roots.
	Roots []string
}

// Session is one initialized session. Its methods are safe for concurrent use.
type Session struct {
	cs   *mcp.ClientSession
	o    Options
	in   *Inbox
	info Info
	// identity is the part of _meta that is the same in every request.
	identity string
	level    logLevel

	done chan struct{}
	err  error // why the session ended; valid once done is closed

	ctx       context.Context // ends with the session
	cancel    context.CancelFunc
	listening sync.WaitGroup
	topics    topics
}

// Open performs the handshake over t: the current protocol if the server
// speaks it, else the older one. in gets every message that t reads. Whatever t
// runs over stays the caller's to end, above all when Open fails.
func Open(ctx context.Context, t mcp.Transport, in *Inbox) (*Session, error) {
	o := in.o
	client := mcp.NewClient(&mcp.Implementation{Name: o.ClientName, Version: o.ClientVersion}, &mcp.ClientOptions{
		Capabilities:   o.declared(),
		MultiRoundTrip: &mcp.MultiRoundTripOptions{Disabled: true},
	})
	client.AddSendingMiddleware(boundProbe)
	if err := mcp.AddSendingCustomMethod[*noParams, *noResult](client, requestMethod); err != nil {
		return nil, err
	}
	var version mcp.ClientSessionOptions
	if o.Legacy {
		version.ProtocolVersion = lastLegacy
	}
	cs, err := client.Connect(ctx, t, &version)
	if err != nil {
		in.Close()
		return nil, withoutURL(err)
	}
	s := &Session{cs: cs, o: o, in: in, done: make(chan struct{}), info: infoOf(cs.InitializeResult())}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.identity = quote(metaVersion) + ":" + quote(s.info.Protocol) + "," +
		quote(metaClient) + `:{"name":` + quote(o.ClientName) + `,"version":` + quote(o.ClientVersion) + "}"
	go func() {
		defer close(s.done)
		s.err = cs.Wait()
		s.cancel()
		in.cancel()
	}()
	s.listenToLists(ctx)
	return s, nil
}

func boundProbe(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		if method == probeMethod {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, probeTimeout)
			defer cancel()
		}
		return next(ctx, method, req)
	}
}

// noParams stands for the parameters of a request, which go along in its
// exchange: the SDK would decode and encode them again.
type noParams struct {
	mcp.ParamsBase
}

// GetMeta returns what keeps the SDK from adding to _meta: it is there already.
func (*noParams) GetMeta() map[string]any {
	return map[string]any{metaVersion: nil, metaClient: nil, metaCan: nil}
}

// SetMeta does nothing.
func (*noParams) SetMeta(map[string]any) {}

// noResult stands for the result of a request, which its exchange has.
type noResult struct {
	mcp.ResultBase
}

// UnmarshalJSON does nothing.
func (*noResult) UnmarshalJSON([]byte) error { return nil }

// Request sends one request and returns its result as it came over the wire.
// params is a JSON object or nil. When ctx ends, the server is told and Request
// returns at once. A request that fails without having reached the server fails
// with an error that is [ErrNotSent].
func (s *Session) Request(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	if Modern(s.info.Protocol) {
		switch method {
		case "resources/subscribe", "resources/unsubscribe":
			return s.subscribe(ctx, String(Member(params, "uri")), method == "resources/subscribe")
		}
	}
	x := &Exchange{Method: method, peer: PeerOf(ctx), trace: traceOf(ctx), moved: progressOf(ctx)}
	s.lowerLogLevel(ctx, x.peer)
	return s.exchange(ctx, x, params)
}

func (s *Session) exchange(ctx context.Context, x *Exchange, params json.RawMessage) (json.RawMessage, error) {
	if err := s.prepare(x, params); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	xctx, cancel := withExchange(ctx, x)
	defer cancel()
	defer s.in.end(x)
	_, err := mcp.CallCustomMethod[*noParams, *noResult](xctx, s.cs, requestMethod, &noParams{})
	if x.answered.Load() {
		if x.err == nil {
			return x.result, nil
		}
		return nil, x.err
	}
	if cause := context.Cause(xctx); cause != nil && ctx.Err() == nil {
		err = cause
	}
	err = plain(err)
	if !x.sent.Load() {
		err = fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	return nil, err
}

// ErrCutOff is an answer that ended before it was complete.
var ErrCutOff = errors.New("the connection ended before the server's answer")

// CutOff returns [ErrCutOff] for a request that failed because its connection
// has ended, and with it that it was not sent, if err says so.
func CutOff(err error) error {
	if errors.Is(err, ErrNotSent) {
		return fmt.Errorf("%w: %w", ErrNotSent, ErrCutOff)
	}
	return ErrCutOff
}

// plain removes what the SDK wraps around errors and is of no use to anyone
// who does not know it.
func plain(err error) error {
	err = withoutURL(err)
	if strings.HasPrefix(err.Error(), "calling ") {
		if inner := errors.Unwrap(err); inner != nil {
			err = inner
		}
	}
	// The SDK has no value for this one.
	if err.Error() == "request terminated without response" {
		return ErrCutOff
	}
	return err
}

// withoutURL returns what a url.Error in err's chain wraps, or err: the text of
// one has the whole URL, which may hold a secret.
func withoutURL(err error) error {
	if ue, ok := errors.AsType[*url.Error](err); ok {
		return ue.Err
	}
	return err
}

// ErrNotSent marks the error of a request that surely had no effect: no byte
// of it reached the server, or the server refused it unread.
var ErrNotSent = errors.New("the request was not sent")

// Done is closed when the session has ended, for whatever reason.
func (s *Session) Done() <-chan struct{} { return s.done }

// Err returns why the session ended. It is for after Done.
func (s *Session) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Close ends the session and waits for requests under way; whoever wants it
// bounded closes the transport too.
func (s *Session) Close() error {
	s.topics.mu.Lock()
	s.topics.closed = true
	s.topics.mu.Unlock()
	s.cancel()
	s.listening.Wait()
	err := s.cs.Close()
	<-s.done
	s.in.Close()
	return err
}

// rejected is the code of the SDK's own "rejected by transport", which is no
// answer of a server.
const rejected = -32005

// Rejected returns err as a transport returns it from Write for one message
// that cannot be sent: without the mark, the SDK would take the connection for
// broken.
func Rejected(err error) error {
	return &rejectedError{&jsonrpc.Error{Code: rejected, Message: "rejected by transport"}, err}
}

type rejectedError struct {
	mark *jsonrpc.Error
	err  error
}

func (e *rejectedError) Error() string { return e.err.Error() }

func (e *rejectedError) Unwrap() []error { return []error{e.mark, e.err} }

// CodeHeaderMismatch is the error of a server that has not looked at a request
// because its headers do not repeat what is in it.
const CodeHeaderMismatch = mcp.CodeHeaderMismatch

// ServerError returns the JSON-RPC error that the server answered with, if
// that is what err is.
func ServerError(err error) (*jsonrpc.Error, bool) {
	var e *jsonrpc.Error
	if !errors.As(err, &e) || e.Code == rejected && e.Message == "rejected by transport" {
		return nil, false
	}
	return e, true
}

// Closed reports whether err says that the session ended before an answer.
func Closed(err error) bool { return errors.Is(err, mcp.ErrConnectionClosed) }
