package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

const (
	// wallSlack is how long after Limits.Wall a worker is killed: its engine
	// stops the script itself at the limit, and then knows where it was.
	wallSlack = 200 * time.Millisecond
	// deathWait is how long a worker that hung up may take to exit, so that
	// its own exit status is seen.
	deathWait = time.Second
	// cpuSlack is the same for Limits.CPU, which the worker's kernel counts in
	// whole seconds.
	cpuSlack = time.Second + wallSlack
	// smallCPU is what a run may take without its memory being looked at,
	// which takes as long as a small script: it cannot have used much.
	smallCPU = 5 * time.Millisecond
)

// Run implements [sandbox.Engine]. It waits for its turn; ctx
// bounds that, and Limits.Wall the run itself. The ctx that reaches h.Start is
// done when the run is over.
//
// Besides what the engine in the worker returns, the error is an *[bindery.Error]:
// Unavailable if no worker can be started, Limit if the queue is full, Invalid
// for limits that are not positive.
func (p *Pool) Run(ctx context.Context, s sandbox.Script, h sandbox.Host) (sandbox.Outcome, error) {
	if err := checkLimits(s.Limits); err != nil {
		return sandbox.Outcome{}, err
	}
	if f := oversize(s); f != nil {
		return sandbox.Outcome{Failure: f}, nil
	}
	if !p.enter() {
		return sandbox.Outcome{}, &bindery.Error{Code: bindery.Unavailable, Op: "run script", Err: errClosed}
	}
	defer p.wg.Done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.ctx, func() { cancel(errClosed) })()

	if err := p.turns.acquire(ctx, s.Owner); err != nil {
		if ctx.Err() != nil {
			return sandbox.Outcome{Failure: stopped(context.Cause(ctx))}, nil
		}
		return sandbox.Outcome{}, err
	}
	defer p.turns.release(s.Owner)
	b, err := p.binding(s.Bindings)
	if err != nil {
		return sandbox.Outcome{}, &bindery.Error{Code: bindery.Invalid, Op: "run script", Err: err}
	}
	w, err := p.take(ctx, s, b)
	if err != nil {
		if ctx.Err() != nil {
			return sandbox.Outcome{Failure: stopped(context.Cause(ctx))}, nil
		}
		return sandbox.Outcome{}, &bindery.Error{
			Code: bindery.Unavailable, Op: "start sandbox worker", Err: err,
			Hint: "run \"bindery doctor\" on the gateway's machine; it may be out of memory or processes",
		}
	}
	p.runs.Add(1)
	return p.execute(ctx, w, s, h, b)
}

// ending is how a run ended, as far as the gateway saw.
type ending uint8

const (
	ended     ending = iota // the worker said so
	cancelled               // ctx is done
	overdue                 // past Limits.Wall
	overspent               // past Limits.CPU
	exited                  // the worker has exited
	lost                    // it cannot be talked to for another reason
)

// await waits for the end of a run.
func (p *Pool) await(ctx context.Context, w *process, x *execution, l sandbox.Limits) ending {
	wall := time.NewTimer(l.Wall + wallSlack)
	defer wall.Stop()
	cpu := time.NewTimer(l.CPU)
	defer cpu.Stop()
	for {
		select {
		case <-x.ended:
			return ended
		case <-ctx.Done():
			return cancelled
		case <-wall.C:
			return overdue
		case <-cpu.C:
			left := l.CPU + cpuSlack - w.cpuNow()
			if left <= 0 {
				return overspent
			}
			cpu.Reset(max(left/2, 10*time.Millisecond)) // it may run on two processors
		case <-w.gone:
			// A done frame may have been the last thing that came.
			if !x.isOver() && w.broke() == nil && w.awaitExit(deathWait) {
				return exited
			}
			return lost
		}
	}
}

// execute runs s on w, which it ends or keeps for another script.
func (p *Pool) execute(ctx context.Context, w *process, s sandbox.Script, h sandbox.Host, b *binding) (sandbox.Outcome, error) {
	begin := time.Now()
	calls, endCalls := context.WithCancel(ctx)
	x := newExecution(calls, h, s.Limits, b, w.out)
	w.start(x, s, b, s.Owner != "" && w.runs < maxRuns-1)
	end := p.await(ctx, w, x, s.Limits)
	cause := context.Cause(ctx)
	endCalls()
	usage := p.part(w, x, end == ended && cause == nil)
	usage.Wall = time.Since(begin)

	out := x.outcome()
	out.Usage = usage
	switch {
	case cause != nil:
		// Even if the script has ended meanwhile: most likely because its calls
		// were cancelled too.
		p.killed.Add(1)
		out.Value, out.Failure = nil, stopped(cause)
	case x.isOver() && x.done.Error != nil:
		return out, x.done.Error.err()
	case x.isOver():
	case end == overdue:
		p.killed.Add(1)
		out.Failure = wallFailure(s.Limits)
	case end == overspent:
		p.killed.Add(1)
		out.Failure = cpuFailure(s.Limits)
	default:
		p.broken.Add(1)
		out.Failure = died(w, end == exited, s.Limits)
		p.logger.Warn("sandbox worker ended before its script", "failure", out.Failure.Message,
			"protocol", w.broke(), "state", w.cmd.ProcessState.String(), "stderr", w.stderr.String())
	}
	return out, nil
}

// part keeps w for the next script of its owner if there is no doubt about it,
// or else ends it. It returns what the run took. From now on no frame reaches
// the host.
func (p *Pool) part(w *process, x *execution, whole bool) sandbox.Usage {
	w.finish()
	usage := sandbox.Usage{CPU: w.cpuNow()}
	if usage.CPU == 0 || usage.CPU > smallCPU {
		usage.MaxRSS = w.peak()
	}
	switch {
	case whole && x.harmless() && w.stderr.String() == "" && p.keep(w):
	case whole && usage.CPU > 0:
		// The end of a process takes as long as a small script, and nothing is
		// to be learned from it.
		p.discard(w)
	default:
		w.close()
		usage.CPU = w.usedCPU()
		if usage.MaxRSS == 0 {
			usage.MaxRSS = finalRSS(w.cmd.ProcessState)
		}
	}
	return usage
}

// oversize returns the failure of a script too large to be sent, or nil.
func oversize(s sandbox.Script) *sandbox.Failure {
	if n := int64(len(s.Source)); n > s.Limits.Source {
		return &sandbox.Failure{
			Code: bindery.Limit, Hint: "move data out of the script's text",
			Message: fmt.Sprintf("script of %s exceeds the limit of %s (limits.source)",
				sandbox.FormatBytes(n), sandbox.FormatBytes(s.Limits.Source)),
		}
	}
	const most = maxFrame - maxHead
	if n := int64(len(s.Source) + len(s.Data)); n > most {
		return &sandbox.Failure{
			Code: bindery.Limit, Hint: "pass less data, or let the script fetch it",
			Message: fmt.Sprintf("script and data of %s exceed %s", sandbox.FormatBytes(n), sandbox.FormatBytes(most)),
		}
	}
	return nil
}

func checkLimits(l sandbox.Limits) error {
	if l.Wall > 0 && l.CPU > 0 && l.Grace > 0 && l.Memory > 0 && l.Source > 0 && l.Args > 0 && l.Result > 0 &&
		l.Value > 0 && l.Logs > 0 && l.Calls > 0 && l.InFlight > 0 {
		return nil
	}
	return &bindery.Error{
		Code: bindery.Invalid, Op: "run script", Err: errors.New("a limit is not positive"),
		Hint: "start from sandbox.DefaultLimits",
	}
}
