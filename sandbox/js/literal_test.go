package js

import (
	"context"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// clerk is a host that answers a precheck as it is told.
type clerk struct {
	asked  []json.RawMessage
	answer bindery.Result
	err    error
}

func (*clerk) Log(sandbox.Line) {}

func (h *clerk) Start(_ context.Context, c bindery.Call, done func(bindery.Result, error)) {
	h.asked = append(h.asked, c.Args)
	done(h.answer, h.err)
}

// checker returns an execution whose prechecks h answers.
func checker(t testing.TB, h sandbox.Host) *execution {
	t.Helper()
	tools := []sandbox.Tool{{Name: "get", Ident: "get"}, {Name: "put", Ident: "put"}}
	x, err := newExecution(testRealm(t))
	if err != nil {
		t.Fatal(err)
	}
	err = x.accept(t.Context(), sandbox.Script{
		Limits: sandbox.DefaultLimits(), Bindings: &sandbox.Bindings{Servers: []sandbox.Server{{Name: "s", Ident: "s", Tools: tools}}},
	}, h)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// check prechecks a script, if it compiles.
func check(t testing.TB, x *execution, source string) *sandbox.Failure {
	t.Helper()
	p, fail := compile(source)
	if fail != nil {
		return nil
	}
	x.text, x.shift = p.text, p.shift
	f, err := x.precheck(p.tree)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const twoCalls = `s.get({a: 1}); s.put({b: 2})`

// Each call is checked again when it is made, so that an answer that is none
// holds nothing up.
func TestPrecheckTrustsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		answer string
		err    error
		want   string
	}{
		{answer: `[{"draft":1,"message":"no","hint":"yes"}]`, want: "no (nothing was called)"},
		{answer: `[{"draft":2,"message":"no"},{"draft":-1,"message":"no"}]`},
		{answer: `[]`},
		{answer: `{}`},
		{answer: `[`},
		{answer: ``},
		{err: &bindery.Error{Code: bindery.NotFound}},
	} {
		h := &clerk{answer: bindery.Result{Structured: json.RawMessage(tc.answer)}, err: tc.err}
		f := check(t, checker(t, h), twoCalls)
		switch {
		case len(h.asked) != 1:
			t.Errorf("%s: asked %d times", tc.answer, len(h.asked))
		case f == nil && tc.want != "":
			t.Errorf("%s: no failure", tc.answer)
		case f != nil && f.Message != tc.want:
			t.Errorf("%s: %s", tc.answer, f.Message)
		}
	}
}

// silent is a host that never answers.
type silent struct{}

func (silent) Log(sandbox.Line)                                                 {}
func (silent) Start(context.Context, bindery.Call, func(bindery.Result, error)) {}

func TestPrecheckEndsWithItsContext(t *testing.T) {
	t.Parallel()
	x := checker(t, silent{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	x.ctx = ctx
	p, _ := compile(twoCalls)
	if f, err := x.precheck(p.tree); f != nil || err == nil {
		t.Errorf("%v, %v", f, err)
	}
}

func TestPrecheckIsBounded(t *testing.T) {
	t.Parallel()
	h := &clerk{}
	x := checker(t, h)
	for name, tc := range map[string]struct {
		source string
		drafts int // at most; -1 if nothing may be asked
		fails  bool
	}{
		"many calls":       {strings.Repeat("s.get({a: 1});\n", 1000), sandbox.MaxDrafts, false},
		"many wrong calls": {strings.Repeat("s.got({a: 1});\n", 1000), -1, true},
		"long texts":       {strings.Repeat("s.get({a: '"+strings.Repeat("x", 1000)+"'});\n", 150), maxDraftBytes / 1000, false},
		"many members":     {"s.get(); s.get({" + strings.Repeat("a: 1,", 2*maxLiteralNodes) + "})", 2, false},
		"many elements":    {"s.get(); s.get({a: [" + strings.Repeat("1,", 2*maxLiteralNodes) + "]})", 1, false},
		"many names":       {"s.get(); s" + strings.Repeat(".get", 500) + "()", 1, false},
		"deep value":       {"s.get(); s.get({a: " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "})", 2, false},
		"deep text":        {"s.get(); s.got(); " + strings.Repeat("-(", maxSurveyDepth) + "1" + strings.Repeat(")", maxSurveyDepth), -1, false},
		"long sum":         {"s.get(); s.got(); const x = 1" + strings.Repeat(" - 1", maxSurveyDepth), -1, false},
	} {
		h.asked = nil
		f := check(t, x, tc.source)
		if (f != nil) != tc.fails {
			t.Errorf("%s: failure %v", name, f)
		}
		if f != nil && len(f.Message) > maxMessage+10 {
			t.Errorf("%s: a message of %d bytes", name, len(f.Message))
		}
		if (len(h.asked) == 0) != (tc.drafts < 0) {
			t.Errorf("%s: asked %d times", name, len(h.asked))
			continue
		}
		for _, list := range h.asked {
			var drafts []sandbox.Draft
			if err := json.Unmarshal(list, &drafts); err != nil || len(drafts) > tc.drafts || len(drafts) == 0 || len(list) > 2*maxDraftBytes {
				t.Errorf("%s: %d drafts in %d bytes, %v", name, len(drafts), len(list), err)
			}
		}
	}
}

// BenchmarkPrecheck is what a script pays before its first statement, without
// the way to the host and back.
func BenchmarkPrecheck(b *testing.B) {
	x := checker(b, &clerk{answer: bindery.Result{Structured: json.RawMessage(`[]`)}})
	for name, source := range map[string]string{
		"no call":  `const rows = [1, 2, 3].map(n => ({n})); rows.filter(r => r.n > 1).length`,
		"one call": `const r = await s.get({a: 1, b: ["x"]}); r.items.map(i => i.name)`,
		"20 calls": strings.Repeat("await s.get({a: 1, b: ['x'], c: {d: data.owner}});\n", 20) + "1",
	} {
		b.Run(name, func(b *testing.B) {
			p, fail := compile(source)
			if fail != nil {
				b.Fatal(fail.Message)
			}
			x.text, x.shift = p.text, p.shift
			b.ReportAllocs()
			for b.Loop() {
				if f, err := x.precheck(p.tree); f != nil || err != nil {
					b.Fatal(f, err)
				}
			}
		})
	}
}

// Whatever a script's text is, what is asked about it is well formed.
func FuzzPrecheck(f *testing.F) {
	f.Add(twoCalls)
	f.Add(`const k = "a"; await s.get({k, ...x, [k]: 1, a: [1, , ...y], b: {c: -1n}}); tools["s"].put()`)
	f.Add("for await (const r of s.get({a: `x${1}`}, 2)) { try { s.nope() } catch { s.put(null) } finally { tools.t.x() } }")
	f.Add(`enum E { A = "x" } class C extends s.get { #p = s.put({e: E.A}); static { s.get({}) } get g() { return "x" in s } }`)
	f.Add(`export default async ({s = 1, ...t}, [u] = tools.server("s").get({})) => s?.get?.raw({"\u{d800}": "\ud800"})`)
	f.Add(`function s() {} label: do { switch (s.get({})) { default: break label; case s.put({}): } } while (delete tools.s.x)`)
	h := &clerk{answer: bindery.Result{Structured: json.RawMessage(`[{"draft":0,"message":"m"}]`)}}
	x := checker(f, h)
	f.Fuzz(func(t *testing.T, source string) {
		h.asked = nil
		failure := check(t, x, source)
		if failure != nil && (failure.Line < 1 || failure.Line > text(source).lines() || failure.Message == "") {
			t.Errorf("failure at %d:%d: %s", failure.Line, failure.Column, failure.Message)
		}
		for _, list := range h.asked {
			var drafts []sandbox.Draft
			if err := json.Unmarshal(list, &drafts); err != nil {
				t.Fatalf("%s: %v", list, err)
			}
			for _, d := range drafts {
				for _, place := range append(d.Unknown, d.Open...) {
					if !leads(d.Args, place) {
						t.Errorf("%q is no place in %s", place, d.Args)
					}
				}
			}
		}
	})
}

// leads reports whether a JSON Pointer leads to something.
func leads(data json.RawMessage, place string) bool {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return false
	}
	for _, step := range strings.Split(place, "/")[1:] {
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")]
			if !ok {
				return false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(at) {
				return false
			}
			v = at[i]
		default:
			return false
		}
	}
	return true
}

// What is read from the text of an object is what the object is when it is
// made.
func FuzzLiteral(f *testing.F) {
	for _, source := range []string{
		`{}`, `{a: 1, "b": 'x', c: [true, null, -0, 1e21, 0.1, .5e-7, 0b11, 9007199254740993, -9007199254740993n], 1.50: {}}`,
		"{a: `x\\n`, a: 2, a: undefined, b: void 0, \"\\ud800\": \"\\udc00\", ['k']: \"\\u2028\", [`t`]: 1}",
		`{"": {"/~": [[], {}]}, 0x10: 1, 1e400: 2, __proto: 1, "__proto__": null, toJSON: 1}`,
	} {
		f.Add(source)
	}
	r := testRealm(f)
	f.Fuzz(func(t *testing.T, source string) {
		tree, err := parser.ParseFile(nil, scriptName, "("+source+"\n)", 0, parser.WithDisableSourceMaps)
		if err != nil || len(tree.Body) != 1 {
			return
		}
		s, ok := tree.Body[0].(*ast.ExpressionStatement)
		if !ok {
			return
		}
		o, ok := s.Expression.(*ast.ObjectLiteral)
		if !ok {
			return
		}
		d, ok := draftOf(bindery.ToolID{}, o)
		if !ok || len(d.Unknown)+len(d.Open) > 0 {
			return
		}
		v, err := r.rt.RunString("(" + source + "\n)")
		if err != nil {
			t.Skip() // early errors that only the compiler knows
		}
		data, _, err := r.encode(t.Context(), v, forArgs, 1<<20)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		if !equalJSON(t, d.Args, data) {
			t.Errorf("%s\nis read as %s\nand runs as %s", source, d.Args, data)
		}
	})
}

func equalJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	for data, v := range map[string]*any{string(a): &x, string(b): &y} {
		in := json.NewDecoder(strings.NewReader(data))
		in.UseNumber()
		if err := in.Decode(v); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
	}
	if string(a) == string(b) {
		return true
	}
	return reflect.DeepEqual(x, y)
}
