//go:build race

package benchmarks_test

// sampled is how many of many equal steps a test takes one of. The race
// detector makes counting tokens ten times slower, and there is nothing to
// race; make test counts all of them without it.
const sampled = 8
