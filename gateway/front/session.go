package front

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strconv"
	"sync"
)

// session is what is known of one client between its requests: a session of
// Streamable HTTP, or a connection.
type session struct {
	endpoint *Endpoint
	id       string
	identity string
	// ctx ends with the session.
	ctx    context.Context
	cancel context.CancelFunc
	// deaf is closed once the client can answer nothing any more.
	deaf     chan struct{}
	deafOnce sync.Once
	// endedOnce tells the handler of the end.
	endedOnce sync.Once

	mu      sync.Mutex
	caller  *Caller          // nil before initialize
	level   string           // "" as long as the client has named none
	calls   map[string]*call // that the client has not withdrawn, by id
	running int              // with the others
	asks    map[string]chan message
	asked   int

	audience audience
}

func (e *Endpoint) newSession(identity string) *session {
	s := &session{endpoint: e, id: rand.Text(), identity: identity, deaf: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancel(e.ctx)
	return s
}

// deafen ends the questions under way, and refuses others.
func (s *session) deafen() { s.deafOnce.Do(func() { close(s.deaf) }) }

// close ends the session and what its requests do.
func (s *session) close() {
	s.deafen()
	s.mu.Lock()
	calls := s.calls
	s.calls = nil
	s.mu.Unlock()
	for _, c := range calls {
		c.cancel()
	}
	s.cancel()
	if h, ok := s.endpoint.handler.(SessionEnder); ok {
		s.endedOnce.Do(func() { s.endpoint.spawn(func() { h.Ended(s.identity, s.id) }) })
	}
}

// initialised returns the caller that initialize made known, or nil.
func (s *session) initialised() *Caller {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.caller
}

// working reports whether a request is under way.
func (s *session) working() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running > 0
}

// begin counts a request in. Its id must not be that of another under way.
func (s *session) begin(c *call) *Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return refuse(CodeInternal, "the session has ended; initialize another")
	}
	if _, taken := s.calls[string(c.id)]; taken {
		return refuse(CodeInvalidRequest, "a request with the id %s is under way", quoted(string(c.id)))
	}
	if s.running >= s.endpoint.o.MaxInFlight {
		return refuse(codeBusy, "%d requests are under way in this session; wait for some of them", s.running)
	}
	s.running++
	if s.calls == nil {
		s.calls = map[string]*call{}
	}
	s.calls[string(c.id)] = c
	return nil
}

func (s *session) finish(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls[string(c.id)] == c {
		delete(s.calls, string(c.id))
	}
	if s.running--; s.running == 0 {
		s.calls = nil // an idle session holds nothing
	}
}

// hear takes a notification or a response of the client.
func (s *session) hear(m message) {
	if m.kind == response {
		s.answered(m)
		return
	}
	if m.method == "notifications/cancelled" {
		s.withdraw(m)
	}
}

// withdraw ends a request that the client gave up.
func (s *session) withdraw(m message) {
	id := string(requestID(m.params))
	s.mu.Lock()
	c := s.calls[id]
	delete(s.calls, id) // the client may use it again
	s.mu.Unlock()
	if c != nil {
		c.withdrawn.Store(true)
		c.cancel()
	}
}

func (s *session) answered(m message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ask := s.asks[string(m.id)]; ask != nil {
		ask <- m // has room for the one answer
		delete(s.asks, string(m.id))
	}
}

// ask sends a request to the client through c and waits for its answer.
func (s *session) ask(ctx context.Context, c *call, method string, params json.RawMessage) (json.RawMessage, error) {
	s.mu.Lock()
	s.asked++
	id, answer := strconv.Itoa(s.asked), make(chan message, 1)
	if s.asks == nil {
		s.asks = map[string]chan message{}
	}
	s.asks[id] = answer
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.asks, id)
	}()
	if err := c.send(ask(id, method, params), must); err != nil {
		return nil, err
	}
	select {
	case m := <-answer:
		return asked(m)
	case <-s.deaf:
		return nil, ErrCannotAsk
	case <-ctx.Done():
		reason := json.RawMessage(`{"requestId":` + id + `,"reason":"the answer is no longer needed"}`)
		_ = c.send(notify("notifications/cancelled", reason), must)
		return nil, context.Cause(ctx)
	}
}

// asked is the client's answer to a question.
func asked(m message) (json.RawMessage, error) {
	if m.failed == nil {
		return m.result, nil
	}
	var err Error
	if json.Unmarshal(m.failed, &err) != nil || err.Code == 0 && err.Message == "" {
		return nil, refuse(CodeInternal, "the client answered with an error that is none")
	}
	return nil, &err
}
