package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
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
	// ToolsChanged is called when the server says that its tools have changed.
	// It must not block.
	ToolsChanged func()
}

// Info is what a server says of itself.
type Info struct {
	Title, Version, Instructions string
	Protocol                     string // protocol version agreed on
	HasTools                     bool
}

// Session is one initialized session. Its methods are safe for concurrent use.
type Session struct {
	cs   *mcp.ClientSession
	info Info
	done chan struct{}
	err  error // why the session ended; valid once done is closed
}

// Open performs the handshake over t: the current protocol if the server
// speaks it, else the older one. Whatever t runs over stays the caller's to
// end, above all when Open fails. No capabilities are declared, so that servers
// neither ask questions that nobody can answer nor change what they do because
// of roots.
func Open(ctx context.Context, t mcp.Transport, o Options) (*Session, error) {
	client := mcp.NewClient(&mcp.Implementation{Name: o.ClientName, Version: o.ClientVersion}, &mcp.ClientOptions{
		Capabilities:   &mcp.ClientCapabilities{},
		MultiRoundTrip: &mcp.MultiRoundTripOptions{Disabled: true},
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) {
			if o.ToolsChanged != nil {
				o.ToolsChanged()
			}
		},
	})
	client.AddSendingMiddleware(boundProbe)
	if err := mcp.AddSendingCustomMethod[*listParams, *rawResult](client, listMethod); err != nil {
		return nil, err
	}
	if err := mcp.AddSendingCustomMethod[*callParams, *rawResult](client, callMethod); err != nil {
		return nil, err
	}
	cs, err := client.Connect(ctx, t, nil)
	if err != nil {
		return nil, withoutURL(err)
	}
	s := &Session{cs: cs, done: make(chan struct{}), info: infoOf(cs.InitializeResult())}
	go func() {
		defer close(s.done)
		s.err = cs.Wait()
	}()
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

func infoOf(r *mcp.InitializeResult) Info {
	if r == nil {
		return Info{}
	}
	i := Info{Instructions: r.Instructions, Protocol: r.ProtocolVersion}
	i.HasTools = r.Capabilities != nil && r.Capabilities.Tools != nil
	if r.ServerInfo != nil {
		i.Title, i.Version = r.ServerInfo.Title, r.ServerInfo.Version
	}
	return i
}

type listParams struct {
	mcp.ParamsBase
	Cursor string `json:"cursor,omitempty"`
}

type callParams struct {
	mcp.ParamsBase
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
}

// rawResult keeps the bytes of a result.
type rawResult struct {
	mcp.ResultBase
	raw json.RawMessage
}

func (r *rawResult) UnmarshalJSON(b []byte) error {
	r.raw = append(r.raw[:0], b...)
	return nil
}

// Info returns what the server said in the handshake.
func (s *Session) Info() Info { return s.info }

// List returns the ListToolsResult of one page, as it came over the wire.
func (s *Session) List(ctx context.Context, cursor string) (json.RawMessage, error) {
	x := &Exchange{Method: WireMethod(listMethod)}
	return send(ctx, s, listMethod, x, &listParams{Cursor: cursor})
}

// Call runs a tool and returns its CallToolResult as it came over the wire.
// args is a JSON object; nil stands for {}. When ctx ends, the server is told
// and Call returns at once. A call that fails without having reached the
// server fails with an error that is [ErrNotSent].
func (s *Session) Call(ctx context.Context, tool string, args json.RawMessage) (json.RawMessage, error) {
	if len(args) == 0 {
		args = json.RawMessage("{}")
	}
	x := &Exchange{Method: WireMethod(callMethod), Tool: tool, Args: args}
	return send(ctx, s, callMethod, x, &callParams{Name: tool, Arguments: args})
}

type paramsPtr[T any] interface {
	*T
	mcp.Params
}

func send[T any, P paramsPtr[T]](ctx context.Context, s *Session, method string, x *Exchange, p P) (json.RawMessage, error) {
	xctx, cancel := withExchange(ctx, x)
	defer cancel()
	r, err := mcp.CallCustomMethod[P, *rawResult](xctx, s.cs, method, p)
	if err == nil {
		return r.raw, CheckDepth(r.raw)
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
	err := s.cs.Close()
	<-s.done
	return err
}

// rejected is the code of the SDK's own "rejected by transport", which is no
// answer of a server.
const rejected = -32005

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
