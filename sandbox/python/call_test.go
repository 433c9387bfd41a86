package python_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestCallsStartInTheOrderOfTheScript(t *testing.T) {
	out, h := run(t, script("await asyncio.gather(*[github.slow(n=n) for n in range(200)])\n1"))
	if out.Failure != nil {
		t.Fatal(show(out))
	}
	for i, c := range h.calls {
		if want := fmt.Sprintf(`{"n":%d}`, i); c.Seq != i+1 || string(c.Args) != want {
			t.Fatalf("call %d has seq %d and arguments %s", i, c.Seq, c.Args)
		}
	}
	if len(h.calls) != 200 {
		t.Errorf("%d calls", len(h.calls))
	}
}

func TestTenThousandCalls(t *testing.T) {
	out, h := run(t, script(`r = await asyncio.gather(*[github.at_once(n=n) for n in range(10000)])
sum(x["n"] for x in r)`))
	if string(out.Value) != "49995000" || len(h.calls) != 10000 {
		t.Errorf("%d calls, %s", len(h.calls), show(out))
	}
}

// gate answers nothing before release is closed, and counts what is open.
type gate struct {
	mu         sync.Mutex
	open, most int
	full       chan struct{} // closed when width calls are open
	width      int
	work       sync.WaitGroup
}

func (*gate) Log(sandbox.Line) {}

func (g *gate) Start(_ context.Context, _ bindery.Call, done func(bindery.Result, error)) {
	g.mu.Lock()
	g.open++
	g.most = max(g.most, g.open)
	if g.open == g.width {
		close(g.full)
		g.width = -1
	}
	g.mu.Unlock()
	g.work.Go(func() {
		<-g.full
		g.mu.Lock()
		g.open--
		g.mu.Unlock()
		done(bindery.Result{Structured: json.RawMessage(`1`)}, nil)
	})
}

// All calls of a gather are open at once: none is answered before all
// have been started.
func TestGatherIsConcurrent(t *testing.T) {
	g := &gate{full: make(chan struct{}), width: 50}
	s := script(`len(await asyncio.gather(*[github.echo() for _ in range(50)]))`)
	out, err := engine(t).Run(t.Context(), s, g)
	g.work.Wait()
	if err != nil || string(out.Value) != "50" || g.most != 50 {
		t.Errorf("%d at once, %s, %v", g.most, show(out), err)
	}
}

// twice answers every call two times, and once more after the run.
type twice struct{ done func(bindery.Result, error) }

func (*twice) Log(sandbox.Line) {}

func (h *twice) Start(_ context.Context, _ bindery.Call, done func(bindery.Result, error)) {
	h.done = done
	done(bindery.Result{Structured: json.RawMessage(`1`)}, nil)
	done(bindery.Result{Structured: json.RawMessage(`2`)}, nil)
}

func TestSecondAnswersAreIgnored(t *testing.T) {
	h := new(twice)
	out, err := engine(t).Run(t.Context(), script(`[await github.echo(), await github.echo()]`), h)
	h.done(bindery.Result{}, nil)
	if err != nil || string(out.Value) != "[1,1]" {
		t.Errorf("%s, %v", show(out), err)
	}
}

// Nonsense from a host becomes an error of the call, never of the run.
func TestMalformedResults(t *testing.T) {
	for _, r := range []bindery.Result{
		{Structured: json.RawMessage(`{"a":`)},
		{Structured: json.RawMessage(`{} {}`)},
		{IsError: true, Raw: json.RawMessage(`{`)},
		{Content: []bindery.Content{{Type: "image", Raw: json.RawMessage(`}`)}}},
		{Structured: deepArray(5000)},
		{Structured: deepArray(50000)},
	} {
		h := sandboxHost(func(bindery.Call) (bindery.Result, error) { return r, nil })
		out, err := engine(t).Run(t.Context(), script("try:\n  github.echo()\nexcept ToolError as e:\n  return [type(e).__name__, e.code]"), h)
		if err != nil || string(out.Value) != `["ToolError","upstream"]` {
			t.Errorf("%.40s: %s, %v", r.Structured, show(out), err)
		}
	}
}

func deepArray(n int) json.RawMessage {
	b := make([]byte, 2*n)
	for i := range n {
		b[i], b[2*n-1-i] = '[', ']'
	}
	return b
}

// sandboxHost answers at once.
type sandboxHost func(bindery.Call) (bindery.Result, error)

func (sandboxHost) Log(sandbox.Line) {}

func (h sandboxHost) Start(_ context.Context, c bindery.Call, done func(bindery.Result, error)) {
	done(h(c))
}

func TestGraceLetsChainsFinish(t *testing.T) {
	out, h := run(t, script(`
async def chain():
    await github.slow()
    await github.echo(second=True)
asyncio.ensure_future(chain())
await asyncio.sleep(0)
1`))
	if len(h.calls) != 2 || string(out.Value) != "1" {
		t.Errorf("%d calls, %s", len(h.calls), show(out))
	}
}

func TestGraceStopsAnEndlessLoop(t *testing.T) {
	s := script(`
async def spin():
    await github.slow()
    while True: pass
asyncio.ensure_future(spin())
await asyncio.sleep(0)
1`)
	s.Limits.Grace = 200 * time.Millisecond
	start := time.Now()
	out, _ := run(t, s)
	if string(out.Value) != "1" || time.Since(start) > s.Limits.Wall/2 {
		t.Errorf("%s after %s", show(out), time.Since(start))
	}
}
