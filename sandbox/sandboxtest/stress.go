package sandboxtest

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
)

// Stress runs n cases, drawn at random by seed, at most parallel at once. Each
// must end as it should, or run into a limit; afterwards the calling process
// must hold no process, file or goroutine more than before.
func Stress(t *testing.T, open Engine, l sandbox.Language, n, parallel int, seed uint64) {
	t.Helper()
	cases := Cases(l)
	if len(cases) == 0 {
		t.Fatalf("there are no cases in %s", l)
	}
	before := Observe()
	pace := watch()
	// The engine is closed when the inner test ends.
	t.Run("runs", func(t *testing.T) {
		s := &suite{engine: open(t), language: l}
		s.untouched = s.look(t, "first", sandbox.DefaultLimits())
		s.stress(t, cases, n, parallel, rand.New(rand.NewPCG(seed, 0)))
	})
	peak := pace.stop().memory
	after := settle(before)
	t.Logf("before %+v, after %+v, at most %s", before, after, sandbox.FormatBytes(peak))
	if after.Goroutines > before.Goroutines || after.Files > before.Files || after.Children > before.Children {
		t.Errorf("something was left: %+v before %d runs, %+v after", before, n, after)
	}
	if !detector && after.Memory > before.Memory+growth {
		t.Errorf("this process grew from %s to %s", sandbox.FormatBytes(before.Memory), sandbox.FormatBytes(after.Memory))
	}
}

// stress runs n of the cases.
func (s *suite) stress(t *testing.T, cases []Case, n, parallel int, draw *rand.Rand) {
	t.Helper()
	begin := time.Now()
	var started, failed atomic.Int64
	var wg sync.WaitGroup
	next := make(chan Case)
	for range parallel {
		wg.Go(func() {
			for c := range next {
				// Two owners in turns, so that some find what another of their
				// scripts was run in.
				owner := [...]string{"even", "odd"}[started.Add(1)%2]
				l := c.limits()
				out, err := s.run(t.Context(), sandbox.Script{Source: c.Source, Data: c.Data, Owner: owner, Limits: l})
				if err != nil {
					t.Errorf("%s: the sandbox failed: %v", c.Name, err)
					continue
				}
				if out.Failure != nil {
					failed.Add(1)
				}
				if wrong := c.Want.tolerate(out); wrong != "" {
					t.Errorf("%s: %s", c.Name, wrong)
				}
				if over := excess(out, l); over != "" {
					t.Errorf("%s: %s", c.Name, over)
				}
				if seen := s.look(t, owner, l); seen != s.untouched {
					t.Errorf("after %s a script sees %s", c.Name, seen)
				}
			}
		})
	}
	for i := range n {
		next <- cases[draw.IntN(len(cases))]
		if (i+1)%1000 == 0 {
			t.Logf("%d runs after %v: %+v", i+1, time.Since(begin).Round(time.Second), Observe())
		}
	}
	close(next)
	wg.Wait()
	t.Logf("%d runs in %v, %d of them ended by force or with an error", n, time.Since(begin).Round(time.Millisecond), failed.Load())
}

// settle waits until what ended has gone.
func settle(before Footprint) Footprint {
	deadline := time.Now().Add(time.Minute)
	for {
		after := Observe()
		if after.Goroutines <= before.Goroutines && after.Files <= before.Files && after.Children <= before.Children ||
			time.Now().After(deadline) {
			return after
		}
		runtime.Gosched()
		time.Sleep(10 * time.Millisecond)
	}
}
