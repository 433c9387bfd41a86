package front

import (
	"net/http"
	"net/url"
	"sync"
)

// sse is HTTP+SSE, with the streams that are open.
type sse struct {
	endpoint *Endpoint
	path     string

	mu    sync.Mutex
	conns map[string]*conn
}

// SSE is HTTP+SSE of 2024-11-05. GET opens the stream, whose first event says
// where to POST messages to: messagePath, where the same handler has to be
// mounted as well.
func (e *Endpoint) SSE(messagePath string) http.Handler {
	return &sse{endpoint: e, path: messagePath, conns: map[string]*conn{}}
}

func (s *sse) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.endpoint.admit(r.Method == http.MethodPost) {
		closing(w)
		return
	}
	defer s.endpoint.leave()
	switch r.Method {
	case http.MethodGet:
		s.get(w, r)
	case http.MethodPost:
		s.post(w, r)
	default:
		notAllowed(w, "GET, POST")
	}
}

// get carries a connection for as long as its stream is open.
func (s *sse) get(w http.ResponseWriter, r *http.Request) {
	e := s.endpoint
	if !accepts(r.Header).events {
		http.Error(w, "this is an event stream; accept text/event-stream", http.StatusNotAcceptable)
		return
	}
	c := e.connect(e.o.Identify(r), r.Header)
	if c == nil {
		busy(w)
		return
	}
	defer c.disconnect()
	s.mu.Lock()
	s.conns[c.id] = c
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.conns, c.id)
	}()
	to := newEvents(w, e.o.WriteTimeout, "")
	defer to.done()
	where := s.path + "?" + url.Values{"sessionId": {c.id}}.Encode()
	if to.open("event: endpoint\ndata: "+where+"\n\n") != nil {
		return
	}
	hungUp := make(chan struct{})
	var once sync.Once
	_ = c.run(r.Context(), e.o.KeepAlive, to, func() error { <-hungUp; return nil }, func() { once.Do(func() { close(hungUp) }) })
}

// post takes a message for a stream. Its answer goes there.
func (s *sse) post(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	c := s.conns[r.URL.Query().Get("sessionId")]
	s.mu.Unlock()
	if c == nil || c.identity != s.endpoint.o.Identify(r) {
		noSession(w)
		return
	}
	if !isJSON(r.Header) {
		http.Error(w, "the Content-Type must be application/json", http.StatusUnsupportedMediaType)
		return
	}
	data, ok := s.endpoint.read(w, r)
	if !ok {
		return
	}
	c.receive(data)
	w.WriteHeader(http.StatusAccepted)
}
