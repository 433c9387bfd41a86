package main

import "runtime/debug"

// headroom returns memory that nobody touches, and for which the system gives
// none. The garbage collector counts it, and lets that much more garbage gather
// before it runs: a gateway holds a few megabytes and makes many small messages,
// so that it would run dozens of times a second. A larger GOGC does the same at
// the price of as much again of whatever a large catalogue holds.
// What a start has left is collected at once, for it would stay as long.
func headroom() []byte {
	debug.FreeOSMemory()
	room := make([]byte, 8<<20)
	giveBack(room)
	return room
}
