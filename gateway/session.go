package gateway

import (
	"context"
	"sync"
)

// sessions know which scripts run in which session of the eras that have
// them. A client that ends its session has left, and its scripts with it, also
// those that outlived their request.
type sessions struct {
	mu      sync.Mutex
	running map[string]map[*context.CancelFunc]struct{} // by session
}

func newSessions() *sessions {
	return &sessions{running: make(map[string]map[*context.CancelFunc]struct{})}
}

// join returns a context that ends with the session. done must be called when
// the script has ended. Requests outside of sessions have no id.
func (s *sessions) join(ctx context.Context, id string) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	if id == "" {
		return ctx, cancel
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] == nil {
		s.running[id] = make(map[*context.CancelFunc]struct{})
	}
	s.running[id][&cancel] = struct{}{}
	return ctx, func() {
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.running[id], &cancel)
		if len(s.running[id]) == 0 {
			delete(s.running, id)
		}
	}
}

// end cancels the scripts of the session.
func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for cancel := range s.running[id] {
		(*cancel)()
	}
}
