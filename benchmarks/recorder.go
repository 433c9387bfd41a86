package benchmarks

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
)

// Recorder is a [bindery.Caller] that keeps what passes through it. It is
// safe for concurrent use.
type Recorder struct {
	next bindery.Caller

	mu    sync.Mutex
	calls []Recorded
}

// Recorded is one call, its result and how long it took.
type Recorded struct {
	Call   bindery.Call
	Result bindery.Result
	Took   time.Duration
}

// NewRecorder returns a Recorder in front of next.
func NewRecorder(next bindery.Caller) *Recorder { return &Recorder{next: next} }

// Call implements [bindery.Caller].
func (r *Recorder) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	started := time.Now()
	res, err := r.next.Call(ctx, c)
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.calls = append(r.calls, Recorded{Call: c, Result: res, Took: time.Since(started)})
	}
	return res, err
}

// Calls returns the calls so far, in the order of the script.
func (r *Recorder) Calls() []Recorded {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := slices.Clone(r.calls)
	slices.SortStableFunc(calls, func(a, b Recorded) int { return a.Call.Seq - b.Call.Seq })
	return calls
}
