package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Options configure a [Pool].
type Options struct {
	// Command is the program and its arguments that run [Main];
	// [SelfCommand] if empty.
	Command []string
	// Size is the number of idle workers kept ready; 2 if 0, none if negative.
	Size int
	// MaxRunning is the number of scripts that run at once; 8 if 0. As many
	// workers at most are kept for the owners they ran scripts of.
	MaxRunning int
	// MaxQueued is the number of scripts of one owner that may wait for their
	// turn; 64 if 0, none if negative.
	MaxQueued int
	// Logger takes what an operator may want to know: workers that died, and
	// what they wrote before. Nil discards it.
	Logger *slog.Logger
}

// Stats is what a [Pool] is doing.
type Stats struct {
	Idle int `json:"idle"`
	// Kept workers have run scripts of one owner and wait for the next.
	Kept    int `json:"kept"`
	Running int `json:"running"`
	Queued  int `json:"queued"`
	// Spawned, Runs, Killed and Broken count since the start: workers
	// started, scripts run, scripts ended by force, workers that broke the
	// protocol or died on their own.
	Spawned int64 `json:"spawned"`
	Runs    int64 `json:"runs"`
	Killed  int64 `json:"killed"`
	Broken  int64 `json:"broken"`
}

const (
	// startTimeout bounds the start of a worker, which takes milliseconds.
	startTimeout = 15 * time.Second
	// The pool waits this long after a worker failed to start, twice as
	// long after each further one.
	minBackoff, maxBackoff = 100 * time.Millisecond, 10 * time.Second
	// While others are idle, the pool waits this long before it replaces a
	// worker that was taken: starting one takes as much processor time as many
	// a script, which would have to share.
	refillDelay = 10 * time.Millisecond
)

// Pool is a [sandbox.Engine] that runs each script in a worker process that
// nobody else's script has been in. It keeps some of them ready.
//
// A worker serves the next script of the same Owner, in a fresh runtime, if
// its last one ended in its own terms and left nothing behind, if that one has
// the same bindings and limits, and if it has not served too many or for too
// long. In all other cases it is killed after one script.
type Pool struct {
	command []string
	size    int
	logger  *slog.Logger
	starter *starter
	turns   *turns

	ctx    context.Context // done once closed
	cancel context.CancelCauseFunc
	closed chan struct{} // closed once all is over
	wake   chan struct{} // to tend, capacity 1

	spawned, runs, killed, broken atomic.Int64

	mu      sync.Mutex
	closing bool
	wg      sync.WaitGroup // tend and runs; not added to once closing
	shelf   shelf
	bound   *binding
}

var _ sandbox.Engine = (*Pool)(nil)

// NewPool starts a pool. It returns before the first worker is ready; whether
// workers can be started at all shows at the first Run. The error is an
// Unavailable *[bindery.Error].
func NewPool(o Options) (*Pool, error) {
	if len(o.Command) == 0 {
		self, err := SelfCommand()
		if err != nil {
			return nil, &bindery.Error{Code: bindery.Unavailable, Op: "start sandbox", Err: err}
		}
		o.Command = self
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	maxRunning := max(orDefault(o.MaxRunning, 8), 1)
	p := &Pool{
		command: slices.Clone(o.Command), size: orDefault(o.Size, 2), logger: o.Logger, starter: newStarter(),
		turns: newTurns(maxRunning, orDefault(o.MaxQueued, 64)), shelf: shelf{maxKept: maxRunning},
		closed: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	p.ctx, p.cancel = context.WithCancelCause(context.Background())
	p.wg.Go(p.tend)
	return p, nil
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return max(n, 0)
}

// SelfCommand returns the command that re-executes the running binary as a
// worker: its path and [Arg].
func SelfCommand() ([]string, error) {
	if runtime.GOOS == "linux" {
		// Still the same program after an upgrade replaced the file.
		return []string{"/proc/self/exe", Arg}, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	return []string{self, Arg}, nil
}

// SetBindings tells the pool what the next scripts will most likely be bound
// to: idle workers get it ahead of time. It binds no script by itself; one
// with other bindings, or where these are too large, sends its own.
func (p *Pool) SetBindings(b *sandbox.Bindings) {
	if b == nil {
		return
	}
	n, err := newBinding(b)
	if err != nil {
		p.logger.Warn("bindings cannot be sent to sandbox workers", "error", err)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bound = n
	for _, w := range p.shelf.fresh {
		w.bind(n)
	}
}

// binding returns b made ready, nil for nil.
func (p *Pool) binding(b *sandbox.Bindings) (*binding, error) {
	if b == nil {
		return nil, nil
	}
	p.mu.Lock()
	known := p.bound
	p.mu.Unlock()
	if known.holds(b) {
		return known, nil
	}
	return newBinding(b)
}

// tend keeps fresh workers ready, and ends kept ones in time, until the pool is
// closed.
func (p *Pool) tend() {
	backoff := minBackoff
	for p.ctx.Err() == nil {
		died, kept := p.sweep()
		err := p.fill()
		if err == nil && died == 0 {
			backoff = minBackoff
			var expiry <-chan time.Time
			if kept > 0 {
				expiry = time.After(keptFor / 8)
			}
			select {
			case <-p.wake:
				p.pause()
			case <-expiry:
			case <-p.ctx.Done():
			}
			continue
		}
		if p.ctx.Err() == nil {
			p.logger.Error("sandbox workers fail; trying again later", "error", err, "died", died, "wait", backoff)
		}
		select {
		case <-time.After(backoff):
		case <-p.ctx.Done():
		}
		backoff = min(2*backoff, maxBackoff)
	}
}

// pause waits for refillDelay unless no worker is idle.
func (p *Pool) pause() {
	if p.Stats().Idle == 0 {
		return
	}
	select {
	case <-time.After(refillDelay):
	case <-p.ctx.Done():
	}
}

// sweep ends idle workers that nobody can use any more. It returns how many
// fresh ones had died, and how many are kept for their owners.
func (p *Pool) sweep() (died, kept int) {
	p.mu.Lock()
	retired, died := p.shelf.sweep(time.Now())
	kept = len(p.shelf.kept)
	p.mu.Unlock()
	for _, w := range retired {
		if !w.alive() {
			p.broken.Add(1)
		}
		w.close()
	}
	return died, kept
}

// fill starts workers until enough are idle.
func (p *Pool) fill() error {
	for p.ctx.Err() == nil {
		p.mu.Lock()
		enough := len(p.shelf.fresh) >= p.size
		p.mu.Unlock()
		if enough {
			return nil
		}
		w, err := p.spawn(p.ctx, p.command)
		if err != nil {
			return err
		}
		p.mu.Lock()
		w.bind(p.bound)
		p.shelf.fresh = append(p.shelf.fresh, w)
		p.mu.Unlock()
	}
	return nil
}

// spawn starts a worker and waits until it is ready.
func (p *Pool) spawn(ctx context.Context, command []string) (*process, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("worker not ready after %s", seconds(startTimeout)))
	defer cancel()
	var w *process
	var err error
	if stop := p.starter.do(ctx, func() { w, err = startProcess(command, p.nudge) }); stop != nil {
		return nil, stop
	}
	if err != nil {
		return nil, err
	}
	p.spawned.Add(1)
	if err := w.awaitReady(ctx); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// nudge makes tend look again.
func (p *Pool) nudge() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// take returns a worker for a script, a new one if none is ready.
func (p *Pool) take(ctx context.Context, s sandbox.Script, b *binding) (*process, error) {
	p.mu.Lock()
	w, retired := p.shelf.take(s, b, time.Now())
	p.mu.Unlock()
	p.discard(retired...)
	if w != nil && w.runs > 0 {
		return w, nil
	}
	p.nudge()
	if w != nil {
		return w, nil
	}
	return p.spawn(ctx, append(slices.Clone(p.command), hurry))
}

// keep keeps w for its owner, unless the pool is being closed.
func (p *Pool) keep(w *process) bool {
	p.mu.Lock()
	if p.closing {
		p.mu.Unlock()
		return false
	}
	retired := p.shelf.keep(w, time.Now())
	first := len(p.shelf.kept) == 1
	p.mu.Unlock()
	p.discard(retired...)
	if first {
		p.nudge() // its time runs
	}
	return true
}

// discard ends workers without waiting for them. A run must be under way.
func (p *Pool) discard(workers ...*process) {
	for _, w := range workers {
		w.kill()
		p.wg.Go(w.close)
	}
}

// Stats returns what the pool is doing now.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	idle, kept := len(p.shelf.fresh), len(p.shelf.kept)
	p.mu.Unlock()
	running, queued := p.turns.count()
	return Stats{
		Idle: idle, Kept: kept, Running: running, Queued: queued,
		Spawned: p.spawned.Load(), Runs: p.runs.Load(), Killed: p.killed.Load(), Broken: p.broken.Load(),
	}
}

// enter counts a run in, unless the pool is being closed.
func (p *Pool) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return false
	}
	p.wg.Add(1)
	return true
}

// Close ends all workers and waits for them, no longer than ctx allows.
// Scripts that run end as Cancelled, later ones are refused as Unavailable.
// Close may be called more than once.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	first := !p.closing
	p.closing = true
	p.mu.Unlock()
	if first {
		p.cancel(errClosed)
		go func() {
			defer close(p.closed)
			p.wg.Wait()
			p.mu.Lock()
			idle := p.shelf.clear()
			p.mu.Unlock()
			for _, w := range idle {
				w.close()
			}
			p.starter.close()
		}()
	}
	select {
	case <-p.closed:
		return nil
	case <-ctx.Done():
		return &bindery.Error{Code: bindery.CodeOf(ctx.Err()), Op: "close sandbox", Err: errors.New("workers have not ended yet")}
	}
}
