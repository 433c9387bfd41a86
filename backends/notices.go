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
	logMessage       = "notifications/message"
	elicitationDone  = "notifications/elicitation/complete"
)

const (
	maxNotices  = 1024     // waiting for one listener
	maxMessages = 64       // of those, for one that only informs
	maxURI      = 8 << 10  // bytes
	maxMessage  = 64 << 10 // bytes
)

// Notice is that something of a server has changed, besides its tools, or that
// it says something while no request is under way. Method is that of the MCP
// notification, URI the resource's, if it is one that was updated, and Params
// those of a log message or of a complete elicitation. Session is whose it is,
// if the server is one of a session's own. A server that was lost and is back
// gives notice of everything that may have changed.
type Notice struct {
	Server  string
	Session string
	Method  string
	URI     string
	Params  string
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
	if l.waiting[n] || n.Params != "" && len(l.queue) >= maxMessages {
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
	if !l.shared() && l.session == "" {
		return // nobody's that can be told
	}
	n := Notice{Server: l.srv.spec.Name, Session: l.session, Method: method}
	switch method {
	case toolsChanged:
		if l.shared() { // where the tools are listed
			l.dirty.raise()
		}
		return
	case promptsChanged, resourcesChanged:
		l.srv.forget(method)
	case resourceUpdated:
		if n.URI = text(object(params)["uri"]); n.URI == "" || len(n.URI) > maxURI {
			return
		}
	case logMessage, elicitationDone:
		if n.Params = string(params); n.Params == "" || len(n.Params) > maxMessage {
			return
		}
	default:
		return
	}
	l.srv.notify(n)
}

// noticeAll gives notice of everything that may have changed unseen while the
// server was not connected.
func (l *link) noticeAll() {
	if !l.shared() && l.session == "" {
		return
	}
	s := l.srv
	s.mu.Lock()
	has := s.offer.offers
	s.mu.Unlock()
	n := Notice{Server: s.spec.Name, Session: l.session}
	tell := func(method, uri string) {
		n.Method, n.URI = method, uri
		s.notify(n)
	}
	s.forget(resourcesChanged)
	s.forget(promptsChanged)
	if has.Resources {
		tell(resourcesChanged, "")
	}
	if has.Prompts {
		tell(promptsChanged, "")
	}
	for _, uri := range l.subs.list() {
		tell(resourceUpdated, uri)
	}
}
