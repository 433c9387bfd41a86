//go:build !race

package benchmarks_test

const sampled = 1
