package backendtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// OldSSE is a server of protocol 2024-11-05, as an http.Handler: a GET opens the
// stream, whose first event names where to POST. Make one with [NewOldSSE].
type OldSSE struct {
	// Endpoint is what the stream names, "" for what it should.
	Endpoint string

	s *server

	mu      sync.Mutex
	streams map[string]*streamPeer
	count   int
}

// NewOldSSE returns a server with the modes.
func NewOldSSE(modes ...Mode) *OldSSE {
	return &OldSSE{s: newServer(modes), streams: map[string]*streamPeer{}}
}

// Forget ends all streams, as a restart would.
func (h *OldSSE) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, p := range h.streams {
		p.cancel()
		delete(h.streams, id)
	}
}

// ServeHTTP implements [http.Handler].
func (h *OldSSE) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("session")
	switch {
	case r.Method == http.MethodGet:
		h.stream(w, r)
	case r.Method == http.MethodPost && id != "":
		h.post(w, r, id)
	default:
		http.Error(w, "only streams here", http.StatusMethodNotAllowed)
	}
}

func (h *OldSSE) stream(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	p := &streamPeer{ctx: ctx, cancel: cancel, w: w}
	p.mu.Lock() // whoever reads the endpoint may post before we are done with it
	h.mu.Lock()
	h.count++
	id := fmt.Sprint(h.count)
	h.streams[id] = p
	h.mu.Unlock()
	endpoint := h.Endpoint
	if endpoint == "" {
		endpoint = r.URL.Path + "?session=" + id
	}
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprintf(w, "event: endpoint\ndata: %s\n\n", endpoint) //nolint:gosec // no browser reads it
	_ = http.NewResponseController(w).Flush()
	p.mu.Unlock()
	<-ctx.Done()
	p.mu.Lock() // nobody may write once we have returned
	p.w = io.Discard
	p.mu.Unlock()
}

func (h *OldSSE) post(w http.ResponseWriter, r *http.Request, id string) {
	h.mu.Lock()
	p := h.streams[id]
	h.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	var req request
	if p == nil || p.ctx.Err() != nil {
		http.Error(w, "Session not found", http.StatusNotFound)
		return
	}
	if err != nil || json.Unmarshal(body, &req) != nil {
		http.Error(w, "what?", http.StatusBadRequest)
		return
	}
	if req.Method == "tools/call" && req.Params.Name == "die" {
		p.cancel()
		return
	}
	req.text = body
	w.WriteHeader(http.StatusAccepted)
	_ = http.NewResponseController(w).Flush()
	h.s.handle(p.ctx, req, p)
}

// streamPeer writes events to the one stream.
type streamPeer struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu sync.Mutex
	w  io.Writer
}

func (p *streamPeer) begin() io.Writer {
	p.mu.Lock()
	_, _ = io.WriteString(p.w, "event: message\ndata: ")
	return p.w
}

func (p *streamPeer) end() {
	_, _ = io.WriteString(p.w, "\n\n")
	if w, ok := p.w.(http.ResponseWriter); ok {
		_ = http.NewResponseController(w).Flush()
	}
	p.mu.Unlock()
}

func (p *streamPeer) notify(message string) {
	_, _ = io.WriteString(p.begin(), message)
	p.end()
}

func (p *streamPeer) push(message string) { p.notify(message) }
