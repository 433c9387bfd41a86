package worker

import (
	"context"
	"sync"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Lazy is a [Pool] that is started with its first script: few gateways run
// scripts of every language, and an engine may have to be prepared first.
type Lazy struct {
	open func(ctx context.Context) (Options, error)

	ctx    context.Context // done once closed
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	closing bool
	wg      sync.WaitGroup // not added to once closing
	attempt *attempt       // to start the pool, the last one
	pool    *Pool          // nil until one has started
	bound   *sandbox.Bindings
}

// attempt is one way to a pool. Its err counts once it is done.
type attempt struct {
	done chan struct{}
	err  error
}

var _ sandbox.Engine = (*Lazy)(nil)

// NewLazy returns a Lazy whose pool has the options that open returns. Open is
// called for the first script, and again for a later one if it failed; its
// context ends with the Lazy.
func NewLazy(open func(ctx context.Context) (Options, error)) *Lazy {
	l := &Lazy{open: open}
	l.ctx, l.cancel = context.WithCancelCause(context.Background())
	return l
}

// Run implements [sandbox.Engine]; see [Pool.Run]. The error may also be that
// of opening.
func (l *Lazy) Run(ctx context.Context, s sandbox.Script, h sandbox.Host) (sandbox.Outcome, error) {
	a, err := l.start()
	if err != nil {
		return sandbox.Outcome{}, err
	}
	select {
	case <-a.done:
	case <-ctx.Done():
		return sandbox.Outcome{Failure: stopped(context.Cause(ctx))}, nil
	}
	if a.err != nil {
		return sandbox.Outcome{}, a.err
	}
	return l.pool.Run(ctx, s, h) // set before the attempt was done, once and for all
}

// start returns the attempt to wait for.
func (l *Lazy) start() (*attempt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return nil, &bindery.Error{Code: bindery.Unavailable, Op: "run script", Err: errClosed}
	}
	if l.attempt != nil && !l.attempt.failed() {
		return l.attempt, nil
	}
	a := &attempt{done: make(chan struct{})}
	l.attempt = a
	l.wg.Go(func() {
		defer close(a.done)
		a.err = l.newPool()
	})
	return a, nil
}

// failed tells whether the attempt is over, without a pool.
func (a *attempt) failed() bool {
	select {
	case <-a.done:
		return a.err != nil
	default:
		return false
	}
}

func (l *Lazy) newPool() error {
	o, err := l.open(l.ctx)
	if err != nil {
		return err
	}
	p, err := NewPool(o)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p.SetBindings(l.bound)
	l.pool = p
	return nil
}

// SetBindings is [Pool.SetBindings] for the pool, once there is one.
func (l *Lazy) SetBindings(b *sandbox.Bindings) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bound = b
	if l.pool != nil {
		l.pool.SetBindings(b)
	}
}

// Stats is [Pool.Stats] of the pool, and zero until there is one.
func (l *Lazy) Stats() Stats {
	l.mu.Lock()
	p := l.pool
	l.mu.Unlock()
	if p == nil {
		return Stats{}
	}
	return p.Stats()
}

// Close ends what Run started; see [Pool.Close].
func (l *Lazy) Close(ctx context.Context) error {
	l.mu.Lock()
	l.closing = true
	l.mu.Unlock()
	l.cancel(errClosed)
	l.wg.Wait()
	if l.pool == nil {
		return nil
	}
	return l.pool.Close(ctx)
}
