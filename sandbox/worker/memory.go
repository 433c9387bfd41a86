package worker

import (
	"fmt"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// gcPercent lets the heap grow to five times what is alive before it is
// collected, 16 MiB at least: most scripts end before that, and those that
// make much garbage spend a quarter of the time on it.
const gcPercent = 400

// memoryBudget is what the scripts of this process may take, each of them
// alone.
type memoryBudget struct {
	before   int64  // bytes taken before the first script
	maxTaken int64  // bytes
	maxAlive uint64 // bytes
}

// limitMemory sets the collector to scripts that may take limit bytes more
// than was taken by now. As the heap nears the limit, the collector works
// harder, and from a point on does little else. So a script that keeps three
// quarters alive is ended: it would have died a little later, and a lot slower.
func limitMemory(limit int64) *memoryBudget {
	taken, alive := memory()
	debug.SetMemoryLimit(taken + limit - limit/16)
	return &memoryBudget{before: taken, maxTaken: taken + limit, maxAlive: alive + uint64(limit-limit/4)}
}

// memory returns the bytes that the runtime has taken from the system, as
// debug.SetMemoryLimit counts them, and those that the last collection found
// alive.
func memory() (taken int64, alive uint64) {
	s := []metrics.Sample{
		{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}, {Name: "/gc/heap/live:bytes"},
	}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64()), s[2].Value.Uint64()
}

// grown returns how many bytes more are taken than before the first script.
func (b *memoryBudget) grown() int64 {
	taken, _ := memory()
	return taken - b.before
}

// watch ends the process once the budget is exceeded, until stop is called. It
// can miss one allocation that is large enough to hurt, which RLIMIT_DATA does
// not where it exists.
func (b *memoryBudget) watch() (stop func()) {
	over := make(chan struct{})
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
			}
			if taken, alive := memory(); alive > b.maxAlive || taken > b.maxTaken {
				fmt.Fprintln(os.Stderr, "fatal error:", outOfMemory)
				os.Exit(2)
			}
		}
	}()
	return func() { close(over) }
}
