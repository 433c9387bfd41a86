package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/auth"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// maxBody bounds a request: a script of 256 KiB, its data, and the envelope.
const maxBody = 4 << 20

// Handler returns the gateway's HTTP face. The default view is at /mcp, which
// speaks Streamable HTTP in the sessions of 2025-11-25 and before and without
// sessions as of 2026-07-28, at /sse with /message (HTTP+SSE of 2024-11-05), and
// at /ws (WebSocket, subprotocol mcp); another view has its name behind each of
// them, as in /mcp/NAME. /healthz answers 200 while the process serves, and
// /status what the servers are doing, as JSON.
//
// Requests from web pages of other origins, and on a loopback address requests
// for any other host, are refused before anything else looks at them (DNS
// rebinding; transports page of the specification). With configured clients a
// bearer token is required.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	for path, handler := range map[string]func(*endpoint) http.Handler{
		"/mcp":     func(e *endpoint) http.Handler { return e.front },
		"/sse":     func(e *endpoint) http.Handler { return e.sse },
		"/message": func(e *endpoint) http.Handler { return e.sse },
		"/ws":      func(e *endpoint) http.Handler { return e.front.WebSocket() },
	} {
		route := g.authenticated(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			name := cmp.Or(r.PathValue("view"), config.DefaultView)
			e := g.endpoints.of(name)
			switch {
			case e == nil && g.ending():
				w.Header().Set("Retry-After", "5")
				http.Error(w, "the gateway is shutting down", http.StatusServiceUnavailable)
				return
			case e == nil:
				http.Error(w, "there is no view of this name", http.StatusNotFound)
				return
			}
			handler(e).ServeHTTP(w, r)
		}))
		mux.Handle(path, route)
		mux.Handle(path+"/{view}", route)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = fmt.Fprintln(w, "ok")
	})
	if g.opts().Status != nil {
		mux.Handle("GET /status", g.authenticated(http.HandlerFunc(g.serveStatus)))
	}
	return sameOrigin(mux)
}

// path is where a face of the endpoint is.
func (e *endpoint) path(face string) string {
	if e.name == config.DefaultView {
		return face
	}
	return face + "/" + url.PathEscape(e.name)
}

// serveStatus answers /status.
func (g *Gateway) serveStatus(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	_ = enc.Encode(g.opts().Status())
}

// authenticated requires a token as soon as there are clients to tell apart.
// The SDK ties each session to the user that the token names, so that no
// client can use the session of another.
func (g *Gateway) authenticated(next http.Handler) http.Handler {
	verify := func(_ context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
		c, ok := authenticate(g.opts().Clients, token)
		if !ok {
			return nil, auth.ErrInvalidToken
		}
		return &auth.TokenInfo{UserID: c.Name}, nil
	}
	require := auth.RequireBearerToken(verify, &auth.RequireBearerTokenOptions{AllowMissingExpiration: true})
	inner := require(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(g.opts().Clients) == 0 {
			next.ServeHTTP(w, r)
			return
		}
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
	if info == nil {
		return Anonymous()
	}
	return g.clientNamed(info.UserID)
}

// clientNamed returns the client that was authenticated under the name. One
// that has been taken out of the configuration since sees nothing any more.
func (g *Gateway) clientNamed(name string) Client {
	clients := g.opts().Clients
	for _, c := range clients {
		if c.Name == name {
			return c
		}
	}
	if len(clients) == 0 {
		return Anonymous()
	}
	return nobody()
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
