package backendtest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
)

// HTTP is a server as an http.Handler, for httptest.NewServer. It must not be
// copied; make one with [NewHTTP].
type HTTP struct {
	// Target is where mode Redirect points to.
	Target string

	s *server

	mu       sync.Mutex
	known    map[string]bool // the sessions there are
	sessions int
	requests []Request
	listener func(string) // sends on the stream for notifications
}

// Request is a request that an [HTTP] server got.
type Request struct {
	Method string // of HTTP
	Header http.Header
	RPC    string // method of JSON-RPC
	Tool   string
}

// NewHTTP returns a server with the modes. It compresses its answers, whatever
// their size, if its URL ends in ?gzip.
func NewHTTP(modes ...Mode) *HTTP { return &HTTP{s: newServer(modes), known: map[string]bool{}} }

// Forget makes the server forget its sessions, as a restarted one would have.
func (h *HTTP) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.known)
}

// Requests returns the requests so far.
func (h *HTTP) Requests() []Request {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.requests)
}

// ServeHTTP implements [http.Handler].
func (h *HTTP) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var req request
	_ = json.Unmarshal(body, &req) // an empty body is no request
	req.text = body
	h.mu.Lock()
	h.requests = append(h.requests, Request{r.Method, r.Header.Clone(), req.Method, req.Params.Name})
	session := r.Header.Get("Mcp-Session-Id")
	known := h.known[session]
	if r.Method == http.MethodDelete {
		delete(h.known, session)
	}
	h.mu.Unlock()

	switch {
	case h.s.is(Redirect):
		http.Redirect(w, r, h.Target, http.StatusTemporaryRedirect)
	case h.s.is(Unauthorized):
		http.Error(w, "who are you?", http.StatusUnauthorized)
	case h.s.is(Modern) && r.Method != http.MethodPost:
		http.Error(w, "gone", http.StatusMethodNotAllowed)
	case r.Method == http.MethodPost && (h.s.is(Modern) || req.Method == "initialize" || req.Method == "server/discover"):
		h.post(w, r, req)
	case !known:
		http.Error(w, "no such session", http.StatusNotFound)
	case r.Method == http.MethodPost:
		h.post(w, r, req)
	case r.Method == http.MethodGet:
		h.get(w, r)
	case r.Method == http.MethodDelete && h.s.is(HangDelete):
		<-r.Context().Done()
	}
}

func (h *HTTP) post(w http.ResponseWriter, r *http.Request, req request) {
	if len(req.ID) == 0 || req.Method == "" {
		h.s.handle(r.Context(), req, &httpPeer{h: h, w: io.Discard})
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if req.Method == "server/discover" && !h.s.is(SilentDiscover) && !h.s.is(Modern) {
		http.Error(w, "what?", http.StatusBadRequest)
		return
	}
	if req.Method == "initialize" {
		h.mu.Lock()
		h.sessions++
		session := fmt.Sprintf("session-%d", h.sessions)
		h.known[session] = true
		w.Header().Set("Mcp-Session-Id", session)
		h.mu.Unlock()
	}
	if req.Method == "tools/call" {
		switch {
		case h.s.is(ServerError):
			http.Error(w, "no", http.StatusInternalServerError)
			return
		case req.Params.Name == "die":
			panic(http.ErrAbortHandler)
		}
	}
	p := &httpPeer{h: h, w: w, sse: h.s.is(SSE) || req.Method == "subscriptions/listen"}
	w.Header().Set("Content-Type", "application/json")
	if p.sse {
		w.Header().Set("Content-Type", "text/event-stream")
	}
	if r.URL.Query().Has("gzip") && r.Header.Get("Accept-Encoding") == "gzip" {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		p.w = z
	}
	h.s.handle(r.Context(), req, p)
	p.mu.Lock() // nobody may write once we have returned
	p.w = io.Discard
	p.mu.Unlock()
}

// get serves the stream for notifications.
func (h *HTTP) get(w http.ResponseWriter, r *http.Request) {
	if h.s.is(HangGET) {
		<-r.Context().Done()
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	if h.s.is(ShortGET) {
		return
	}
	messages := make(chan string, 1000)
	h.mu.Lock()
	h.listener = func(m string) {
		select {
		case messages <- m:
		default:
		}
	}
	h.mu.Unlock()
	w.WriteHeader(http.StatusOK)
	_ = http.NewResponseController(w).Flush()
	for {
		select {
		case m := <-messages:
			fmt.Fprintf(w, "data: %s\n\n", m)
			_ = http.NewResponseController(w).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

type httpPeer struct {
	h   *HTTP
	w   io.Writer
	sse bool

	mu   sync.Mutex // from begin to end
	sent bool
}

func (p *httpPeer) begin() io.Writer {
	p.mu.Lock()
	if p.sent && !p.sse {
		return io.Discard // there is one answer in a JSON body
	}
	p.sent = true
	if p.sse {
		_, _ = io.WriteString(p.w, "event: message\ndata: ")
	}
	return p.w
}

func (p *httpPeer) end() {
	if p.sse {
		_, _ = io.WriteString(p.w, "\n\n")
		if w, ok := p.w.(http.ResponseWriter); ok {
			_ = http.NewResponseController(w).Flush()
		}
	}
	p.mu.Unlock()
}

// push uses the request's own stream, if it has one.
func (p *httpPeer) push(message string) {
	if !p.sse {
		p.notify(message)
		return
	}
	_, _ = io.WriteString(p.begin(), message)
	p.end()
}

func (p *httpPeer) notify(message string) {
	if !bytes.HasPrefix([]byte(message), []byte(`{"jsonrpc"`)) {
		return // there is no room for stray lines
	}
	p.h.mu.Lock()
	send := p.h.listener
	p.h.mu.Unlock()
	if send != nil {
		send(message)
	}
}
