package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery/gateway/identity"
)

// whoKey is where the identity of a request is in its context.
type whoKey struct{}

// whoIn returns the identity of a request that [Gateway.authenticated] let
// pass.
func whoIn(r *http.Request) string {
	if who, ok := r.Context().Value(whoKey{}).(string); ok {
		return who
	}
	return "anonymous"
}

// authenticated lets those pass who say who they are, as soon as there is
// anybody to tell apart. The front ties each session to the identity of the
// request that opened it, so that no client can use the session of another.
func (g *Gateway) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.now.Load().clients.open {
			next.ServeHTTP(w, r)
			return
		}
		who, err := g.identify(r)
		if err != nil {
			g.challenge(w, r, err)
			return
		}
		ctx := context.WithValue(r.Context(), whoKey{}, who.String())
		if lasts(r) {
			var stop func()
			ctx, stop = g.whileKnown(ctx, r, who)
			defer stop()
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (g *Gateway) identify(r *http.Request) (identity.Identity, error) {
	if a := g.opts().Identities; a != nil {
		return a.Identify(r)
	}
	return identity.Identity{}, &identity.RefusedError{Reason: identity.Missing, Err: errors.New("nobody is let in: no client has a token")}
}

// lasts reports whether the request is for a stream, which may be open for much
// longer than who opened it is known.
func lasts(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Header.Get("Mcp-Method") == "subscriptions/listen"
}

// again is how often the gateway asks whether the owner of a stream would still
// be let in.
const again = 30 * time.Second

// whileKnown returns a context that ends once the request would be refused: its
// token has expired or was revoked, or its client is not configured any more.
func (g *Gateway) whileKnown(ctx context.Context, r *http.Request, who identity.Identity) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(again)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			now, err := g.identify(r)
			if refused, ok := errors.AsType[*identity.RefusedError](err); ok && refused.Reason == identity.Unavailable {
				continue
			}
			if err != nil || now.String() != who.String() {
				cancel()
				return
			}
		}
	})
	return ctx, func() {
		cancel()
		wg.Wait()
	}
}

// challenge says why somebody is not let in, and where to log in: RFC 6750,
// section 3; RFC 9728, section 5.1; authorization page of the specification.
func (g *Gateway) challenge(w http.ResponseWriter, r *http.Request, err error) {
	refused, ok := errors.AsType[*identity.RefusedError](err)
	if !ok {
		refused = &identity.RefusedError{Reason: identity.Invalid, Err: errors.New("the token is not accepted")}
	}
	if refused.Cause != nil {
		g.opts().Logger.Warn("a caller is not let in", "from", r.RemoteAddr, "why", refused.Err, "cause", refused.Cause)
	} else {
		g.opts().Logger.Debug("a caller is not let in", "from", r.RemoteAddr, "why", refused.Err)
	}
	status, code := http.StatusUnauthorized, ""
	switch refused.Reason {
	case identity.Unavailable:
		w.Header().Set("Retry-After", "5")
		http.Error(w, refused.Error(), http.StatusServiceUnavailable)
		return
	case identity.Missing: // no code: RFC 6750, section 3.1
	case identity.Invalid:
		code = "invalid_token"
	case identity.Insufficient:
		status, code = http.StatusForbidden, "insufficient_scope"
	}
	var params []string
	add := func(name, value string) {
		if value != "" {
			params = append(params, name+`="`+strings.NewReplacer(`"`, "'", `\`, "/").Replace(value)+`"`)
		}
	}
	add("error", code)
	if code != "" {
		add("error_description", refused.Error())
	}
	if a := g.opts().Identities; a != nil {
		add("scope", strings.Join(a.Scopes(), " "))
		add("resource_metadata", a.MetadataURL(r.URL.EscapedPath()))
	}
	value := "Bearer"
	if len(params) > 0 {
		value += " " + strings.Join(params, ", ")
	}
	w.Header().Set("WWW-Authenticate", value)
	http.Error(w, refused.Error(), status)
}

// serveMetadata says where to log in for one of the gateway's addresses, or for
// all of them. It says nothing of which views there are.
func (g *Gateway) serveMetadata(w http.ResponseWriter, r *http.Request) {
	m, ok := g.opts().Identities.Metadata(strings.TrimPrefix(r.URL.EscapedPath(), identity.MetadataPath))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "max-age=60")
	_ = json.NewEncoder(w).Encode(m)
}
