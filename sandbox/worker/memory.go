package worker

import (
	"fmt"
	"os"
	"runtime/metrics"
	"time"
)

// memoryTaken returns the bytes that the runtime has taken from the system, as
// debug.SetMemoryLimit counts them.
func memoryTaken() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}

// watchMemory ends the process once it has taken more than limit bytes, as
// RLIMIT_DATA does where it exists. It can miss one allocation that is large
// enough to hurt.
func watchMemory(limit int64) {
	for range time.Tick(20 * time.Millisecond) {
		if memoryTaken() > limit {
			fmt.Fprintln(os.Stderr, "fatal error:", outOfMemory)
			os.Exit(2)
		}
	}
}
