package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// slack is how many calls beyond Limits.Calls a script may try, each refused
// by the host, before it is stopped: refusing costs the gateway work too.
const slack = 10_000

// execution is one script as the gateway sees it. It believes nothing that
// the worker says: a frame that [server] would not have sent ends the worker.
type execution struct {
	ctx    context.Context // of the calls
	host   sandbox.Host
	limits sandbox.Limits
	bound  *binding // nil binds nothing
	out    *queue   // to the worker

	ended  chan struct{} // closed by the done frame, or by a budget
	mu     sync.Mutex
	over   bool
	last   uint64 // id of the last call
	before int    // how many of the calls are no call of the script
	open   int    // calls that were not answered
	logs   []sandbox.Line
	size   int64 // bytes of logs
	lost   int   // lines
	done   doneHead
	value  json.RawMessage
}

func newExecution(ctx context.Context, h sandbox.Host, l sandbox.Limits, b *binding, out *queue) *execution {
	return &execution{ctx: ctx, host: h, limits: l, bound: b, out: out, ended: make(chan struct{})}
}

// cap returns how large a frame the worker may send.
func (x *execution) cap(k kind) int64 {
	switch k {
	case kindLog:
		return fixedSize + 1<<10 + x.limits.Logs
	case kindCall:
		return fixedSize + maxHead + x.limits.Args
	case kindDone:
		return fixedSize + maxHead + x.limits.Value
	default:
		return 0
	}
}

// handle takes a frame that cap let through. An error is the worker's.
func (x *execution) handle(f frame) error {
	x.mu.Lock()
	over := x.over
	x.mu.Unlock()
	if over {
		return errors.New("frame after the end of the script")
	}
	switch f.kind {
	case kindLog:
		return x.handleLog(f)
	case kindCall:
		return x.handleCall(f)
	default:
		return x.handleDone(f)
	}
}

func (x *execution) handleLog(f frame) error {
	var h logHead
	if err := f.parseHead(&h); err != nil {
		return err
	}
	l := sandbox.Line{Level: h.Level, Text: strings.ToValidUTF8(string(f.bytes()), "\uFFFD")}
	switch l.Level {
	case "log", "info", "debug", "warn", "error":
	case sandbox.ProgressLevel:
		x.host.Log(l) // it is nothing to keep
		return nil
	default:
		return fmt.Errorf("log line of level %.20q", l.Level)
	}
	x.mu.Lock()
	fits := x.size+lineSize(l) <= x.limits.Logs
	if fits {
		x.size += lineSize(l)
		x.logs = append(x.logs, l)
	} else {
		x.lost++
	}
	x.mu.Unlock()
	if fits {
		x.host.Log(l)
	}
	return nil
}

func (x *execution) handleCall(f frame) error {
	var h callHead
	if err := f.parseHead(&h); err != nil {
		return err
	}
	if h.ID != x.last+1 {
		return fmt.Errorf("call %d after call %d", h.ID, x.last)
	}
	x.last = h.ID
	x.mu.Lock()
	x.open++
	x.mu.Unlock()
	args := json.RawMessage(f.bytes())
	if args != nil && !json.Valid(args) {
		return fmt.Errorf("call %d: arguments are not JSON", h.ID)
	}
	if x.last > uint64(x.limits.Calls)+slack {
		x.end(doneHead{Failure: &sandbox.Failure{
			Code:    bindery.Limit,
			Message: fmt.Sprintf("call limit of %d exceeded (limits.calls), and the script went on calling", x.limits.Calls),
			Hint:    "stop at the first call that is refused",
		}}, nil)
		return nil
	}
	if !x.bound.has(h.Tool) {
		x.answer(h.ID, bindery.Result{}, &bindery.Error{
			Code: bindery.NotFound, Op: "call " + h.Tool.String(),
			Hint: `find tools with tools.search("words")`, Err: errors.New("no such tool"),
		})
		return nil
	}
	if sandbox.IsPrecheck(h.Tool) {
		x.before++
	}
	c := bindery.Call{Tool: h.Tool, Args: args, Seq: int(h.ID) - x.before, Line: h.Line}
	x.host.Start(x.ctx, c, func(r bindery.Result, err error) { x.answer(h.ID, r, err) })
	return nil
}

// answer sends what a call brought, unless the script is over: another one's
// calls may have the same ids.
func (x *execution) answer(id uint64, r bindery.Result, err error) {
	if x.isOver() {
		return
	}
	f := answerFrame(id, r, err)
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.over {
		x.open--
		x.out.push(f)
	}
}

// harmless tells whether the worker offers to run another script and there is
// no doubt about this one.
func (x *execution) harmless() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.over && x.done.Again && x.done.harmless() && x.open == 0 && x.lost == 0 && int(x.last)-x.before <= x.limits.Calls
}

func (x *execution) handleDone(f frame) error {
	var h doneHead
	if err := f.parseHead(&h); err != nil {
		return err
	}
	if h.Failure != nil && h.Failure.Code > bindery.Script || h.Error != nil && h.Error.Code > bindery.Script {
		return errors.New("failure of an unknown kind")
	}
	v := json.RawMessage(f.bytes())
	if v != nil && (h.Failure != nil || h.Error != nil) {
		return errors.New("a value from a script that failed")
	}
	if v != nil && !json.Valid(v) {
		return errors.New("the script's value is not JSON")
	}
	x.end(h, v)
	return nil
}

// end ends the run. Only the first call counts.
func (x *execution) end(h doneHead, v json.RawMessage) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.over {
		return
	}
	x.over, x.done, x.value = true, h, v
	close(x.ended)
}

// isOver tells whether the run has ended.
func (x *execution) isOver() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.over
}

// outcome returns what is known of the run so far.
func (x *execution) outcome() sandbox.Outcome {
	x.mu.Lock()
	defer x.mu.Unlock()
	return sandbox.Outcome{
		Value: x.value, Failure: x.done.Failure, Notes: x.done.Notes,
		Logs: x.logs, LogsDropped: x.lost + max(x.done.LogsDropped, 0),
	}
}
