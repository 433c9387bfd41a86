package gateway

import (
	"context"
	"net/http"
	"sync"
)

// sessions know which scripts run in which session of the eras that have
// them. A client that ends its session has left: the SDK would wait for its
// requests instead of cancelling them.
type sessions struct {
	mu      sync.Mutex
	running map[sessionKey]map[*context.CancelFunc]struct{}
}

// sessionKey has the client in it, so that none can end the scripts of
// another by guessing an id.
type sessionKey struct{ client, id string }

func newSessions() *sessions {
	return &sessions{running: make(map[sessionKey]map[*context.CancelFunc]struct{})}
}

// join returns a context that ends with the session. done must be called when
// the script has ended. Requests outside of sessions have no id.
func (s *sessions) join(ctx context.Context, client, id string) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	if id == "" {
		return ctx, cancel
	}
	key := sessionKey{client, id}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[key] == nil {
		s.running[key] = make(map[*context.CancelFunc]struct{})
	}
	s.running[key][&cancel] = struct{}{}
	return ctx, func() {
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.running[key], &cancel)
		if len(s.running[key]) == 0 {
			delete(s.running, key)
		}
	}
}

// end cancels the scripts of the session.
func (s *sessions) end(client, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for cancel := range s.running[sessionKey{client, id}] {
		(*cancel)()
	}
}

// ending cancels a session's scripts when its client ends it with DELETE
// (2025-11-25, basic/transports, "Session Management").
func (g *Gateway) ending(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id := r.Header.Get("Mcp-Session-Id"); r.Method == http.MethodDelete && id != "" {
			g.sessions.end(g.clientOf(r.Context()).Name, id)
		}
		next.ServeHTTP(w, r)
	})
}
