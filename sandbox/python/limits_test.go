package python_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestLimits(t *testing.T) {
	short := func(l *sandbox.Limits) { l.Wall = 300 * time.Millisecond }
	tests := []struct {
		name, source string
		limit        func(*sandbox.Limits)
		code         bindery.Code
		want         []string // parts of the message
	}{
		{"source", "#" + strings.Repeat("x", 203), func(l *sandbox.Limits) { l.Source = 100 }, bindery.Limit, []string{"204 bytes", "100 bytes"}},
		{"value", `"x" * 2000`, func(l *sandbox.Limits) { l.Value = 1 << 10 }, bindery.Limit, []string{"result", "1 KiB"}},
		{"value of a small graph", "o = []\nfor _ in range(40): o = [o, o]\no", nil, bindery.Limit, []string{"1 MiB"}},
		{"value of an endless generator", "import itertools\nitertools.count()", nil, bindery.Limit, []string{"1 MiB"}},
		{"value of a huge integer", `1 << 40000000`, nil, bindery.Limit, []string{"1 MiB"}},
		{"arguments", `github.echo(a="x" * 2000)`, func(l *sandbox.Limits) { l.Args = 1 << 10 }, bindery.Script, []string{"github.echo", "1 KiB"}},
		{"arguments of a small graph", "o = {}\nfor _ in range(40): o = {'a': o, 'b': o}\ngithub.echo(o)", nil, bindery.Script, []string{"1 MiB"}},
		{"tool result", `github.text(Text="x" * 2000)`, func(l *sandbox.Limits) { l.Result = 1 << 10 }, bindery.Script, []string{"github.text", "KiB", "1 KiB"}},
		{"wall", `while True: pass`, short, bindery.Timeout, []string{"time limit of 300 ms"}},
		{"wall against except", "while True:\n  try:\n    while True: pass\n  except BaseException: pass", short, bindery.Timeout, nil},
		{"wall against finally", "def f():\n  try:\n    while True: pass\n  finally:\n    f()\nf()", short, bindery.Timeout, nil},
		{"wall against await", "import asyncio\nwhile True: await asyncio.sleep(0)", short, bindery.Timeout, nil},
		{"wall while waiting", `github.hang()`, short, bindery.Timeout, []string{"300 ms"}},
		{"wall while sleeping", "import time\ntime.sleep(1000)", short, bindery.Timeout, nil},
		{"wall in a regular expression", "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')", short, bindery.Timeout, nil},
		{"wall in a power", `7 ** (7 ** 8)`, short, bindery.Timeout, nil},
		{"wall in a sum", `sum(range(10 ** 12))`, short, bindery.Timeout, nil},
		{"wall in a repr", "class A:\n  def __repr__(self):\n    while True: pass\nprint(A())", short, bindery.Timeout, nil},
		{"wall in the message of an error", "class E(Exception):\n  def __str__(self):\n    while True: pass\nraise E()", short, bindery.Timeout, nil},
		{"wall in the value", "class D(dict):\n  def items(self):\n    while True: pass\nD(a=1)", short, bindery.Timeout, nil},
		{"memory in one piece", "b = bytearray(10 ** 9)", nil, bindery.Limit, []string{"memory limit of 256 MiB"}},
		{"memory piece by piece", "a = []\nwhile True: a.append('x' * 100_000)", nil, bindery.Limit, []string{"memory limit of 256 MiB"}},
		{"memory of an endless list", "list(iter(int, 1))", nil, bindery.Limit, []string{"memory limit"}},
		{"stack of native code", "class A:\n  def __getattr__(self, n): return getattr(self, n + 'x')\nimport sys\nsys.setrecursionlimit(10 ** 6)\nA().a", func(l *sandbox.Limits) { l.Wall = 5 * time.Second }, 0, nil},
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
			if out.Failure.Code != tt.code && tt.code != 0 {
				t.Errorf("code %s, want %s: %s", out.Failure.Code, tt.code, out.Failure.Message)
			}
			t.Logf("%v: %s", out.Usage.Wall, show(out))
			for _, part := range tt.want {
				if !strings.Contains(out.Failure.Message, part) {
					t.Errorf("message %q does not say %q", out.Failure.Message, part)
				}
			}
		})
	}
}

func TestTimeoutNamesTheLineAndTheCall(t *testing.T) {
	s := script("a = 1\nwhile True: a += 1")
	s.Limits.Wall = 200 * time.Millisecond
	out, _ := run(t, s)
	if f := out.Failure; f == nil || f.Line != 2 || f.SourceLine != "while True: a += 1" {
		t.Errorf("failure %+v", out.Failure)
	}
	s = script("a = 1\ngithub.hang()")
	s.Limits.Wall = 200 * time.Millisecond
	out, _ = run(t, s)
	if f := out.Failure; f == nil || f.Hint != "1 call under way, the oldest github.hang (line 2)" || f.Line != 2 {
		t.Errorf("failure %+v", out.Failure)
	}
}

func TestLogsAreBounded(t *testing.T) {
	s := script("for i in range(1000): print('0123456789')\nprint('x' * 10**6)\nprint()\n1")
	s.Limits.Logs = 100
	out, h := run(t, s)
	if len(out.Logs) != 9 || out.LogsDropped != 993 || len(h.lines) != 9 {
		t.Errorf("%d lines kept, %d dropped, %d streamed", len(out.Logs), out.LogsDropped, len(h.lines))
	}
	if string(out.Value) != "1" {
		t.Errorf("outcome %s", show(out))
	}
}

// What was printed is there, however the script ends.
func TestLogsSurviveTheEnd(t *testing.T) {
	for _, source := range []string{"while True: pass", "import os\nos._exit(1)", "import os\nos.abort()", "1 / 0", "bytearray(10 ** 9)"} {
		s := script("print('here')\n" + source)
		s.Limits.Wall = 500 * time.Millisecond
		if out, _ := run(t, s); out.Failure == nil || len(out.Logs) != 1 || out.Logs[0].Text != "here" {
			t.Errorf("%s: %s, %v", source, show(out), out.Logs)
		}
	}
}

func TestCancel(t *testing.T) {
	for _, source := range []string{"while True: pass", "github.hang()", "await github.hang()", "import time\ntime.sleep(1e6)", "sleep(5e5)"} {
		ctx, cancel := context.WithCancel(t.Context())
		h := new(host)
		stop := time.AfterFunc(100*time.Millisecond, cancel)
		out, err := engine(t).Run(ctx, script(source), h)
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
	out, err := engine(t).Run(ctx, script("while True: pass"), new(host))
	if err != nil || out.Failure == nil || out.Failure.Code != bindery.Timeout {
		t.Errorf("%s, %v", show(out), err)
	}
}

func TestRunsDoNotShareAnything(t *testing.T) {
	e := fresh(t)
	const source = `
import builtins, json, random, sys
seen = [hasattr(builtins, "left"), hasattr(json, "left"), "left" in globals(), sys.getrecursionlimit(), json.dumps({"a": 1})]
builtins.left = json.left = left = 1
json.dumps = None
sys.setrecursionlimit(99)
del sys.modules["json"]
seen + [random.random()]`
	var first string
	for n := range 4 {
		if n%2 == 0 {
			check(t, e.Warm())
		}
		out, err := e.Run(t.Context(), script(source), new(host))
		seen, random, _ := strings.Cut(string(out.Value), `}",`)
		if err != nil || seen != `[false,false,false,1000,"{\"a\": 1` || random == first {
			t.Errorf("run %d: %s, %v", n, show(out), err)
		}
		first = random
	}
}

func TestWrongLanguageAndData(t *testing.T) {
	s := script("1")
	s.Language = sandbox.TypeScript
	if out, _ := run(t, s); out.Failure == nil || out.Failure.Code != bindery.Invalid {
		t.Errorf("typescript: %s", show(out))
	}
	s = script("1")
	s.Data = []byte(`{"a":`)
	if out, _ := run(t, s); out.Failure == nil || out.Failure.Code != bindery.Invalid {
		t.Errorf("malformed data: %s", show(out))
	}
	s = script("str(data) + str(tools)")
	s.Bindings = nil
	if out, _ := run(t, s); string(out.Value) != `"None[servers: none]"` {
		t.Errorf("no bindings: %s", show(out))
	}
}

func TestConcurrentRuns(t *testing.T) {
	e := fresh(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			h := new(host)
			out, err := e.Run(t.Context(), script(fmt.Sprintf(`github.slow(n=%d)["n"]`, i)), h)
			h.work.Wait()
			if err != nil || string(out.Value) != fmt.Sprint(i) {
				t.Errorf("%d: %s, %v", i, show(out), err)
			}
		})
	}
	wg.Wait()
}

// A collection stops all goroutines, and machine code that never comes back to
// Go would hold it, and with it the process, for ever.
func TestCollectionsAreNotHeldUp(t *testing.T) {
	engine(t)
	over := make(chan struct{})
	var collector sync.WaitGroup
	collections := 0
	collector.Go(func() {
		for {
			select {
			case <-over:
				return
			default:
				runtime.GC()
				collections++
			}
		}
	})
	for _, source := range []string{"while True: pass", "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')", "sum(range(10 ** 12))", "sorted(range(10 ** 7, 0, -1))"} {
		s := script(source)
		s.Limits.Wall = 500 * time.Millisecond
		out, _ := run(t, s)
		if out.Failure == nil || out.Failure.Code != bindery.Timeout {
			t.Errorf("%s: %s", source, show(out))
		}
		t.Logf("%s: %v", source, out.Usage.Wall)
	}
	close(over)
	collector.Wait()
	if collections < 10 {
		t.Errorf("%d collections", collections)
	}
}

// The memory of a script never exceeds its limit by a page.
func TestMemoryIsExact(t *testing.T) {
	const source = `
parts = []
try:
    while True: parts.append(bytearray(1 << 16))
except MemoryError:
    n = len(parts)
    parts.clear()
n`
	for _, limit := range []int64{32 << 20, 64<<20 + 12345, 128 << 20} {
		s := script(source)
		s.Limits.Memory = limit
		out, _ := run(t, s)
		var n int64
		if _, err := fmt.Sscan(string(out.Value), &n); err != nil || n<<16 > limit || n<<16 < limit-36<<20 {
			t.Errorf("limit %d: %d bytes, %s", limit, n<<16, show(out))
		}
	}
}
