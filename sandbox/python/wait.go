package python

import (
	"errors"
	"math"
	"time"

	"github.com/bindery-mcp/bindery"
)

// maxWait is the longest time that a script can wait for at once.
const maxWait = 24 * time.Hour

// answered is a call that was answered.
type answered struct {
	id     int
	result bindery.Result
	err    error
}

// wait takes the frame that says what the interpreter is going to wait for.
func (s *session) wait(f frame) error {
	if s.waits != nil {
		return errors.New("it waits already")
	}
	w := &waiting{grace: f.head.Grace}
	if ms := f.head.Millis; ms != nil {
		if math.IsNaN(*ms) || *ms < 0 {
			return errors.New("a wait of no length")
		}
		w.until = time.Now().Add(time.Duration(min(*ms, float64(maxWait.Milliseconds())) * float64(time.Millisecond)))
	}
	s.waits, s.line = w, f.head.Line
	return nil
}

// post hands an answer to the session. It never blocks; an answer that arrives
// after the script has ended is dropped with it.
func (s *session) post(a answered) {
	s.mu.Lock()
	s.answers = append(s.answers, a)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *session) drain() []answered {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.answers
	s.answers = nil
	return a
}

// await lets the interpreter wait, and sends it what came: the answers in the
// order in which they came, and the word that it may go on.
func (s *session) await() {
	w := s.waits
	s.waits = nil
	var timer <-chan time.Time
	if !w.until.IsZero() {
		t := time.NewTimer(time.Until(w.until))
		defer t.Stop()
		timer = t.C
	}
	var grace <-chan time.Time
	if s.over != nil {
		t := time.NewTimer(time.Until(s.over.until))
		defer t.Stop()
		grace = t.C
	}
	for {
		if s.ctx.Err() != nil {
			f := s.stopped()
			f.Line = s.checked(s.line, 0).line
			s.fail(*f)
		}
		got := false
		for _, a := range s.drain() {
			got = s.answer(a) || got
		}
		if got {
			s.goOn(false)
			return
		}
		if timer == nil && len(s.pending) == 0 {
			s.fail(*s.stuck())
		}
		select {
		case <-s.wake:
		case <-timer:
			s.goOn(false)
			return
		case <-grace:
			s.goOn(true)
			return
		case <-s.ctx.Done():
		}
	}
}

func (s *session) goOn(over bool) {
	head := map[string]any{"k": "go"}
	if over {
		head["over"] = true
	}
	s.reply(head, nil)
}
