package gateway

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// modernEra is the first protocol version without sessions; it is served by
// another handler of the SDK than the versions before it.
const modernEra = "2026-07-28"

// maxBody bounds a request: a script of 256 KiB, its data, and the envelope.
const maxBody = 4 << 20

// sessionTimeout ends sessions of clients that went away without a word. One
// that comes back later is answered 404 and starts a new session, as the
// specification demands and Codex does (2025-11-25, basic/transports).
const sessionTimeout = 30 * time.Minute

// Handler returns the gateway's HTTP face: /mcp speaks Streamable HTTP in the
// sessions of 2025-11-25 and before and without sessions as of 2026-07-28;
// /healthz answers 200 while the process serves.
//
// Requests from web pages of other origins, and on a loopback address requests
// for any other host, are refused before anything else looks at them (DNS
// rebinding; transports page of the specification). With configured clients a
// bearer token is required.
func (g *Gateway) Handler() http.Handler {
	logger := g.opts.Logger
	pick := func(r *http.Request) *mcp.Server { return g.servers.of(g.clientOf(r.Context())) }
	stateful := mcp.NewStreamableHTTPHandler(pick, &mcp.StreamableHTTPOptions{
		MaxRequestBodyBytes: maxBody, SessionTimeout: sessionTimeout, Logger: logger,
	})
	stateless := mcp.NewStreamableHTTPHandler(pick, &mcp.StreamableHTTPOptions{
		MaxRequestBodyBytes: maxBody, Stateless: true, PropagateRequestCancellation: true, Logger: logger,
	})
	endpoint := g.authenticated(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("MCP-Protocol-Version") >= modernEra {
			stateless.ServeHTTP(w, r)
			return
		}
		g.ending(stateful).ServeHTTP(w, r)
	}))

	mux := http.NewServeMux()
	mux.Handle("/mcp", endpoint)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = fmt.Fprintln(w, "ok")
	})
	return sameOrigin(mux)
}

// authenticated requires a token as soon as there are clients to tell apart.
// The SDK ties each session to the user that the token names, so that no
// client can use the session of another.
func (g *Gateway) authenticated(next http.Handler) http.Handler {
	if len(g.opts.Clients) == 0 {
		return next
	}
	verify := func(_ context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
		c, ok := authenticate(g.opts.Clients, token)
		if !ok {
			return nil, auth.ErrInvalidToken
		}
		return &auth.TokenInfo{UserID: c.Name}, nil
	}
	require := auth.RequireBearerToken(verify, &auth.RequireBearerTokenOptions{AllowMissingExpiration: true})
	inner := require(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner.ServeHTTP(&challenger{ResponseWriter: w}, r)
	})
}

// challenger names the scheme in every 401 (RFC 9110, 11.6.1), which the SDK
// does only where it has metadata to point to.
type challenger struct{ http.ResponseWriter }

func (c *challenger) WriteHeader(status int) {
	if status == http.StatusUnauthorized && c.Header().Get("WWW-Authenticate") == "" {
		c.Header().Set("WWW-Authenticate", "Bearer")
	}
	c.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController flush streams through the wrapper.
func (c *challenger) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// Flush implements http.Flusher for code that asks for it directly.
func (c *challenger) Flush() {
	_ = http.NewResponseController(c.ResponseWriter).Flush()
}

func (g *Gateway) clientOf(ctx context.Context) Client {
	info := auth.TokenInfoFromContext(ctx)
	for _, c := range g.opts.Clients {
		if info != nil && c.Name == info.UserID {
			return c
		}
	}
	return Anonymous()
}

// sameOrigin refuses requests that a web page elsewhere could have caused.
func sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if onLoopback(r) && !isLoopbackHost(r.Host) {
			http.Error(w, "this gateway serves localhost only: foreign Host header", http.StatusForbidden)
			return
		}
		if o := r.Header.Get("Origin"); o != "" && !originMatches(o, r.Host) {
			http.Error(w, "requests from web pages of another origin are refused", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// onLoopback reports whether the request came in at a loopback address of this
// machine. A request without a local address was not received by net/http's
// server, as in tests; it is held to the stricter rule.
func onLoopback(r *http.Request) bool {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return true
	}
	ap, err := netip.ParseAddrPort(addr.String())
	return err != nil || ap.Addr().Unmap().IsLoopback()
}

func isLoopbackHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// originMatches reports whether a page of that origin may talk to this host:
// it is the same host and port, or both are on this machine.
func originMatches(origin, host string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	if strings.EqualFold(u.Host, host) {
		return true
	}
	return isLoopbackHost(u.Host) && isLoopbackHost(host)
}
