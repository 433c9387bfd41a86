package gateway

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/internal/loopback"
)

// maxBody bounds a request: a script of 256 KiB, its data, and the envelope.
const maxBody = 4 << 20

// Handler returns the gateway's HTTP face. The default view is at /mcp, which
// speaks Streamable HTTP in the sessions of 2025-11-25 and before and without
// sessions as of 2026-07-28, at /sse with /message (HTTP+SSE of 2024-11-05), and
// at /ws (WebSocket, subprotocol mcp); another view has its name behind each of
// them, as in /mcp/NAME. /healthz answers 200 while the process serves, and
// /status what the servers are doing, as JSON; /metrics has the metrics where
// they are wanted so.
//
// Requests from web pages of other origins, and on a loopback address requests
// for any other host, are refused before anything else looks at them (DNS
// rebinding; transports page of the specification). With configured clients or
// issuers, callers have to say who they are; /.well-known/oauth-protected-resource
// tells them where to log in.
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
	mux.HandleFunc("GET "+identity.MetadataPath, g.serveMetadata)
	mux.HandleFunc("GET "+identity.MetadataPath+"/{path...}", g.serveMetadata)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = fmt.Fprintln(w, "ok")
	})
	if g.opts().Status != nil {
		mux.Handle("GET /status", g.authenticated(http.HandlerFunc(g.serveStatus)))
	}
	if metrics := g.opts().Telemetry.Handler(); metrics != nil {
		mux.Handle("GET /metrics", g.authenticated(g.metered(metrics)))
	}
	return g.sameOrigin(mux)
}

// path is where a face of the endpoint is.
func (e *endpoint) path(face string) string {
	if e.name == config.DefaultView {
		return face
	}
	return face + "/" + url.PathEscape(e.name)
}

// serveStatus answers /status: with what the client may see.
func (g *Gateway) serveStatus(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	_ = enc.Encode(g.opts().Status(g.sight(g.now.Load().clients.of(whoIn(r)))))
}

// sight is which servers a client sees, and how many of their tools; nil for
// one that sees everything.
func (g *Gateway) sight(c Client) func(server string) (tools int, ok bool) {
	if !c.limited() {
		return nil
	}
	seen := make(map[string]int)
	absent := g.opts().absent()
	for _, s := range g.opts().Tools.Catalogue().Servers {
		if c.rules.Reaches(s.Name) && c.mayUse(s, config.View{}, absent) {
			seen[s.Name] = 0
		}
		for _, t := range s.Tools {
			if c.allows(t.ID) {
				seen[s.Name]++
			}
		}
	}
	return func(server string) (int, bool) {
		n, ok := seen[server]
		return n, ok
	}
}

// sameOrigin refuses requests that a web page elsewhere could have caused.
func (g *Gateway) sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if onLoopback(r) && !loopback.Host(r.Host) && !g.opts().Identities.Called(r.Host) {
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

// originMatches reports whether a page of that origin may talk to this host:
// it is the same host and port, or both are on this machine.
func originMatches(origin, host string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	if strings.EqualFold(u.Host, host) {
		return true
	}
	return loopback.Host(u.Host) && loopback.Host(host)
}
