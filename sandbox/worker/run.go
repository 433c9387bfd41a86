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
)

// Run implements [sandbox.Engine]. It waits while all slots are taken; ctx
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

	if err := p.acquire(ctx); err != nil {
		if ctx.Err() != nil {
			return sandbox.Outcome{Failure: stopped(context.Cause(ctx))}, nil
		}
		return sandbox.Outcome{}, err
	}
	defer func() { <-p.slots }()
	b, err := p.binding(s.Bindings)
	if err != nil {
		return sandbox.Outcome{}, &bindery.Error{Code: bindery.Invalid, Op: "run script", Err: err}
	}
	w, err := p.take(ctx)
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

// acquire takes a slot, in order of arrival.
func (p *Pool) acquire(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	defer p.queued.Add(-1)
	if n := p.queued.Add(1); n > p.maxQueued {
		return &bindery.Error{
			Code: bindery.Limit, Op: "run script",
			Hint: "try again in a moment",
			Err:  fmt.Errorf("%d scripts are running and %d waiting", cap(p.slots), n-1),
		}
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// execute runs s on w, which it ends.
func (p *Pool) execute(ctx context.Context, w *process, s sandbox.Script, h sandbox.Host, b *binding) (sandbox.Outcome, error) {
	begin := time.Now()
	calls, endCalls := context.WithCancel(ctx)
	x := newExecution(calls, h, s.Limits, b, w.out)
	w.start(x, s, b)

	wall := time.NewTimer(s.Limits.Wall + wallSlack)
	defer wall.Stop()
	var ended, overdue, exited bool
	select {
	case <-x.ended:
		ended = true
	case <-ctx.Done():
	case <-wall.C:
		overdue = true
	case <-w.gone:
		// A done frame may have been the last thing that came.
		if !x.isOver() && w.broke() == nil {
			exited = w.awaitExit(deathWait)
		}
	}
	cancelled := context.Cause(ctx)
	usage := w.usage()
	endCalls()
	if ended && usage.CPU > 0 {
		// The end of a process takes as long as a small script, and nothing is
		// to be learned from it: after the end, no frame reaches h.
		w.kill()
		p.wg.Go(w.close)
	} else {
		w.close()
		usage.CPU = w.usedCPU()
		if usage.MaxRSS == 0 {
			usage.MaxRSS = finalRSS(w.cmd.ProcessState)
		}
	}
	usage.Wall = time.Since(begin)

	over := x.isOver()
	out := x.outcome()
	out.Usage = usage
	switch {
	case cancelled != nil:
		// Even if the script has ended meanwhile: most likely because its calls
		// were cancelled too.
		p.killed.Add(1)
		out.Value, out.Failure = nil, stopped(cancelled)
	case over && x.done.Error != nil:
		return out, x.done.Error.err()
	case over:
	case overdue:
		p.killed.Add(1)
		out.Failure = wallFailure(s.Limits)
	default:
		p.broken.Add(1)
		out.Failure = died(w, exited, s.Limits)
		p.logger.Warn("sandbox worker ended before its script", "failure", out.Failure.Message,
			"protocol", w.broke(), "state", w.cmd.ProcessState.String(), "stderr", w.stderr.String())
	}
	return out, nil
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
