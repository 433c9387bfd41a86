//go:build race

package sandboxtest

// detector tells that this is built with the race detector, which takes several
// times the memory.
const detector = true
