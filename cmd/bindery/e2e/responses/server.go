package responses

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// maxBody bounds a request. A conversation of tests takes far less; the
// client's own instructions and tools are the most of it.
const maxBody = 32 << 20

// Turn is what the scripted model does with one request.
type Turn struct {
	// Expect are texts that must occur in the newest tool output. If one does
	// not, the client gets an HTTP error that says so instead of Items.
	Expect []string
	// Items are what the model answers.
	Items []Item
}

// Server is the scripted model: an [http.Handler] for POST /v1/responses. It
// answers one [Turn] per request, in order, and is safe for concurrent use.
type Server struct {
	turns []Turn

	mu       sync.Mutex
	requests []Request
	problems []error
}

// NewServer returns a model that plays the turns.
func NewServer(turns ...Turn) *Server { return &Server{turns: turns} }

// Requests returns the requests received so far, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Err returns why the conversation did not go by the script so far, or nil:
// unmet expectations, requests after the last turn, turns that nobody asked
// for, and anything but POST /v1/responses.
func (s *Server) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := errors.Join(s.problems...)
	if err == nil && len(s.requests) < len(s.turns) {
		err = fmt.Errorf("the script has %d turns and the client asked for %d; it stopped early: see its own output",
			len(s.turns), len(s.requests))
	}
	return err
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.URL.Path != "/v1/responses" {
		s.refuse(w, http.StatusNotFound,
			fmt.Errorf("%s %s is not scripted: only POST /v1/responses is", r.Method, r.URL.Path))
		return
	}
	if enc := r.Header.Get("Content-Encoding"); enc != "" {
		s.refuse(w, http.StatusUnsupportedMediaType,
			fmt.Errorf("the request body is %s-compressed: turn request compression off in the client", enc))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		s.refuse(w, http.StatusBadRequest, fmt.Errorf("read the request: %w", err))
		return
	}
	req, err := parseRequest(body)
	if err != nil {
		s.refuse(w, http.StatusBadRequest, err)
		return
	}
	n, turn, err := s.next(req)
	if err != nil {
		s.refuse(w, http.StatusBadRequest, err)
		return
	}
	stream, err := events(n, turn.Items)
	if err != nil {
		s.refuse(w, http.StatusInternalServerError, fmt.Errorf("turn %d: %w", n, err))
		return
	}
	answer(w, http.StatusOK, "text/event-stream", stream)
}

// next records a request and returns the turn that answers it, counted from 1.
func (s *Server) next(req Request) (int, Turn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, req)
	n := len(s.requests)
	if n > len(s.turns) {
		return n, Turn{}, fmt.Errorf(
			"request %d: the script has only %d turns; end it with a turn that is only a message, or add a turn", n, len(s.turns))
	}
	turn := s.turns[n-1]
	output := req.ToolOutput()
	for _, want := range turn.Expect {
		if !strings.Contains(output, want) {
			return n, Turn{}, fmt.Errorf("turn %d expects the newest tool output to contain %q; it was: %.2000s", n, want, output)
		}
	}
	return n, turn, nil
}

// refuse notes the problem, and tells the client in the API's own error form,
// so that its own output shows it too.
func (s *Server) refuse(w http.ResponseWriter, status int, err error) {
	s.mu.Lock()
	s.problems = append(s.problems, err)
	s.mu.Unlock()
	body, err := json.Marshal(map[string]any{"error": map[string]any{"message": err.Error()}})
	if err != nil {
		body = []byte(`{"error":{"message":"the message cannot be encoded"}}`)
	}
	answer(w, status, "application/json", body)
}
