package sandboxtest

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

const (
	// slack is how long after its limit a run may end.
	slack = 250 * time.Millisecond
	// growth is how much larger the calling process may become, in bytes.
	growth = 32 << 20
)

// Engine makes an engine for a test, which the test closes by its Cleanup.
type Engine func(t testing.TB) sandbox.Engine

// Run runs the suite against one engine. Each case must come to its end within
// its limit, the script after it must find everything as the first one did,
// and the calling process may not grow.
//
// On a machine that is busy with other things a run is given as much longer as
// this process was seen to wait for its turn.
func Run(t *testing.T, open Engine, l sandbox.Language) {
	t.Helper()
	cases := Cases(l)
	if len(cases) == 0 {
		t.Fatalf("there are no cases in %s", l)
	}
	s := suite{engine: open(t), language: l}
	s.untouched = s.look(t, "first", sandbox.DefaultLimits())
	defer func() { s.compare(t, stranger, sandbox.DefaultLimits()) }()
	// What a collection has not come round to yet is no growth, and there is
	// the more of it the more the tests before this one have left.
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	before := Observe()
	pace := watch()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { s.check(t, c) })
	}
	peak := pace.stop().memory
	if !detector && before.Memory > 0 && peak > before.Memory+growth {
		t.Errorf("this process grew from %s to %s", sandbox.FormatBytes(before.Memory), sandbox.FormatBytes(peak))
	}
	t.Logf("%d cases; this process had %s before and %s at most", len(cases), sandbox.FormatBytes(before.Memory), sandbox.FormatBytes(peak))
}

const (
	// owner is who the cases run for. An engine may use again what it ran an
	// owner's script in, under the same limits.
	owner = "the owner of this script"
	// stranger gets nothing of that. Its scripts look less often: what they
	// could see lasts.
	stranger = "somebody else"
	seldom   = 10
)

// suite is an engine under test.
type suite struct {
	engine   sandbox.Engine
	language sandbox.Language
	// untouched is what a script sees that no other one preceded.
	untouched string
	checked   int
}

// run runs one script.
func (s *suite) run(ctx context.Context, script sandbox.Script) (sandbox.Outcome, error) {
	script.Language, script.Bindings = s.language, bindings()
	d := sandbox.NewDispatcher(&tools{}, script.Bindings, script.Limits, nil)
	defer d.Close()
	return s.engine.Run(ctx, script, d)
}

// look returns what a script of owner sees that looks at everything.
func (s *suite) look(t testing.TB, owner string, l sandbox.Limits) string {
	t.Helper()
	out, err := s.run(t.Context(), sandbox.Script{Source: clean(s.language), Owner: owner, Limits: l})
	if err == nil && out.Failure != nil && out.Failure.Code == bindery.Timeout {
		// The limits of a case may be too short for a busy machine.
		out, err = s.run(t.Context(), sandbox.Script{Source: clean(s.language), Owner: owner, Limits: sandbox.DefaultLimits()})
	}
	if err != nil || out.Failure != nil || len(out.Value) == 0 {
		t.Errorf("script that only looks: %v, failure %+v", err, out.Failure)
		return s.untouched // which is what this error is not about
	}
	return string(out.Value)
}

// compare looks for somebody, and tells what it sees that was left.
func (s *suite) compare(t *testing.T, owner string, l sandbox.Limits) {
	t.Helper()
	if seen := s.look(t, owner, l); seen != s.untouched {
		t.Errorf("the next script, of %s, sees what was left:\n%s\nbefore:\n%s", owner, seen, s.untouched)
	}
}

// check runs one case.
func (s *suite) check(t *testing.T, c Case) {
	t.Helper()
	l := c.limits()
	const tries = 3 // of the clock: whether the outcome is right is no matter of luck
	for try := 1; ; try++ {
		pace := watch()
		begin := time.Now()
		out, err := s.run(t.Context(), sandbox.Script{Source: c.Source, Data: c.Data, Owner: owner, Limits: l})
		took := time.Since(begin)
		late := pace.stop().late
		if err != nil {
			t.Fatalf("the sandbox failed: %v", err)
		}
		if wrong := c.Want.check(out); wrong != "" {
			t.Errorf("after %v: %s", took, wrong)
		}
		if over := excess(out, l); over != "" {
			t.Error(over)
		}
		begin = time.Now()
		s.compare(t, owner, l)
		if s.checked++; s.checked%seldom == 0 {
			s.compare(t, stranger, l)
		}
		// Whatever the machine is busy with, it takes this long to run a
		// script that does next to nothing.
		late += time.Since(begin)
		if took <= l.Wall+slack+late {
			t.Logf("ended after %v: %s", took, describe(out))
			return
		}
		if try == tries {
			t.Errorf("took %v (%v as the engine counts), its limit is %v", took, out.Usage.Wall, l.Wall)
			return
		}
	}
}

// limits returns the limits of a case. One that is not to meet the clock gets
// as much time as a busy machine may need.
func (c Case) limits() sandbox.Limits {
	const patience = 20
	l := Limits()
	if !slices.Contains(c.Want.Codes, bindery.Timeout) {
		l.Wall *= patience
		if !slices.Contains(c.Want.Codes, bindery.Limit) {
			l.CPU *= patience
		}
	}
	if c.Limits != nil {
		c.Limits(&l)
	}
	return l
}

// describe puts an outcome in one line.
func describe(out sandbox.Outcome) string {
	if f := out.Failure; f != nil {
		return fmt.Sprintf("%s: %s: %.200s", f.Code, f.Name, f.Message)
	}
	return fmt.Sprintf("%.200s", out.Value)
}

// check returns what is wrong with an outcome, "" if nothing is.
func (w Want) check(out sandbox.Outcome) string {
	if f := out.Failure; f != nil {
		switch {
		case len(w.Codes) == 0:
			return fmt.Sprintf("failure %s: %s (%s), want value %s", f.Code, f.Message, f.Hint, w.Value)
		case !slices.Contains(w.Codes, f.Code):
			return fmt.Sprintf("failure %s: %s (%s), want %v", f.Code, f.Message, f.Hint, w.Codes)
		case f.Message == "" || !strings.Contains(f.Message, w.Says):
			return fmt.Sprintf("message %q does not say %q", f.Message, w.Says)
		}
		return ""
	}
	if len(w.Codes) > 0 && w.Value == "" {
		return fmt.Sprintf("value %.200s, want a failure (%v)", out.Value, w.Codes)
	}
	if w.Value != "*" && string(out.Value) != w.Value {
		return fmt.Sprintf("value %.2000s, want %s", out.Value, w.Value)
	}
	if out.Value != nil && !json.Valid(out.Value) {
		return fmt.Sprintf("value %.200q is not JSON", out.Value)
	}
	logged := func(l sandbox.Line) bool { return strings.Contains(l.Text, w.Log) }
	if w.Log != "" && !slices.ContainsFunc(out.Logs, logged) {
		return fmt.Sprintf("no line says %q: %+v", w.Log, out.Logs[:min(len(out.Logs), 20)])
	}
	noted := func(n string) bool { return strings.Contains(n, w.Note) }
	if w.Note != "" && !slices.ContainsFunc(out.Notes, noted) {
		return fmt.Sprintf("no note says %q: %q", w.Note, out.Notes)
	}
	return ""
}

// excess returns what of an outcome is more than its limits allow, "" if
// nothing is: whatever a script did, this is what somebody has to hold.
func excess(out sandbox.Outcome, l sandbox.Limits) string {
	const told = 64 << 10 // for what has no limit of its own
	var logs, notes int64
	for _, line := range out.Logs {
		logs += int64(len(line.Text))
	}
	for _, note := range out.Notes {
		notes += int64(len(note))
	}
	f := out.Failure
	switch {
	case int64(len(out.Value)) > l.Value:
		return fmt.Sprintf("a value of %s", sandbox.FormatBytes(int64(len(out.Value))))
	case logs > l.Logs:
		return fmt.Sprintf("logs of %s", sandbox.FormatBytes(logs))
	case notes > told:
		return fmt.Sprintf("notes of %s", sandbox.FormatBytes(notes))
	case f != nil && len(f.Name)+len(f.Message)+len(f.Hint)+len(f.SourceLine) > told:
		return fmt.Sprintf("a failure told in %d, %d, %d and %d bytes", len(f.Name), len(f.Message), len(f.Hint), len(f.SourceLine))
	case out.LogsDropped < 0 || f != nil && (f.Line < 0 || f.Column < 0):
		return fmt.Sprintf("%d lines dropped, failure %+v", out.LogsDropped, f)
	}
	return ""
}

// tolerate returns what is wrong with an outcome on a machine that has far too
// much to do, so that any script may run into its time limit.
func (w Want) tolerate(out sandbox.Outcome) string {
	if f := out.Failure; f != nil && f.Message != "" && (f.Code == bindery.Timeout || f.Code == bindery.Limit) {
		return ""
	}
	w.Note = "" // the grace for calls that are not awaited may be over first
	return w.check(out)
}
