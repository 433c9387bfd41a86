package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Server is one server as HTTP knows it.
type Server struct {
	URL *url.URL
	// Headers go to the host of URL only.
	Headers map[string]string
	Agent   string // User-Agent
	// Auth gives requests to the origin of URL their Authorization; nil for none.
	Auth Authorizer
}

// NewTransport returns a transport for one server.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer().DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    64, // a script may have that many calls under way
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// Dress adds the configured headers to a request, if it goes to the configured
// host. What the protocol and the transport need for themselves is left alone.
func (s Server) Dress(r *http.Request) {
	r.Header.Set("User-Agent", s.Agent)
	if !strings.EqualFold(r.URL.Hostname(), s.URL.Hostname()) {
		return
	}
	for name, v := range s.Headers {
		switch name = http.CanonicalHeaderKey(name); {
		case name == "Host":
			r.Host = v
		case name == "Accept" || name == "Accept-Encoding" || strings.HasPrefix(name, "Content-") ||
			strings.HasPrefix(name, "Mcp-") || strings.HasPrefix(name, "Sec-Websocket-") || name == "Upgrade" || name == "Connection":
		default:
			r.Header.Set(name, v)
		}
	}
}

// Client returns a client whose requests are all dressed, and that follows
// redirects on the same host only.
func (s Server) Client(t *http.Transport) *http.Client {
	return &http.Client{Transport: dresser{s, s.Through(t)}, CheckRedirect: SameHost}
}

type dresser struct {
	server Server
	base   http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (d dresser) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	d.server.Dress(out)
	return d.base.RoundTrip(out)
}

// SameHost refuses redirects that leave the host or its encryption: a session
// and its arguments are not for whoever a server points to. It is for
// http.Client.CheckRedirect.
func SameHost(req *http.Request, via []*http.Request) error {
	from, to := via[0].URL, req.URL
	if !strings.EqualFold(from.Hostname(), to.Hostname()) || from.Scheme == "https" && to.Scheme != "https" {
		return fmt.Errorf("the server redirects to %s://%s; if that is right, put it into the configuration", to.Scheme, to.Host)
	}
	if len(via) >= 5 {
		return errors.New("the server redirects in a circle")
	}
	return nil
}

// SameOrigin reports whether two URLs have the same scheme, host and port.
func SameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

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

// IsDial reports whether err says that there was nobody to connect to.
func IsDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// MediaType returns the content type of a response without its parameters.
func MediaType(resp *http.Response) string {
	t, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return t
}

// ReadBody reads a body of at most max bytes; ok is false if there are more.
// size is the length that was announced, below zero for none. It never holds
// much more than max, whatever a body is compressed from.
func ReadBody(r io.Reader, size, max int64) (body []byte, ok bool, err error) {
	body = make([]byte, 0, min(firstRead, max+1))
	if size >= 0 && size <= max {
		body = make([]byte, 0, size+1)
	}
	for {
		if len(body) == cap(body) {
			larger := make([]byte, len(body), min(2*int64(cap(body)), max+1))
			copy(larger, body)
			body = larger
		}
		n, err := r.Read(body[len(body):cap(body)])
		if body = body[:len(body)+n]; int64(len(body)) > max {
			return nil, false, nil
		}
		if errors.Is(err, io.EOF) {
			return body, true, nil
		}
		if err != nil {
			return nil, true, err
		}
	}
}

// firstRead is what is read of a body of unknown length at first.
const firstRead = 4 << 10

// Unanswered is the error of a handshake that ctx has ended.
func Unanswered(ctx context.Context) error {
	return fmt.Errorf("no answer to the handshake: %w", context.Cause(ctx))
}
