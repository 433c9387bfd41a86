package identity

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"github.com/bindery-mcp/bindery/internal/loopback"
)

// Bounds on what is asked of an issuer, and on its answers. Anybody can send a
// token with the name of a key that is not known, and each is a reason to ask.
const (
	fetchTime  = 5 * time.Second
	fetchBytes = 1 << 20
	fetchEvery = 5 * time.Second
	fetchBurst = 6
	redirects  = 3
)

var (
	// errFetch is in the errors of keys that could not be fetched.
	errFetch = errors.New("the issuer did not answer as it should")
	// errTooOften is an errFetch for not having asked.
	errTooOften = fmt.Errorf("%w: it was asked a moment ago", errFetch)
)

// newWeb returns a client for one issuer. Connections are not kept: keys are
// fetched once in minutes.
func newWeb() *http.Client {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: fetchTime, ResponseHeaderTimeout: fetchTime, MaxResponseHeaderBytes: 64 << 10,
	}
	return &http.Client{
		Timeout:   fetchTime,
		Transport: &bounded{next: transport, rate: rate.NewLimiter(rate.Every(fetchEvery), fetchBurst)},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > redirects || !loopback.Secure(r.URL.String()) {
				return errors.New("it redirects too far, or to a place without TLS")
			}
			return nil
		},
	}
}

// bounded is a transport that bounds answers and how often it is used.
type bounded struct {
	next http.RoundTripper
	rate *rate.Limiter
}

// RoundTrip implements [http.RoundTripper].
func (b *bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if !b.rate.Allow() {
		return nil, errTooOften
	}
	resp, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFetch, err)
	}
	if resp.StatusCode >= http.StatusBadRequest {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("%w: %s", errFetch, resp.Status)
	}
	resp.Body = &boundedBody{resp.Body, fetchBytes}
	return resp, nil
}

// boundedBody fails once there are more bytes than there may be.
type boundedBody struct {
	io.ReadCloser

	left int64
}

// Read implements [io.Reader].
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("%w: it is longer than %d bytes", errFetch, fetchBytes)
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
