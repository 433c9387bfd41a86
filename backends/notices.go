package backends

import (
	"context"
	"encoding/json"
	"sync"
)

// Methods of notifications that are of interest to everyone.
const (
	toolsChanged     = "notifications/tools/list_changed"
	promptsChanged   = "notifications/prompts/list_changed"
	resourcesChanged = "notifications/resources/list_changed"
	resourceUpdated  = "notifications/resources/updated"
)

const (
	maxNotices = 1024    // waiting for one listener
	maxURI     = 8 << 10 // bytes
)

// Notice is that something of a server has changed, besides its tools. Method
// is that of the MCP notification, and URI the resource's, if it is one that was
// updated. A server that was lost and is back gives notice of everything.
type Notice struct {
	Server string
	Method string
	URI    string
}

// Notices returns what servers give notice of from now on, until ctx ends or
// the set is closed, when the channel is closed. A notice that is still waiting
// to be taken is not repeated; where too many of updates wait, there is one of
// a changed list instead.
func (s *Set) Notices(ctx context.Context) <-chan Notice {
	out := make(chan Notice)
	l := s.hub.join()
	ok := s.crew.run(func() {
		defer close(out)
		defer s.hub.leave(l)
		l.pass(ctx, s.ctx, out)
	})
	if !ok {
		s.hub.leave(l)
		close(out)
	}
	return out
}

// hub passes notices to whoever listens.
type hub struct {
	mu        sync.Mutex
	listeners map[*listener]bool
}

func (h *hub) join() *listener {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := &listener{waiting: map[Notice]bool{}, some: newSignal()}
	if h.listeners == nil {
		h.listeners = map[*listener]bool{}
	}
	h.listeners[l] = true
	return l
}

func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, l)
}

// post never blocks.
func (h *hub) post(n Notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		l.add(n)
	}
}

// listener is one reader of notices and what waits for it.
type listener struct {
	some signal

	mu      sync.Mutex
	queue   []Notice
	waiting map[Notice]bool // those in queue
}

func (l *listener) add(n Notice) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) >= maxNotices && n.Method == resourceUpdated {
		n = Notice{Server: n.Server, Method: resourcesChanged}
	}
	if l.waiting[n] {
		return
	}
	l.waiting[n] = true
	l.queue = append(l.queue, n)
	l.some.raise()
}

func (l *listener) take() (n Notice, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return n, false
	}
	n, l.queue = l.queue[0], l.queue[1:]
	delete(l.waiting, n)
	return n, true
}

// pass sends what comes to out until one of the contexts ends.
func (l *listener) pass(ctx, life context.Context, out chan<- Notice) {
	for {
		n, ok := l.take()
		if ok {
			select {
			case out <- n:
			case <-ctx.Done():
				return
			case <-life.Done():
				return
			}
			continue
		}
		select {
		case <-l.some:
		case <-ctx.Done():
			return
		case <-life.Done():
			return
		}
	}
}

// notice takes a notification that belongs to no request. It never blocks.
func (l *link) notice(method string, params json.RawMessage) {
	if !l.shared() {
		return // what a session's own connection is told is not everyone's
	}
	switch method {
	case toolsChanged:
		l.dirty.raise()
	case promptsChanged, resourcesChanged:
		l.srv.forget(method)
		l.srv.notify(Notice{Server: l.srv.spec.Name, Method: method})
	case resourceUpdated:
		if uri := text(object(params)["uri"]); uri != "" && len(uri) <= maxURI {
			l.srv.notify(Notice{Server: l.srv.spec.Name, Method: method, URI: uri})
		}
	}
}

// noticeAll gives notice of everything that may have changed unseen while the
// server was not connected.
func (s *server) noticeAll() {
	s.mu.Lock()
	has := s.offer.offers
	s.mu.Unlock()
	s.forget(resourcesChanged)
	s.forget(promptsChanged)
	if has.Resources {
		s.notify(Notice{Server: s.spec.Name, Method: resourcesChanged})
	}
	if has.Prompts {
		s.notify(Notice{Server: s.spec.Name, Method: promptsChanged})
	}
	for _, uri := range s.subs.list() {
		s.notify(Notice{Server: s.spec.Name, Method: resourceUpdated, URI: uri})
	}
}
