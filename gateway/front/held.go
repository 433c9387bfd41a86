package front

import (
	"context"
	"encoding/json"
	"sync"
)

// Continuer is what a [Handler] has besides if requests go on with work that
// earlier ones began.
type Continuer interface {
	// Continues reports whether a request goes on with such work. It is begun
	// even while the endpoint closes, as long as work is held.
	Continues(method string, params json.RawMessage) bool
}

// Hold counts in work of a session, "" for none, that later requests go on with:
// [Endpoint.Close] waits for it too, and while it does it lets in the requests
// for which [Continuer] holds. It is called while the endpoint handles a request;
// release can be called more than once.
func (e *Endpoint) Hold(session string) (release func()) {
	e.mu.Lock()
	e.active++
	e.wg.Add(1)
	e.mu.Unlock()
	e.held.add(session, 1)
	return sync.OnceFunc(func() {
		e.held.add(session, -1)
		e.leave()
	})
}

// refuses reports whether a request is not begun any more.
func (e *Endpoint) refuses(m message) bool {
	if e.drain.Err() == nil {
		return false
	}
	h, ok := e.handler.(Continuer)
	return !ok || !h.Continues(m.method, m.params)
}

// held counts what is held, by session.
type held struct {
	mu      sync.Mutex
	count   map[string]int
	changed chan struct{} // closed and made anew when a count falls to 0
}

func newHeld() *held { return &held{count: make(map[string]int), changed: make(chan struct{})} }

func (h *held) add(session string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.count[session] += n; h.count[session] == 0 {
		delete(h.count, session)
		close(h.changed)
		h.changed = make(chan struct{})
	}
}

// none waits until nothing of the session is held, or ctx ends.
func (h *held) none(ctx context.Context, session string) {
	for {
		h.mu.Lock()
		n, changed := h.count[session], h.changed
		h.mu.Unlock()
		if n == 0 {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}
