package streamable

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

const (
	// headerTime bounds the wait for the response headers of the stream that
	// nobody asked anything on: the SDK opens it during the handshake and would
	// wait for ever. Requests for results are bounded by their context.
	headerTime = 5 * time.Second
	// errorBody is how much of the body of a refusal is read, in bytes.
	errorBody = 64 << 10
)

const (
	sessionHeader = "Mcp-Session-Id"
	versionHeader = "Mcp-Protocol-Version"
)

// roundTripper carries the requests of one session.
type roundTripper struct {
	base   *http.Transport
	next   http.RoundTripper // base, or what comes before it
	server web.Server
	max    int64
	params *paramHeaders
	in     *session.Inbox

	ctx    context.Context // ends every request when the connection is closed
	cancel context.CancelFunc

	mu      sync.Mutex
	failure *web.StatusError  // of the last request, nil if it went well
	session map[string]string // the headers that say whose session it is
	lost    chan struct{}
}

func newRoundTripper(server web.Server, max int64, params *paramHeaders) *roundTripper {
	rt := &roundTripper{
		base: web.NewTransport(), server: server, max: max, params: params,
		session: map[string]string{}, lost: make(chan struct{}),
	}
	rt.next = server.Through(rt.base)
	rt.ctx, rt.cancel = context.WithCancel(context.Background())
	return rt
}

// close ends all requests under way.
func (rt *roundTripper) close() {
	rt.cancel()
	rt.base.CloseIdleConnections()
}

func (rt *roundTripper) lastFailure() *web.StatusError {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.failure
}

// note remembers how a request ended. What is refused for want of a credential is
// the reason for whatever the SDK tries next, and fails at.
func (rt *roundTripper) note(failure *web.StatusError) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if failure != nil && wantsCredential(rt.failure) && !wantsCredential(failure) {
		return
	}
	rt.failure = failure
}

func wantsCredential(failure *web.StatusError) bool {
	if failure == nil {
		return false
	}
	_, ok := errors.AsType[*web.CredentialError](failure.Err)
	return ok
}

// refused notes a request that was not made, or not looked at, for want of a
// credential.
func (rt *roundTripper) refused(err error, x *session.Exchange) {
	e, ok := errors.AsType[*web.CredentialError](err)
	if !ok {
		return
	}
	if !e.Forbidden {
		x.MarkUnsent()
	}
	rt.note(&web.StatusError{Err: err})
}

// lose says that the session is of no more use: there is no server, or it does
// not know it.
func (rt *roundTripper) lose(failure *web.StatusError) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	select {
	case <-rt.lost:
	default:
		rt.failure = failure
		close(rt.lost)
	}
}

// RoundTrip implements [http.RoundTripper].
func (rt *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	out, x, err := rt.outgoing(req)
	switch {
	case err != nil:
		return nil, err
	case out == nil: // a message that this protocol has no way for
		return response(req, http.StatusAccepted, nil), nil
	case req.Method == http.MethodGet && req.Header.Get("Last-Event-ID") == "":
		return rt.standing(out)
	case req.Method == http.MethodGet:
		return rt.resumed(out)
	case req.Method == http.MethodPost:
		return rt.post(out, x)
	default:
		return rt.send(out, 0)
	}
}

// response makes a response of ours.
func response(req *http.Request, status int, body []byte) *http.Response {
	resp := &http.Response{
		StatusCode: status, Status: fmt.Sprintf("%d %s", status, http.StatusText(status)),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Request: req,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
	if len(body) > 0 {
		resp.Header.Set("Content-Type", "application/json")
	}
	return resp
}

// outgoing returns req as it goes out: with the configured headers, and if it
// is one of ours, which the exchange tells, as the message it stands for. It
// returns no request for a cancellation where closing the stream is one.
func (rt *roundTripper) outgoing(req *http.Request) (*http.Request, *session.Exchange, error) {
	out := req.Clone(req.Context())
	rt.server.Dress(out)
	rt.remember(out.Header)
	if req.Method != http.MethodPost || req.Body == nil || session.ExchangeOf(req.Context()) == nil {
		return out, nil, nil
	}
	body, err := io.ReadAll(req.Body)
	_ = req.Body.Close()
	if err != nil {
		return nil, nil, err
	}
	text, x := rt.in.Recode(req.Context(), body)
	modern := session.Modern(out.Header.Get(versionHeader))
	if x == nil && modern && bytes.Contains(body, []byte(`"method":"notifications/cancelled"`)) {
		return nil, nil, nil
	}
	if x != nil {
		x.Trace(out.Header.Set)
		if modern {
			rt.name(out.Header, x)
		}
	}
	out.ContentLength = int64(len(text))
	out.Body = io.NopCloser(bytes.NewReader(text))
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	return out, x, nil
}

// remember keeps the headers of the session for the messages that we send
// ourselves.
func (rt *roundTripper) remember(h http.Header) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	for _, name := range []string{sessionHeader, versionHeader} {
		if v := h.Get(name); v != "" && rt.session[name] != v {
			rt.session[name] = v
		}
	}
}

// name sets the headers that repeat parts of the body (SEP-2243).
func (rt *roundTripper) name(h http.Header, x *session.Exchange) {
	h.Set("Mcp-Method", x.Method)
	name := x.Name()
	if name == "" {
		return
	}
	h.Set("Mcp-Name", encodeHeader(name))
	if x.Method == "tools/call" {
		rt.params.set(h, name, x)
	}
}

// send is the plain round trip, ended by the connection's end, and by limit
// if there are no headers until then and limit is not 0.
func (rt *roundTripper) send(req *http.Request, limit time.Duration) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	stop := context.AfterFunc(rt.ctx, func() { cancel(net.ErrClosed) })
	end := func() { stop(); cancel(nil) }
	if limit > 0 {
		t := time.AfterFunc(limit, func() { cancel(context.DeadlineExceeded) })
		defer t.Stop()
	}
	resp, err := rt.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		end()
		return nil, err
	}
	resp.Body = &endingBody{resp.Body, end}
	return resp, nil
}

// endingBody releases what its request holds when it is closed.
type endingBody struct {
	io.ReadCloser
	end func()
}

func (b *endingBody) Close() error {
	err := b.ReadCloser.Close()
	b.end()
	return err
}

// post sends a message. For a request of ours, errors that the SDK would take
// for the end of the session are returned as errors of this request.
func (rt *roundTripper) post(req *http.Request, x *session.Exchange) (*http.Response, error) {
	x.MarkSent()
	resp, err := rt.send(req, 0)
	if err != nil {
		if web.IsDial(err) {
			x.MarkUnsent()
			if req.Context().Err() == nil {
				rt.lose(&web.StatusError{Err: err})
			}
		}
		rt.refused(err, x)
		return nil, err
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return resp, nil // for the client above, which follows redirects or not
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return rt.refusal(req, resp, x)
	}
	rt.note(nil)
	switch kind := web.MediaType(resp); {
	case kind == "application/json":
		return rt.whole(resp, x)
	case kind == "text/event-stream":
		resp.Body = newEventBody(resp.Body, int(rt.max), rt.in, x)
		return resp, nil
	case x == nil && !isRequest(req):
		return resp, nil // the answer to a notification is of no interest
	default:
		_ = resp.Body.Close()
		return nil, fmt.Errorf("the server answered HTTP %d with %s instead of JSON", resp.StatusCode, orNothing(kind))
	}
}

// resumed continues a broken stream, where the server knows how to.
func (rt *roundTripper) resumed(req *http.Request) (*http.Response, error) {
	resp, err := rt.send(req, 0)
	if err == nil && resp.StatusCode == http.StatusOK && web.MediaType(resp) == "text/event-stream" {
		resp.Body = newEventBody(resp.Body, int(rt.max), rt.in, session.ExchangeOf(req.Context()))
	}
	return resp, err
}

// isRequest reports whether a message wants an answer: in what the SDK encodes
// the id comes first.
func isRequest(req *http.Request) bool {
	if req.GetBody == nil {
		return false
	}
	body, err := req.GetBody()
	if err != nil {
		return false
	}
	defer body.Close()
	const start = `{"jsonrpc":"2.0","id":`
	got := make([]byte, len(start))
	_, err = io.ReadFull(body, got)
	return err == nil && string(got) == start
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// whole reads a JSON body to its end, so that one over a limit fails its
// request and not the session.
func (rt *roundTripper) whole(resp *http.Response, x *session.Exchange) (*http.Response, error) {
	defer resp.Body.Close()
	body, err := readBody(resp, rt.max)
	if err != nil {
		return nil, err
	}
	if x == nil {
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return resp, nil
	}
	return rt.taken(resp, body, x)
}

func readBody(resp *http.Response, max int64) ([]byte, error) {
	body, ok, err := web.ReadBody(resp.Body, resp.ContentLength, max)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if !ok {
		return nil, &session.LimitError{What: "size", Limit: max, Unit: "bytes"}
	}
	return body, nil
}

var errOtherAnswer = errors.New("the server's answer is not that to the request")

// taken gives the SDK what is left to know of an answer to a request of ours.
func (rt *roundTripper) taken(resp *http.Response, body []byte, x *session.Exchange) (*http.Response, error) {
	messages, err := rt.in.TakeAll(body, x)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		r, ok := m.(*jsonrpc.Response)
		if !ok || !x.Answered() {
			continue
		}
		text, err := jsonrpc.EncodeMessage(r)
		if err != nil {
			return nil, err
		}
		out := response(resp.Request, http.StatusOK, text)
		if id := resp.Header.Get(sessionHeader); id != "" {
			out.Header.Set(sessionHeader, id)
		}
		return out, nil
	}
	return nil, errOtherAnswer
}
