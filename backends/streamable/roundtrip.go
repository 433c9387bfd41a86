package streamable

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

const (
	// headerTime bounds the wait for the response headers of a stream that
	// only carries notifications: the SDK opens it during the handshake and
	// would wait for ever. Requests for results are bounded by their context.
	headerTime = 5 * time.Second
	// errorBody is how much of the body of a refusal is read, in bytes.
	errorBody = 64 << 10
)

// StatusError is an HTTP request that the server refused.
type StatusError struct {
	Status int // as in net/http, or 0 for Err
	Err    error
}

func (e *StatusError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return fmt.Sprintf("the server answered HTTP %d %s", e.Status, http.StatusText(e.Status))
}

// Unwrap returns the error of a request that did not get as far as a status.
func (e *StatusError) Unwrap() error { return e.Err }

// roundTripper carries the requests of one session.
type roundTripper struct {
	base    *http.Transport
	host    string
	headers map[string]string
	agent   string
	max     int64
	params  *paramHeaders

	ctx    context.Context // ends every request when the connection is closed
	cancel context.CancelFunc

	mu      sync.Mutex
	failure *StatusError // of the last request, nil if it went well
	lost    chan struct{}
}

func newRoundTripper(u *url.URL, c Config, params *paramHeaders) *roundTripper {
	rt := &roundTripper{
		base: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			IdleConnTimeout:        90 * time.Second,
			MaxIdleConnsPerHost:    64, // a script may have that many calls under way
			MaxResponseHeaderBytes: 256 << 10,
		},
		host: u.Hostname(), headers: c.Headers, max: c.MaxMessage, params: params,
		agent: c.Session.ClientName + "/" + c.Session.ClientVersion, lost: make(chan struct{}),
	}
	rt.ctx, rt.cancel = context.WithCancel(context.Background())
	return rt
}

// close ends all requests under way.
func (rt *roundTripper) close() {
	rt.cancel()
	rt.base.CloseIdleConnections()
}

func (rt *roundTripper) lastFailure() *StatusError {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.failure
}

func (rt *roundTripper) note(failure *StatusError) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.failure = failure
}

// lose says that the server cannot be reached at all.
func (rt *roundTripper) lose(err error) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	select {
	case <-rt.lost:
	default:
		rt.failure = &StatusError{Err: err}
		close(rt.lost)
	}
}

// RoundTrip implements [http.RoundTripper].
func (rt *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	out, x, err := rt.outgoing(req)
	if err != nil {
		return nil, err
	}
	switch {
	case req.Method == http.MethodGet && req.Header.Get("Last-Event-ID") == "":
		return rt.standing(out)
	case req.Method == http.MethodPost:
		return rt.post(out, x)
	default:
		return rt.send(out, 0)
	}
}

// outgoing returns req as it goes out: with the configured headers, the real
// method name, and the headers that depend on it. The exchange is nil unless
// the request is one of ours; a notice that cancels one has its context too.
func (rt *roundTripper) outgoing(req *http.Request) (*http.Request, *session.Exchange, error) {
	out := req.Clone(req.Context())
	out.Header.Set("User-Agent", rt.agent)
	if strings.EqualFold(out.URL.Hostname(), rt.host) {
		for name, v := range rt.headers {
			switch name = http.CanonicalHeaderKey(name); {
			case name == "Host":
				out.Host = v
			case name == "Accept" || name == "Accept-Encoding" || strings.HasPrefix(name, "Content-") || strings.HasPrefix(name, "Mcp-"):
				// The protocol and the transport own these.
			default:
				out.Header.Set(name, v)
			}
		}
	}
	x := session.ExchangeOf(req.Context())
	if x == nil || req.Method != http.MethodPost || req.Body == nil {
		return out, nil, nil
	}
	body, err := io.ReadAll(req.Body)
	_ = req.Body.Close()
	if err != nil {
		return nil, nil, err
	}
	if private, ok := privateName(body); ok {
		// The method stands before the parameters in what the SDK encodes.
		body = bytes.Replace(body, []byte(`"`+private+`"`), []byte(`"`+x.Method+`"`), 1)
		if out.Header.Get("Mcp-Method") != "" {
			rt.name(out.Header, x)
		}
	} else {
		x = nil
	}
	out.ContentLength = int64(len(body))
	out.Body = io.NopCloser(bytes.NewReader(body))
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return out, x, nil
}

// name sets the headers that repeat parts of the body (SEP-2243).
func (rt *roundTripper) name(h http.Header, x *session.Exchange) {
	h.Set("Mcp-Method", x.Method)
	if x.Tool != "" {
		h.Set("Mcp-Name", encodeHeader(x.Tool))
		rt.params.set(h, x.Tool, x.Args)
	}
}

// privateName returns the message's method if it has another name on the wire.
func privateName(body []byte) (string, bool) {
	_, rest, ok := bytes.Cut(body, []byte(`"method":"`))
	if !ok {
		return "", false
	}
	name, _, ok := bytes.Cut(rest, []byte(`"`))
	return string(name), ok && session.WireMethod(string(name)) != string(name)
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
	resp, err := rt.base.RoundTrip(req.WithContext(ctx))
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
	var limit time.Duration
	if req.Header.Get("Mcp-Method") == "subscriptions/listen" {
		limit = headerTime
	}
	x.MarkSent()
	resp, err := rt.send(req, limit)
	if err != nil {
		if isDial(err) {
			x.MarkUnsent()
			if req.Context().Err() == nil {
				rt.lose(err)
			}
		}
		return nil, err
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return resp, nil // for the client above, which follows redirects or not
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return rt.refusal(req, resp, x)
	}
	rt.note(nil)
	switch mediaType(resp) {
	case "application/json":
		return rt.whole(resp, x)
	case "text/event-stream":
		var refuse func(error)
		if x != nil {
			refuse = x.Abort
		}
		resp.Body = newEventBody(resp.Body, int(rt.max), refuse)
		return resp, nil
	}
	if x == nil && !isRequest(req) {
		return resp, nil // the answer to a notification is of no interest
	}
	_ = resp.Body.Close()
	return nil, fmt.Errorf("the server answered HTTP %d with %s instead of JSON", resp.StatusCode, orNothing(mediaType(resp)))
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

// isDial reports whether err says that there was nobody to connect to.
func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

func mediaType(resp *http.Response) string {
	t, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return t
}

// whole reads a JSON body to its end, so that one over a limit fails its
// request and not the session.
func (rt *roundTripper) whole(resp *http.Response, x *session.Exchange) (*http.Response, error) {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, rt.max+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if int64(len(body)) > rt.max {
		return nil, &session.LimitError{What: "size", Limit: rt.max, Unit: "bytes"}
	}
	if err := checkMessage(body); x != nil && err != nil {
		return nil, err
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, nil
}

// checkMessage refuses a message that would end the session in the SDK.
func checkMessage(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil // the answer to a notification
	}
	if err := session.CheckDepth(text); err != nil {
		return err
	}
	if !json.Valid(text) {
		return errors.New("the server's answer is not valid JSON")
	}
	return nil
}

// refusal handles a status that is not 2xx.
func (rt *roundTripper) refusal(req *http.Request, resp *http.Response, x *session.Exchange) (*http.Response, error) {
	defer resp.Body.Close()
	failure := &StatusError{Status: resp.StatusCode}
	rt.note(failure)
	body, err := io.ReadAll(io.LimitReader(resp.Body, errorBody))
	if err != nil || checkMessage(body) != nil {
		body = nil
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	switch {
	case x == nil || isRPCError(body):
		return resp, nil
	case resp.StatusCode == http.StatusNotFound && req.Header.Get("Mcp-Session-Id") != "":
		// The server has forgotten the session, and so has not looked at the
		// request; the SDK is to end the session.
		x.MarkUnsent()
		return resp, nil
	}
	return nil, failure
}

func isRPCError(body []byte) bool {
	var m struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   json.RawMessage `json:"error"`
	}
	return json.Unmarshal(body, &m) == nil && m.Version == "2.0" && len(m.ID) > 0 && string(m.ID) != "null" && len(m.Error) > 0
}
