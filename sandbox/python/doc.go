// Package python runs Python scripts in the calling process: CPython, compiled
// to WebAssembly, on wazero.
//
// Each script gets an interpreter of its own, forked from a prepared memory
// image (sandbox/python/image) in well under a millisecond and dropped after
// the script. A script cannot leave its memory, but the machine code that runs
// it was made by a compiler that may have faults, so the calling process has to
// be one that may die: see sandbox/worker.
//
//	Script ─▶ fork (copy-on-write) ─▶ prelude (stdlib/python) ─ frames ─▶ session ─▶ Host.Start
//	Outcome ◀─ done or fail frame ◀─ script ◀─ frames ◀─ results, as they arrive
//
// The interpreter has two files, 0 and 1, which carry frames; whatever comes
// out of it is taken for the work of an attacker. It leaves its machine code
// every few thousand steps, so that a deadline ends it anywhere and the garbage
// collector is never held up.
package python
