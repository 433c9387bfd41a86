package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
)

// The bounds of a run: it is to end by itself.
const (
	maxCallers = 256
	maxRun     = 30 * time.Minute
	// maxFailures ends a measurement that only fails.
	maxFailures = 100
)

// Options say how to measure.
type Options struct {
	// Callers are how many call at once, one measurement each; at most 256.
	Callers []int
	// Warmup comes once before each target's first round, Duration is one
	// target's part of a round.
	Warmup, Duration time.Duration
	Rounds           int
	// Progress is told how far the run is; it may be nil.
	Progress func(what string, done, total int)
}

// takes returns how long a run of n targets takes.
func (o Options) takes(n int) time.Duration {
	return time.Duration(len(o.Callers)*n) * (o.Warmup + time.Duration(o.Rounds)*o.Duration)
}

func (o Options) check(n int) error {
	wrong := func(format string, args ...any) error {
		return &bindery.Error{Code: bindery.Invalid, Op: "measure", Err: fmt.Errorf(format, args...)}
	}
	switch {
	case n == 0 || len(o.Callers) == 0:
		return wrong("there is nothing to measure")
	case slices.Min(o.Callers) < 1 || slices.Max(o.Callers) > maxCallers:
		return wrong("callers are from 1 to %d", maxCallers)
	case o.Warmup < 0 || o.Duration <= 0 || o.Rounds < 1:
		return wrong("a measurement needs a duration and at least one round")
	case o.takes(n) > maxRun:
		return wrong("%d targets would take %s, more than %s: fewer rounds, or shorter ones", n, o.takes(n), maxRun)
	}
	return nil
}

// Result is what one target did with so many callers.
type Result struct {
	Target  string
	Callers int
	Count   int // that did not fail
	Failed  int
	// Err is the first failure.
	Err           error
	PerSecond     float64
	P50, P95, P99 time.Duration
}

// Run measures the targets in turn, round by round, so that what else the
// machine does meets all of them. The results of one number of callers come
// together, in the order of the targets.
func Run(ctx context.Context, targets []Target, o Options) ([]Result, error) {
	if err := o.check(len(targets)); err != nil {
		return nil, err
	}
	var results []Result
	done, total := 0, len(o.Callers)*len(targets)*o.Rounds
	for _, callers := range o.Callers {
		took := make([][]time.Duration, len(targets))
		out := make([]Result, len(targets))
		seconds := make([]float64, len(targets))
		for round := range o.Rounds {
			for i, t := range targets {
				if o.Progress != nil {
					o.Progress(fmt.Sprintf("%s, %d at once", t.Name, callers), done, total)
				}
				if round == 0 && o.Warmup > 0 {
					measure(ctx, t, callers, o.Warmup)
				}
				m := measure(ctx, t, callers, o.Duration)
				if ctx.Err() != nil {
					return nil, &bindery.Error{Code: bindery.Cancelled, Op: "measure", Err: context.Cause(ctx)}
				}
				took[i] = append(took[i], m.took...)
				out[i].Failed += m.failed
				out[i].Err = errors.Join(out[i].Err, m.err)
				seconds[i] += m.lasted.Seconds()
				done++
			}
		}
		for i, t := range targets {
			out[i].finish(t.Name, callers, took[i], seconds[i])
		}
		results = append(results, out...)
	}
	return results, nil
}

func (r *Result) finish(name string, callers int, took []time.Duration, seconds float64) {
	slices.Sort(took)
	r.Target, r.Callers, r.Count = name, callers, len(took)
	if joined, ok := r.Err.(interface{ Unwrap() []error }); ok {
		r.Err = joined.Unwrap()[0]
	}
	if len(took) == 0 {
		return
	}
	at := func(share float64) time.Duration { return took[min(int(share*float64(len(took))), len(took)-1)] }
	r.PerSecond, r.P50, r.P95, r.P99 = float64(len(took))/seconds, at(0.5), at(0.95), at(0.99)
}

// measured is one target's part of a round.
type measured struct {
	took   []time.Duration // of those that did not fail
	failed int
	err    error // the first
	lasted time.Duration
}

// measure has all callers call the target, each again as soon as it is
// answered, for d. What was begun by then is waited for.
func measure(ctx context.Context, t Target, callers int, d time.Duration) measured {
	var m measured
	var mu sync.Mutex
	var wg sync.WaitGroup
	begin := time.Now()
	for range callers {
		wg.Go(func() {
			var own measured
			for ctx.Err() == nil && time.Since(begin) < d && own.failed < maxFailures {
				started := time.Now()
				if err := t.Do(ctx); err != nil {
					if own.failed++; own.err == nil {
						own.err = err
					}
					continue
				}
				own.took = append(own.took, time.Since(started))
			}
			mu.Lock()
			defer mu.Unlock()
			m.took = append(m.took, own.took...)
			m.failed += own.failed
			if m.err == nil {
				m.err = own.err
			}
		})
	}
	wg.Wait()
	m.lasted = time.Since(begin)
	return m
}
