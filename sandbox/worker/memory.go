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

// limitMemory sets the collector to a script that may take limit bytes more
// than was taken by now. As the heap nears the limit, the collector works
// harder, and from a point on does little else. So a script that keeps three
// quarters alive is ended: it would have died a little later, and a lot slower.
func limitMemory(limit int64) {
	taken, alive := memory()
	debug.SetMemoryLimit(taken + limit - limit/16)
	go watchMemory(taken+limit, alive+uint64(limit-limit/4))
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

// watchMemory ends the process once more than live bytes are alive, or more
// than taken are taken. It can miss one allocation that is large enough to
// hurt, which RLIMIT_DATA does not where it exists.
func watchMemory(taken int64, live uint64) {
	for range time.Tick(20 * time.Millisecond) {
		if now, alive := memory(); alive > live || now > taken {
			fmt.Fprintln(os.Stderr, "fatal error:", outOfMemory)
			os.Exit(2)
		}
	}
}
