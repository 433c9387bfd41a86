package sandboxtest

import (
	"runtime"
	"runtime/debug"
)

// Footprint is what the calling process holds. Files, Children and Memory are
// 0 where the system does not tell.
type Footprint struct {
	Goroutines int
	// Files are open descriptors.
	Files int
	// Children are processes that it started and did not wait for.
	Children int
	// Memory is the resident size in bytes, without what is free.
	Memory int64
}

// Observe returns the footprint of the calling process.
func Observe() Footprint {
	debug.FreeOSMemory()
	f := Footprint{Goroutines: runtime.NumGoroutine(), Memory: resident()}
	f.Files, f.Children = held()
	return f
}
