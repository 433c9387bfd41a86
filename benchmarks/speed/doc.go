// Package speed holds what Go benchmarks measured against the bars that
// bindery sets itself.
//
//	output of go test -bench → Read: samples by package, benchmark and metric → Report: what, measured, bar
package speed
