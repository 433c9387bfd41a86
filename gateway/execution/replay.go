package execution

import (
	"fmt"

	"github.com/bindery-mcp/bindery"
)

// replay goes along an earlier ledger as a script makes its calls. The package
// documentation has the rules. The ledger that owns it holds its lock.
type replay struct {
	from string
	past []*past
	// changed says that the script has made a change of its own.
	changed  bool
	replayed int
	stopped  error
}

// past is a call of the earlier execution.
type past struct {
	*entry
	used bool
}

// newReplay takes over what a ledger has, with what that one had taken over
// itself and not come to.
func newReplay(before *Ledger) *replay {
	before.mu.Lock()
	defer before.mu.Unlock()
	r := &replay{from: before.id}
	for _, e := range before.entries {
		r.past = append(r.past, &past{entry: e})
	}
	if before.replay == nil {
		return r
	}
	// The phases of those left over follow.
	last := before.phase
	for _, p := range before.replay.past {
		if !p.used && p.binding() {
			left := *p.entry
			left.phase += last
			r.past = append(r.past, &past{entry: &left})
		}
	}
	return r
}

// binding reports whether a script that has not come to p must not go on with
// changes: it took effect, or may have.
func (p *past) binding() bool {
	return !p.reads && (p.State == Completed || p.State == Unknown)
}

// decide says what becomes of a call: it gets an answer, a reason to stop, or
// neither, and is made.
func (r *replay) decide(e *entry) {
	switch {
	case r.stopped != nil:
		e.stop = r.stopped
	case e.reads:
		r.read(e)
	default:
		r.change(e)
	}
}

func (r *replay) read(e *entry) {
	if r.changed {
		return
	}
	for _, p := range r.past {
		if !p.used && p.State == Completed && p.result != nil && p.Tool == e.Tool && p.identity() == e.identity() {
			r.use(p, e)
			return
		}
	}
}

func (r *replay) change(e *entry) {
	expected := r.next()
	same := func(p *past) bool { return p.Tool == e.Tool && p.identity() == e.identity() }
	// A script that tried a call until it succeeded has both records: what
	// succeeded must not happen twice.
	p := r.find(expected, func(p *past) bool { return p.binding() && same(p) })
	if p == nil {
		p = r.find(expected, same)
	}
	if p != nil {
		switch {
		case p.State == Unknown:
			r.stop(e, p, "%s was sent before%s and not answered: whether it took effect is unknown",
				"find out with calls that only read; then write a script for what is left, without resume")
		case p.State == Completed && p.result == nil:
			r.stop(e, p, "%s completed before%s, and its result was too large to be kept",
				"read what it did; then write a script for what is left, without resume")
		case p.State == Completed:
			r.use(p, e)
		default:
			p.used, r.changed = true, true
		}
		return
	}
	if expected == nil {
		r.changed = true
		return
	}
	// A call that failed may come back with other arguments.
	if p := r.find(expected, func(p *past) bool { return !p.binding() && p.Tool == e.Tool }); p != nil {
		p.used, r.changed = true, true
		return
	}
	r.diverge(e, expected)
}

// next returns the first call that the script has to come to before it goes on
// with changes of its own.
func (r *replay) next() *past {
	for _, p := range r.past {
		if !p.used && p.binding() {
			return p
		}
	}
	return nil
}

// find returns the first change not used yet that fits, up to the phase of the
// one that is expected.
func (r *replay) find(expected *past, fits func(*past) bool) *past {
	for _, p := range r.past {
		if expected != nil && p.phase > expected.phase {
			return nil
		}
		if !p.used && !p.reads && fits(p) {
			return p
		}
	}
	return nil
}

func (r *replay) use(p *past, e *entry) {
	p.used = true
	e.answer, e.Replayed = p.result, true
	r.replayed++
}

func (r *replay) diverge(e *entry, expected *past) {
	r.refuse(e, fmt.Errorf("the script calls %s where execution %s had called %s%s, which %s",
		e.Record, r.from, expected.Record, lineOf(expected), became(expected)),
		"make the same calls in the same order first; or leave resume out, and write only what is still to be done")
}

func (r *replay) stop(e *entry, p *past, format, hint string) {
	r.refuse(e, fmt.Errorf(format, p.Record, lineOf(p)), hint)
}

func (r *replay) refuse(e *entry, err error, hint string) {
	r.stopped = &bindery.Error{Code: bindery.Invalid, Op: "resume " + r.from, Err: err, Hint: hint}
	e.stop = r.stopped
}

func lineOf(p *past) string {
	if p.Line == 0 {
		return ""
	}
	return fmt.Sprintf(" (line %d)", p.Line)
}

func became(p *past) string {
	if p.State == Unknown {
		return "may have taken effect"
	}
	return "took effect and is not repeated"
}

// stopOf returns why a call must not be made.
func stopOf(e *entry, c bindery.Call) error {
	if e != nil {
		return e.stop
	}
	return &bindery.Error{Code: bindery.Internal, Op: "call " + c.Tool.String(), Err: fmt.Errorf("call %d was never started", c.Seq)}
}
