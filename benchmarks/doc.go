// Package benchmarks measures what a script saves, and what it costs, against
// the same work done by plain tool calls.
//
//	Recorder (the calls a script made) → Plain (what a model would have read and written)
//	Surface, stubs, script, answer     → Code  (what it read and wrote instead)
//
// Tokens are those of the o200k_base encoding, counted over the text that a
// model reads or writes. How a provider renders tool definitions is not
// public, so that figures compare two ways of the same work; they are no bill.
package benchmarks
