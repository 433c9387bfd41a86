package js_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/js"
)

func TestLimits(t *testing.T) {
	tests := []struct {
		name, source string
		limit        func(*sandbox.Limits)
		code         bindery.Code
		want         []string // parts of the message
	}{
		{"source", "/*" + strings.Repeat("x", 200) + "*/", func(l *sandbox.Limits) { l.Source = 100 }, bindery.Limit, []string{"204 bytes", "100 bytes"}},
		{"value", `"x".repeat(2000)`, func(l *sandbox.Limits) { l.Value = 1 << 10 }, bindery.Limit, []string{"result", "1 KiB"}},
		{"value of a small graph", `let o: any = {}; for (let i = 0; i < 40; i++) o = [o, o]; o`, nil, bindery.Limit, []string{"1 MiB"}},
		{"value with huge length", `const a = []; a.length = 2**32 - 1; a`, nil, bindery.Limit, []string{"1 MiB"}},
		{"value of a huge integer", `2n ** 40000000n`, nil, bindery.Limit, []string{"1 MiB"}},
		{"arguments", `await github.echo({a: "x".repeat(2000)})`, func(l *sandbox.Limits) { l.Args = 1 << 10 }, bindery.Script, []string{"github.echo", "1 KiB"}},
		{"arguments of a small graph", `let o: any = {}; for (let i = 0; i < 40; i++) o = {a: o, b: o}; await github.echo(o)`, nil, bindery.Script, []string{"1 MiB"}},
		{"tool result", `await github.text({Text: "x".repeat(2000)})`, func(l *sandbox.Limits) { l.Result = 1 << 10 }, bindery.Script, []string{"github.text", "2 KiB", "1 KiB"}},
		{"wall", `for (;;) {}`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, []string{"time limit of 200 ms"}},
		{"wall against catch", `for (;;) { try { for (;;) {} } catch {} finally { continue } }`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, nil},
		{"wall against microtasks", `(function f() { Promise.resolve().then(f) })(); await sleep(1e6)`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, nil},
		{"wall against timers", `(function f() { setTimeout(f, 0) })(); await new Promise(() => {})`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, nil},
		{"wall while waiting", `await github.hang({})`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, []string{"200 ms"}},
		{"wall in toJSON", `({toJSON() { for (;;) {} }})`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, nil},
		{"wall in an argument", `await github.echo({get a() { for (;;) {} }})`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, nil},
		{"wall in a thrown getter", `throw {get message() { for (;;) {} }}`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, nil},
		{"wall in the message of an error", `const e = new Error(); Object.defineProperty(e, "message", {get() { for (;;) {} }}); throw e`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, nil},
		{"wall in console", `console.log({get a() { for (;;) {} }})`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, nil},
		{"wall in a thenable", `const t = {then(r) { r(t) }}; await t`, func(l *sandbox.Limits) { l.Wall = 200 * time.Millisecond }, bindery.Timeout, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := script(tt.source)
			if tt.limit != nil {
				tt.limit(&s.Limits)
			}
			out, _ := run(t, s)
			if out.Failure == nil {
				t.Fatalf("it gave %.100s", out.Value)
			}
			if out.Failure.Code != tt.code {
				t.Errorf("code %s, want %s: %s", out.Failure.Code, tt.code, out.Failure.Message)
			}
			for _, part := range tt.want {
				if !strings.Contains(out.Failure.Message, part) {
					t.Errorf("message %q does not say %q", out.Failure.Message, part)
				}
			}
		})
	}
}

func TestTimeoutNamesTheLineAndTheCall(t *testing.T) {
	s := script("const a = 1;\nfor (;;) a;")
	s.Limits.Wall = 200 * time.Millisecond
	out, _ := run(t, s)
	if f := out.Failure; f == nil || f.Line != 2 || f.SourceLine != "for (;;) a;" {
		t.Errorf("failure %+v", out.Failure)
	}
	s = script("const a = 1;\nawait github.hang({})")
	s.Limits.Wall = 200 * time.Millisecond
	out, _ = run(t, s)
	if f := out.Failure; f == nil || f.Hint != "1 call under way, the oldest github.hang (line 2)" {
		t.Errorf("failure %+v", out.Failure)
	}
}

func TestLogsAreBounded(t *testing.T) {
	s := script(`for (let i = 0; i < 1000; i++) console.log("0123456789");
console.log("x".repeat(1e6));
console.log(); 1`)
	s.Limits.Logs = 100
	out, h := run(t, s)
	if len(out.Logs) != 9 || out.LogsDropped != 993 || len(h.lines) != 9 {
		t.Errorf("%d lines kept, %d dropped, %d streamed", len(out.Logs), out.LogsDropped, len(h.lines))
	}
	if string(out.Value) != "1" {
		t.Errorf("outcome %s", show(out))
	}
}

func TestCancel(t *testing.T) {
	for _, source := range []string{`for (;;) {}`, `await github.hang({})`, `await sleep(1e6)`} {
		ctx, cancel := context.WithCancel(t.Context())
		h := new(host)
		stop := time.AfterFunc(100*time.Millisecond, cancel)
		out, err := js.New().Run(ctx, script(source), h)
		stop.Stop()
		cancel()
		h.work.Wait()
		if err != nil || out.Failure == nil || out.Failure.Code != bindery.Cancelled {
			t.Errorf("%s: %s, %v", source, show(out), err)
		}
	}
}

func TestDeadlineOfTheCaller(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	out, err := js.New().Run(ctx, script(`for (;;) {}`), new(host))
	if err != nil || out.Failure == nil || out.Failure.Code != bindery.Timeout {
		t.Errorf("%s, %v", show(out), err)
	}
}

func TestRunsDoNotShareAnything(t *testing.T) {
	e := js.New()
	for i := range 2 {
		if err := e.Warm(); err != nil {
			t.Fatal(err)
		}
		out, err := e.Run(t.Context(), script(`const seen = Object.prototype.polluted; Object.prototype.polluted = 1; globalThis.x ??= []; globalThis.x.push(1); [seen === undefined, x.length]`), new(host))
		if err != nil || string(out.Value) != "[true,1]" {
			t.Errorf("run %d: %s, %v", i, show(out), err)
		}
	}
}

func TestWrongLanguageAndData(t *testing.T) {
	s := script("1")
	s.Language = sandbox.Python
	if out, _ := run(t, s); out.Failure == nil || out.Failure.Code != bindery.Invalid {
		t.Errorf("python: %s", show(out))
	}
	s = script("1")
	s.Data = []byte(`{"a":`)
	if out, _ := run(t, s); out.Failure == nil || out.Failure.Code != bindery.Invalid {
		t.Errorf("malformed data: %s", show(out))
	}
	s = script("typeof data + String(globalThis.tools)")
	s.Bindings = nil
	if out, _ := run(t, s); string(out.Value) != `"undefined[object Tools]"` {
		t.Errorf("no bindings: %s", show(out))
	}
}

func TestConcurrentRuns(t *testing.T) {
	e := js.New()
	done := make(chan string)
	const n = 8
	for i := range n {
		go func() {
			h := new(host)
			out, err := e.Run(t.Context(), script(fmt.Sprintf(`(await github.echo({n: %d})).n`, i)), h)
			h.work.Wait()
			if err != nil || string(out.Value) != fmt.Sprint(i) {
				done <- fmt.Sprint(i, show(out), err)
				return
			}
			done <- ""
		}()
	}
	for range n {
		if s := <-done; s != "" {
			t.Error(s)
		}
	}
}
