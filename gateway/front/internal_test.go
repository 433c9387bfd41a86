package front

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// sink takes what a stream says.
type sink struct {
	got  []string
	fail error
}

func (s *sink) write(number int, data []byte) error {
	s.got = append(s.got, fmt.Sprint(number, string(data)))
	return s.fail
}
func (s *sink) idle() error { return s.fail }

func TestStreamBounds(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		s := &stream{keep: keep}
		for range 2 {
			_ = s.push([]byte("once"), once)
		}
		for range 10 * maxWaiting {
			_ = s.push([]byte("progress"), lossy)
		}
		if len(s.events) != maxWaiting || string(s.events[0]) != "once" {
			t.Errorf("%d events wait", len(s.events))
		}
		if err := s.push([]byte("answer"), must); err != nil {
			t.Error(err)
		}
		s.end()
		if err := s.push([]byte("late"), must); !errors.Is(err, errEnded) {
			t.Error(err)
		}
		var to sink
		if err := s.serve(t.Context(), 0, time.Hour, &to); err != nil || len(to.got) != maxWaiting+1 || to.got[0] != "0once" {
			t.Errorf("%v: %v", err, to.got)
		}
		var again sink
		_ = s.serve(t.Context(), maxWaiting, time.Hour, &again)
		if keep != (len(again.got) == 1 && again.got[0] == fmt.Sprint(maxWaiting, "answer")) {
			t.Errorf("again came %v", again.got)
		}
	}
}

// What a server puts between the values of its result begins no line of its own
// where lines end a message, or are fields of an event.
func TestMessagesAreOneLine(t *testing.T) {
	t.Parallel()
	message := []byte("{\"result\":{\n\"a\":\r\n{\"id\":1}\r}}")
	const one = `{"result":{ "a":  {"id":1} }}`
	var out bytes.Buffer
	if err := (lines{&out}).write(0, bytes.Clone(message)); err != nil || out.String() != one+"\n" {
		t.Errorf("on stdio: %q, %v", out.String(), err)
	}
	w := httptest.NewRecorder()
	if err := newEvents(w, time.Minute, "").write(0, message); err != nil || w.Body.String() != "event: message\ndata: "+one+"\n\n" {
		t.Errorf("as an event: %q, %v", w.Body.String(), err)
	}
}

// What was sent makes room for what is new, not the other way round.
func TestStreamForgets(t *testing.T) {
	t.Parallel()
	s := &stream{keep: true}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	text := []byte(strings.Repeat("x", maxHeld/4))
	for range 20 {
		_ = s.push(text, lossy)
		s.mu.Lock()
		s.cursor = s.first + len(s.events) // as if it was sent
		s.mu.Unlock()
	}
	if s.held > maxHeld || s.first+len(s.events) != 20 {
		t.Errorf("%d bytes in %d events of %d", s.held, len(s.events), s.first+len(s.events))
	}
	s.end()
	var to sink
	if err := s.serve(ctx, 0, time.Hour, &to); err != nil || len(to.got) != 4 {
		t.Errorf("%v, %d events", err, len(to.got))
	}
}

func TestStreamStuck(t *testing.T) {
	t.Parallel()
	s := &stream{}
	for range 4 * maxWaiting {
		if err := s.push(nil, must); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.push(nil, must); !errors.Is(err, errStuck) {
		t.Error(err)
	}
}

// One writer takes the place of another, and a broken one is noticed.
func TestStreamWriters(t *testing.T) {
	t.Parallel()
	s := &stream{keep: true}
	first := make(chan error, 1)
	go func() { first <- s.serve(t.Context(), 0, time.Hour, &sink{}) }()
	for attached := false; !attached; {
		s.mu.Lock()
		attached = s.wake != nil
		s.mu.Unlock()
	}
	broken := errors.New("broken")
	if err := s.serve(t.Context(), 0, time.Millisecond, &sink{fail: broken}); !errors.Is(err, broken) {
		t.Error(err)
	}
	if err := <-first; !errors.Is(err, errReplaced) {
		t.Error(err)
	}
}

func TestKeptAnswers(t *testing.T) {
	t.Parallel()
	e := New(nil, Options{})
	w, _ := e.sessions.add(e.newSession(""))
	var all []*replay
	for range 10 {
		r := e.sessions.open(w)
		_ = r.push([]byte(strings.Repeat("x", maxKept/5)), must)
		e.sessions.end(r)
		all = append(all, r)
	}
	for i, r := range all {
		_, _, ok := e.sessions.resume(w, r.id+"-0")
		if ok != (i >= 5) {
			t.Errorf("answer %d is kept: %v", i, ok)
		}
	}
	e.sessions.remove(w)
	if e.sessions.kept != 0 || e.sessions.ended.Len() != 0 {
		t.Errorf("%d bytes are kept for nobody", e.sessions.kept)
	}
	r := &replay{stream: &stream{}, id: "x", session: w}
	e.sessions.end(r)
	if e.sessions.kept != 0 {
		t.Error("an answer is kept for a session that has ended")
	}
	if err := e.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, ok := e.sessions.add(e.newSession("")); ok {
		t.Error("a closed endpoint has a session")
	}
}

func TestCan(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		declared, capability string
		want                 bool
	}{
		{``, "sampling", false},
		{`{}`, "sampling", false},
		{`{"sampling":{}}`, "sampling", true},
		{`{"sampling":null}`, "sampling", false},
		{`{"elicitation":{}}`, "elicitation", true},
		{`{"elicitation":{}}`, "elicitation.form", true},
		{`{"elicitation":{}}`, "elicitation.url", false},
		{`{"elicitation":{"url":{}}}`, "elicitation.form", false},
		{`{"elicitation":{"url":{},"form":{}}}`, "elicitation.form", true},
		{`{"elicitation":{"url":{}}}`, "elicitation.url", true},
		{`{"roots":{"listChanged":false}}`, "roots.listChanged", false},
		{`{"extensions":{"io.modelcontextprotocol/tasks":{}}}`, "extensions.io.modelcontextprotocol/tasks", true},
		{`{"extensions":{}}`, "extensions.io.modelcontextprotocol/tasks", false},
	} {
		c := &Caller{Capabilities: []byte(tc.declared)}
		if got := c.Can(tc.capability); got != tc.want {
			t.Errorf("%s can %s: %v", tc.declared, tc.capability, got)
		}
	}
}
