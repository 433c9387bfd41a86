package python

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxNamed bounds how many calls or errors a note names.
const maxNamed = 10

// rest is what is left after a script has its value: calls that it did not
// await. They get their grace.
type rest struct {
	until time.Time
	left  []int    // numbers of the calls
	names []string // as the script spells them
}

// graceSlack is how much later than the grace an interpreter is stopped that
// does not come back from what an answer woke.
const graceSlack = 50 * time.Millisecond

func (r *rest) expired() bool { return time.Now().After(r.until.Add(graceSlack)) }

// value takes the script's result.
func (s *session) value(f frame) error {
	if s.over != nil {
		return errors.New("a second value")
	}
	if len(f.body) > 0 {
		if int64(len(f.body)) > s.script.Limits.Value || !isJSON(f.body) {
			return errors.New("a value that is no JSON")
		}
		s.outcome.Value = f.body
	}
	s.over = &rest{until: time.Now().Add(s.script.Limits.Grace)}
	for id := range s.pending {
		s.over.left = append(s.over.left, id)
	}
	slices.Sort(s.over.left)
	for _, id := range s.over.left {
		s.over.names = append(s.over.names, s.pending[id].String())
	}
	return nil
}

// done takes the interpreter's word that nothing is left.
func (s *session) done(f frame) error {
	if s.over == nil {
		return errors.New("an end without a value")
	}
	s.console.dropped = max(s.console.dropped, min(f.head.Dropped, 1<<30))
	s.finish(&f.head)
	return nil
}

// finish ends the run of a script that has its value. It does not leave the
// interpreter, which has nothing more to say.
func (s *session) finish(h *head) {
	out := s.outcome
	if h != nil {
		for _, n := range h.Notes[:min(len(h.Notes), maxNamed)] {
			out.Notes = append(out.Notes, printable(clip(n, maxNote)))
		}
	}
	out.Notes = append(out.Notes, s.restNotes()...)
	if h != nil && h.Unhandled > 0 {
		out.Notes = append(out.Notes, s.unhandled(h))
	}
	if out.Value == nil && len(out.Notes) == 0 && len(s.console.lines) == 0 {
		out.Notes = append(out.Notes, "the result is None: end the script with return, or with an expression that has a value")
	}
	s.ended, s.outcome = true, out
}

const maxNote = 400

// restNotes tells what became of the calls that were not awaited.
func (s *session) restNotes() []string {
	var finished, cancelled []string
	for i, id := range s.over.left {
		if _, pending := s.pending[id]; pending {
			cancelled = append(cancelled, s.over.names[i])
		} else {
			finished = append(finished, s.over.names[i])
		}
	}
	var notes []string
	if len(cancelled) > 0 {
		notes = append(notes, fmt.Sprintf("%s not awaited and cancelled %s after the script's end: %s",
			count(len(cancelled), "call"), seconds(s.script.Limits.Grace), listed(cancelled)))
	}
	if len(finished) > 0 {
		notes = append(notes, fmt.Sprintf("%s not awaited, finished after the script's end: %s",
			count(len(finished), "call"), listed(finished)))
	}
	return notes
}

// unhandled reports errors that nobody looked at.
func (s *session) unhandled(h *head) string {
	var texts []string
	for i := range h.Errors[:min(len(h.Errors), maxNamed)] {
		f := s.explain(&h.Errors[i])
		text := f.Message
		if f.Name != "" {
			text = f.Name + ": " + text
		}
		if f.Line > 0 {
			text += fmt.Sprintf(" (line %d)", f.Line)
		}
		texts = append(texts, printable(clip(text, 300)))
	}
	return fmt.Sprintf("%s nobody handled: %s", count(h.Unhandled, "error"), strings.Join(texts, "; "))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
