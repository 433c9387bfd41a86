package worker_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// place runs s, whose first word is "pid", and returns the process it ran in.
func place(t *testing.T, p *worker.Pool, s sandbox.Script, c bindery.Caller) string {
	t.Helper()
	s.Source = "pid " + s.Source
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	d := sandbox.NewDispatcher(c, s.Bindings, s.Limits, nil)
	defer d.Close()
	out, err := p.Run(ctx, s, d)
	if err != nil && !strings.Contains(err.Error(), "engine failed") {
		t.Fatal(err)
	}
	if len(out.Logs) == 0 {
		t.Fatalf("no process id: %+v", out)
	}
	return out.Logs[0].Text
}

func TestReuse(t *testing.T) {
	for _, test := range []struct {
		name   string
		first  func(*sandbox.Script)
		second func(*sandbox.Script)
		same   bool
	}{
		{name: "same owner", same: true},
		{name: "script error", first: source("throw"), same: true},
		{name: "calls answered", first: source("calls=20"), same: true},
		{name: "other owner", second: func(s *sandbox.Script) { s.Owner = "b" }},
		{name: "no owner", first: func(s *sandbox.Script) { s.Owner = "" }, second: func(s *sandbox.Script) { s.Owner = "" }},
		{name: "owner after none", first: func(s *sandbox.Script) { s.Owner = "" }},
		{name: "other bindings", second: func(s *sandbox.Script) { s.Bindings = &sandbox.Bindings{Digest: "none"} }},
		{name: "no bindings", second: func(s *sandbox.Script) { s.Bindings = nil }},
		{name: "other limits", second: func(s *sandbox.Script) { s.Limits.Memory += 1 << 20 }},
		{name: "engine error", first: source("fail")},
		{name: "panic", first: source("panic")},
		{name: "time limit", first: func(s *sandbox.Script) { s.Source, s.Limits.Wall = "wait", 100*time.Millisecond }},
		{name: "value limit", first: func(s *sandbox.Script) { s.Source, s.Limits.Value = "value=2000", 1000 }},
		{name: "log limit", first: func(s *sandbox.Script) { s.Source, s.Limits.Logs = "log=100", 200 }},
		{name: "call limit", first: func(s *sandbox.Script) { s.Source, s.Limits.Calls = "calls=3", 2 }},
		{name: "half the processor time of its life", first: func(s *sandbox.Script) { s.Source, s.Limits.CPU = "burn", time.Millisecond }},
		{name: "leftover memory", first: source("grow=64")},
		{name: "leftover call", first: source("forget")},
		{name: "leftover timer", first: source("leftover")},
		{name: "noise on standard error", first: source("stderr")},
		{name: "frames after the end", first: func(s *sandbox.Script) {
			s.Source = "raw"
			data, err := json.Marshal(worker.DoneTwice(t))
			if err != nil {
				t.Fatal(err)
			}
			s.Data = data
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPool(t, worker.Options{Size: -1})
			script := func(edit func(*sandbox.Script)) sandbox.Script {
				s := sandbox.Script{Source: "echo", Bindings: bindings(), Limits: limits(), Owner: "a"}
				if edit != nil {
					edit(&s)
				}
				return s
			}
			// What is limited is limited for both, so that nothing else differs.
			first, second := script(test.first), script(test.second)
			if test.second == nil {
				second.Limits, second.Owner = first.Limits, first.Owner
			}
			if test.name == "owner after none" {
				second.Owner = "a"
			}
			slow := bindery.CallerFunc(func(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
				if first.Source == "forget" {
					<-ctx.Done()
				}
				return bindery.Result{}, nil
			})
			before := place(t, p, first, slow)
			after := place(t, p, second, slow)
			if (before == after) != test.same {
				t.Errorf("processes %s and %s, want the same: %t", before, after, test.same)
			}
		})
	}
}

func source(text string) func(*sandbox.Script) {
	return func(s *sandbox.Script) { s.Source = text }
}

// A script on a worker that has served others has the same limits as the first.
func TestReusedLimits(t *testing.T) {
	for _, test := range []struct{ source, failure string }{
		{"spin", "CPU limit of 1 s exceeded (limits.cpu)"},
		{"loop", "CPU limit of 1 s exceeded (limits.cpu)"},
		{"alloc", "memory limit of 128 MiB exceeded (limits.memory)"},
		{"huge=40", "memory limit of 128 MiB exceeded (limits.memory)"},
	} {
		t.Run(test.source, func(t *testing.T) {
			p := newPool(t, worker.Options{Size: -1})
			s := sandbox.Script{Source: "log=1", Bindings: bindings(), Limits: limits(), Owner: "a"}
			s.Limits.CPU, s.Limits.Memory = time.Second, 128<<20
			for range 3 {
				place(t, p, s, nil)
			}
			s.Source = "log=1 " + test.source
			out := runScript(t, p, s, answering(bindery.Result{}))
			checkFailure(t, out.Failure, bindery.Limit, test.failure)
			if st := p.Stats(); st.Spawned != 1 || st.Kept != 0 {
				t.Errorf("%d workers were started, %d are kept; want one, which is gone", st.Spawned, st.Kept)
			}
		})
	}
}

// A worker serves its owner many times and is then replaced, and each script
// has the whole budgets.
func TestReuseEnds(t *testing.T) {
	p := newPool(t, worker.Options{Size: -1})
	s := sandbox.Script{Source: "log=3 calls=3", Bindings: bindings(), Limits: limits(), Owner: "a"}
	s.Limits.Calls = 3
	first := place(t, p, s, answering(bindery.Result{}))
	runs := 1
	for ; runs < 1000; runs++ {
		if place(t, p, s, answering(bindery.Result{})) != first {
			break
		}
	}
	if runs != 256 {
		t.Errorf("a worker served %d scripts, want 256", runs)
	}
}

// One that waits for its owner in vain makes room for others.
func TestKeptIsBounded(t *testing.T) {
	p := newPool(t, worker.Options{Size: -1, MaxRunning: 2})
	s := sandbox.Script{Bindings: bindings(), Limits: limits()}
	in := func(owner string) string {
		s.Owner = owner
		return place(t, p, s, answering(bindery.Result{}))
	}
	a, b := in("a"), in("b")
	if in("a") != a {
		t.Error("the worker of a was not kept")
	}
	in("c")
	if n := p.Stats().Kept; n != 2 {
		t.Errorf("%d workers are kept, want 2", n)
	}
	if in("b") == b {
		t.Error("the worker that waited longest was kept")
	}
}

// tracesLeft leaves traces in everything that a script can reach, and ends.
const tracesLeft = `
Object.prototype.polluted = 1;
Array.prototype.map = () => ["stolen"];
Array.prototype.toJSON = Object.prototype.toJSON = () => "stolen";
JSON.parse = JSON.stringify = () => "stolen";
Promise.prototype.then = undefined;
Symbol.for("mark").description;
Symbol.mark = Symbol.for("mark");
Math.random = () => 0.5;
Date.now = () => 0;
RegExp.prototype.exec = () => null;
String.prototype.mark = /x/g;
console.log = () => {};
console.mark = 1;
ToolError.mark = 1;
globalThis.mark = "global";
globalThis.data = {mark: 1};
globalThis.setTimeout = () => 77;
Object.getPrototypeOf(async function () {}).mark = 1;
Object.getPrototypeOf(function* () {}).mark = 1;
Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())).mark = 1;
Map.prototype.mark = Set.prototype.mark = Error.prototype.mark = BigInt.prototype.mark = 1;
for (const name of Object.getOwnPropertyNames(globalThis)) {
  try { globalThis[name].mark = 1; } catch {}
  try { globalThis[name].prototype.mark = 1; } catch {}
}
try { delete globalThis.Map; } catch {}
try { Object.freeze(Object.prototype); Object.freeze(Array.prototype); } catch {}
throw 1
`

// tracesSought reports what it finds of tracesLeft, and of what is counted.
const tracesSought = `
const found = [];
const seek = (what, was) => { if (was) found.push(what); };
seek("prototype", ({}).polluted !== undefined);
seek("map", [1].map(x => x + 1)[0] !== 2);
seek("json", JSON.stringify([1]) !== "[1]" || JSON.parse("2") !== 2);
seek("frozen", Object.isFrozen(Object.prototype) || Object.isFrozen(Array.prototype));
seek("symbol", Symbol.mark !== undefined);
seek("random", Math.random() === 0.5 && Math.random() === 0.5);
seek("clock", Date.now() < 1e12);
seek("regexp", !/a/.test("a") || /a/g.lastIndex !== 0);
seek("string", "".mark !== undefined);
seek("data", typeof data !== "undefined");
seek("timer ids", setTimeout(() => {}, 0) !== 1);
await sleep(5);
seek("console", console.mark !== undefined);
seek("error", ToolError.mark !== undefined);
seek("async function", Object.getPrototypeOf(async function () {}).mark !== undefined);
seek("iterator", Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())).mark !== undefined);
seek("deleted", typeof Map !== "function");
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (name === "srv" || name === "tools") continue;
  const v = globalThis[name];
  seek(name, v !== undefined && v !== null && (v.mark !== undefined || v.prototype?.mark !== undefined));
}
seek("weak", typeof FinalizationRegistry !== "undefined");
seek("result", (await srv.t0({n: 1})).n !== 1);
found.push(...Object.getOwnPropertyNames(globalThis).filter(n => n === "mark"));
console.log("seen");
return found
`

// TestNothingIsSeen runs scripts of one owner in one process; the second must
// find nothing of the first.
func TestNothingIsSeen(t *testing.T) {
	p := newPool(t, worker.Options{Size: -1, Command: jsCommand(t)})
	s := sandbox.Script{Language: sandbox.TypeScript, Bindings: bindings(), Limits: limits(), Owner: "a"}
	c := answering(bindery.Result{Structured: json.RawMessage(`{"n":1}`)})
	for _, before := range []string{
		tracesLeft,
		"const secret: string = 'typed'; globalThis.secret = secret; secret",
		"Promise.reject(new Error('left')); 1",
		"new Promise(() => {}); srv.t1({}); srv.t2({}); 1", // answered within the grace
		"srv.t0 = 1",
		"this is no script",
		"console.log('left'); throw new Error('left')",
		"const r = /x/g; globalThis.r = r; r.test('xx'); r.lastIndex",
	} {
		s.Source = before
		runScript(t, p, s, c)
		kept := p.Stats()
		if kept.Kept != 1 {
			t.Errorf("after %.40q no worker is kept: %+v", before, kept)
		}
		s.Source = tracesSought
		out := runScript(t, p, s, c)
		if string(out.Value) != "[]" || out.Failure != nil || len(out.Notes) != 0 || len(out.Logs) != 1 {
			t.Errorf("after %.40q: found %s, failure %+v, notes %q, logs %v", before, out.Value, out.Failure, out.Notes, out.Logs)
		}
		if now := p.Stats(); now.Spawned != kept.Spawned {
			t.Errorf("after %.40q the next script ran in another process", before)
		}
	}
}

// Scripts that leave something running are the last of their process.
func TestLeftoversRetire(t *testing.T) {
	p := newPool(t, worker.Options{Size: -1, Command: jsCommand(t)})
	s := sandbox.Script{Language: sandbox.TypeScript, Bindings: bindings(), Limits: limits(), Owner: "a"}
	s.Limits.Grace = time.Millisecond
	for _, source := range []string{
		"setInterval(() => console.log('late'), 1); 1",
		"srv.t0({}); 1",
		"globalThis.big = 'x'.repeat(60e6).split(''); 1",
	} {
		s.Source = source
		runScript(t, p, s, bindery.CallerFunc(func(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
			<-ctx.Done()
			return bindery.Result{}, nil
		}))
		if st := p.Stats(); st.Kept != 0 {
			t.Errorf("after %.40q a worker is kept", source)
		}
	}
}
