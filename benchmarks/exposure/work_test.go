package exposure

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/report"
	"github.com/bindery-mcp/bindery/gateway"
)

// Ways of which every figure can be worked out on paper.
func ways() (inline, search, code Way) {
	return Way{ID: Inline, Name: "inline", Before: 1000},
		Way{ID: ToolSearch, Name: "search", Before: 20, find: turn{10, 600}},
		Way{ID: Code, Name: "code", Before: 200, Script: true, find: turn{30, 300}}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	inline, search, code := ways()
	work := Work{Tools: 2, Calls: 3, Result: 100, Answer: 60}
	inTurn := work
	inTurn.InTurn = true
	failing := work
	failing.Failed = 1
	warm := Terms{Context: 500}
	for _, c := range []struct {
		name  string
		way   Way
		work  Work
		terms Terms
		want  Usage
	}{
		// Two requests: the calls are written in the first and read in the second.
		{"inline", inline, work, warm, Usage{Input: 3*45 + 300, Cached: 2 * 1500, Output: 135, Requests: 2}},
		{"inline, cold", inline, work, Terms{Context: 500, Cold: true}, Usage{Input: 1500 + 435, Cached: 1500, Output: 135, Requests: 2}},
		{"inline, in turn", inline, inTurn, warm, Usage{Input: 435, Cached: 4*1500 + 145 + 290, Output: 135, Requests: 4}},
		{"search", search, work, warm, Usage{Input: 20 + 1200 + 435, Cached: 3*520 + 1220, Output: 155, Requests: 3}},
		{"code", code, work, warm, Usage{Input: 60 + 600 + 230 + 60, Cached: 3*700 + 660, Output: 290, Requests: 3}},
		{"code that fails first", code, failing, warm, Usage{Input: 60 + 600 + 230 + 120 + 230 + 60, Cached: 4*700 + 660 + 1010, Output: 520, Requests: 4}},
		{"inline, where nothing fails", inline, failing, warm, Usage{Input: 435, Cached: 3000, Output: 135, Requests: 2}},
		{"code, in turn", code, inTurn, warm, Usage{Input: 60 + 600 + 230 + 60, Cached: 3*700 + 660, Output: 290, Requests: 3}},
	} {
		if diff := cmp.Diff(c.want, c.way.Do(c.work, c.terms)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if got := (Usage{Input: 100, Cached: 200, Output: 10}).Cost(Terms{Cached: 0.5, Output: 4}); got != 240 {
		t.Errorf("100 + 200 × 0.5 + 10 × 4 cost %v", got)
	}
}

// A break-even is where the costs cross: one call less and the other way is no
// dearer.
func TestBreakEven(t *testing.T) {
	t.Parallel()
	inline, search, code := ways()
	terms := DefaultTerms()
	for _, other := range []Way{inline, search} {
		b := AgainstWay(code, other, terms)
		for _, x := range []struct {
			n      int
			inTurn bool
		}{{b.AtOnce, false}, {b.InTurn, true}} {
			for _, n := range []int{x.n - 1, x.n} {
				w := Work{Tools: min(n, 2), Calls: n, Result: 500, Answer: 60, InTurn: x.inTurn}
				if n > 0 && (code.Cost(w, terms) < other.Cost(w, terms)) != (n == x.n) {
					t.Errorf("against %s, %d calls (in turn: %v): %v to %v, and the break-even is at %d", other.Name, n, x.inTurn, code.Cost(w, terms), other.Cost(w, terms), x.n)
				}
			}
		}
		if b.Result <= bytesAToken {
			t.Errorf("against %s, any result pays", other.Name)
		}
	}
	if b := AgainstWay(code, Way{Script: true}, terms); b.AtOnce != 0 || b.InTurn != 0 || b.Result != 0 || b.Turns != -1 {
		t.Errorf("against a code mode that costs nothing before, it pays from %+v", b)
	}
	if b := AgainstWay(code, Way{Before: 100_000}, terms); b != (BreakEven{AtOnce: 1, InTurn: 1, Result: 1}) {
		t.Errorf("against 100,000 tokens of definitions it pays from %+v", b)
	}
}

// The formula is the same statement as the costs.
func TestFormula(t *testing.T) {
	t.Parallel()
	inline, _, code := ways()
	terms := DefaultTerms()
	const want = "calls × (result + 270) > 3,126"
	if got := Formula(code, inline, 2, terms); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, c := range []struct{ calls, result int }{{1, 2855}, {1, 2857}, {10, 42}, {10, 43}, {4, 511}, {4, 512}} {
		w := Work{Tools: 2, Calls: c.calls, Result: c.result, Answer: 60}
		if pays := code.Cost(w, terms) < inline.Cost(w, terms); pays != (float64(c.calls)*float64(c.result+270) > 3126) {
			t.Errorf("%d calls of %d tokens: pays is %v", c.calls, c.result, pays)
		}
	}
	for want, other := range map[string]Way{
		"less a task": {Script: true, Before: 100_000}, "more a task": {Script: true}, "always": {Before: 100_000},
	} {
		if got := Formula(code, other, 2, terms); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	_, _, code := ways()
	code.find.read = 400
	for want, other := range map[string]Way{
		"pays from the first call on":              {Name: "x", Before: 50_000},
		"pays for work of 4 calls or more":         {Name: "x", Before: 4_000},
		"does not pay for small work: one small":   {Name: "x", Before: 20, find: turn{}},
		"it makes hardly a difference":             {Name: "x", Before: 210, find: turn{30, 410}, Script: true},
		"it does not pay: one small call costs 1.": {Name: "x", Before: 20, find: turn{10, 50}, Script: true},
	} {
		if got := Verdict(code, other, DefaultTerms()); !strings.HasPrefix(got, "Against x it") || !strings.Contains(got, want) {
			t.Errorf("before the first word %d: got %q, want %q", other.Before, got, want)
		}
	}
}

// setup is a few small tools, or none.
func setup(t *testing.T, names ...string) Setup {
	t.Helper()
	s := backends.Server{Name: "notes", State: backends.Ready, Instructions: "Keeps notes.\nNothing else."}
	for _, name := range names {
		s.Tools = append(s.Tools, bindery.Tool{
			ID: bindery.ToolID{Server: "notes", Name: name}, Description: "Do what " + name + " says. It is quick.",
			Input: []byte(`{"type":"object","properties":{"id":{"type":"integer","minimum":1}},"required":["id"]}`),
		})
	}
	return NewSetup(t.Context(), &backends.Catalogue{Servers: []backends.Server{s}}, gateway.Options{})
}

func TestReport(t *testing.T) {
	t.Parallel()
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tools []string
		want  []string
	}{
		{nil, []string{"Nothing to count"}},
		{[]string{"add_note", "delete-note"}, []string{"What 2 tools of 1 servers", "does not pay for one small call", "These tools are few", "369 tokens"}},
	} {
		m, err := Measure(t.Context(), counter, setup(t, c.tools...))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := report.Terminal(&b, m.Report(DefaultTerms())); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(b.String()), " ")
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("with %d tools the report does not say %q:\n%s", len(c.tools), want, b.String())
			}
		}
	}
}

// All figures in a report are there, and every chart's are in its tables.
func TestMeasure(t *testing.T) {
	t.Parallel()
	counter, err := benchmarks.NewCounterOf(benchmarks.CL100k)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Measure(t.Context(), counter, setup(t, "add_note", "delete-note", "find_note"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Encoding != benchmarks.CL100k || len(m.Ways) != 6 || m.Way("none").ID != "" {
		t.Errorf("%d ways in %s", len(m.Ways), m.Encoding)
	}
	for _, w := range m.Ways {
		finds := w.ID == ToolSearch || w.ID == ClientCode || w.ID == Code
		written, read := w.Find()
		if w.Before <= 0 || finds != (written > 0) || finds != (read > 0) || w.Script != (w.ID == ClientCode || w.ID == Code) {
			t.Errorf("%s: %d before, %d and %d to find a tool, script %v", w.ID, w.Before, written, read, w.Script)
		}
	}
	if direct, inline := m.Way(Direct).Before, m.Way(Inline).Before; direct <= inline {
		t.Errorf("longer names and instructions take %d tokens, and without it is %d", direct, inline)
	}
}
