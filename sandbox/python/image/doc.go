// Package image prepares a Python interpreter to be forked: compiled once, and
// its memory kept as it is after the prelude has run.
//
//	python.wasm ─ wasm.Strip, Countdown, TakeData ─▶ module ─ compile ─▶ code cache
//	module, data, prelude ─ run up to the first script ─▶ memory image ─▶ Fork, per script
package image
