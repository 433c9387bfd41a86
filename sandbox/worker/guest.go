package worker

import (
	"context"
	"fmt"
	"sync"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// guest is one script as its worker sees it: the [sandbox.Host] whose calls
// and lines go over the connection. What asks for something once the script
// is over is refused here: another script's frames may follow.
type guest struct {
	limits sandbox.Limits
	out    *queue
	wg     *sync.WaitGroup // of the server

	mu      sync.Mutex
	calls   map[uint64]func(bindery.Result, error)
	last    uint64
	logs    int64 // bytes
	dropped int   // lines
	over    bool
}

func newGuest(l sandbox.Limits, out *queue, wg *sync.WaitGroup) *guest {
	return &guest{limits: l, out: out, wg: wg, calls: make(map[uint64]func(bindery.Result, error))}
}

// Start implements [sandbox.Host].
func (g *guest) Start(_ context.Context, c bindery.Call, done func(bindery.Result, error)) {
	if n := int64(len(c.Args)); n > g.limits.Args {
		// The gateway would take such a frame for an attack.
		g.refuse(done, &bindery.Error{
			Code: bindery.Limit, Op: "call " + c.Tool.String(), Hint: "pass less data in one call",
			Err: fmt.Errorf("arguments of %s exceed the limit of %s (limits.args)",
				sandbox.FormatBytes(n), sandbox.FormatBytes(g.limits.Args)),
		})
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over {
		g.refuse(done, &bindery.Error{Code: bindery.Cancelled, Op: "call " + c.Tool.String(), Err: errOver})
		return
	}
	g.last++
	g.calls[g.last] = done
	// Pushed under the lock: the gateway wants ids in order.
	g.out.push(newFrame(kindCall, callHead{ID: g.last, Tool: c.Tool, Line: c.Line}, c.Args))
}

func (g *guest) refuse(done func(bindery.Result, error), err error) {
	g.wg.Go(func() { done(bindery.Result{}, err) })
}

// answer hands an answer to whoever started the call.
func (g *guest) answer(h answerHead, f frame) error {
	g.mu.Lock()
	done := g.calls[h.ID]
	delete(g.calls, h.ID)
	g.mu.Unlock()
	if done == nil {
		return fmt.Errorf("answer to call %d, which does not wait for one", h.ID)
	}
	r, err := h.result(f)
	done(r, err)
	return nil
}

// Log implements [sandbox.Host].
func (g *guest) Log(l sandbox.Line) {
	g.mu.Lock()
	fits := !g.over
	if l.Level != sandbox.ProgressLevel {
		fits = fits && g.logs+lineSize(l) <= g.limits.Logs
		if fits {
			g.logs += lineSize(l)
		} else {
			g.dropped++
		}
	}
	g.mu.Unlock()
	if fits {
		// Not under the lock, which the reading side needs to make progress.
		g.out.pushNow(newFrame(kindLog, logHead{Level: l.Level}, []byte(l.Text)))
	}
}

// leave ends the script. It returns how many lines were dropped, and how many
// calls were not answered.
func (g *guest) leave() (dropped, unanswered int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	return g.dropped, len(g.calls)
}

// lineSize is what a line takes of Limits.Logs: its text and a line end.
func lineSize(l sandbox.Line) int64 { return int64(len(l.Text)) + 1 }
