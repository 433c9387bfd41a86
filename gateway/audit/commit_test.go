package audit

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bindery-mcp/bindery"
)

// Who comes while the disk is busy shares the next sync, which begins at once.
// After it a caller waits a little for others, and once none came no longer.
func TestGather(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const busy = 5 * time.Millisecond
		d := newFaultyDisk()
		l, err := open(t.TempDir(), Options{Commit: time.Hour}, d, osClock{time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		d.set(func(op string) error {
			if op == "sync" {
				time.Sleep(busy)
			}
			return nil
		})
		layer := l.Direct(Execution{}).Layer(bindery.CallerFunc(answers))
		started := time.Now()
		took := func(n int) time.Duration {
			t.Helper()
			start := time.Now()
			var wg sync.WaitGroup
			for range n {
				wg.Go(func() {
					if _, err := layer.Call(context.Background(), oneCall); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			return time.Since(start)
		}
		var first sync.WaitGroup
		first.Go(func() { took(1) })
		time.Sleep(time.Millisecond)
		took(3)
		if all := time.Since(started); all != 2*busy {
			t.Errorf("one call, and three while it was synced, took %s, not %s", all, 2*busy)
		}
		first.Wait()
		for i, want := range []time.Duration{busy + gatherFor, busy, busy} {
			if got := took(1); got != want {
				t.Errorf("call %d after them took %s, not %s", i, got, want)
			}
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
}
