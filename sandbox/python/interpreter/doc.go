// Package interpreter holds CPython as a WebAssembly module, and says of other
// such modules how they are run.
//
//	build/build.sh ─▶ python.wasm.gz, python-stdlib.zip ─ go:embed ─▶ Builtin ─▶ Interpreter
//	a file of the user's ─ Known, or its exports ─▶ FromFile ─▶ Interpreter
//
// A build with the tag nopython carries no interpreter; it is five megabytes
// smaller.
package interpreter
