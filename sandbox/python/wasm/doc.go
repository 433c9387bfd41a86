// Package wasm rewrites a WebAssembly module so that the program in it can be
// snapshotted and interrupted: it takes the data segments out, exports what
// the host must reach, and makes running code call the host now and then.
//
//	module bytes → Parse → Strip, TakeData, Export…, Countdown → Encode → module bytes
//
// It reads WebAssembly 2.0 (https://www.w3.org/TR/wasm-core-2/), binary format
// only. [Parse] checks the structure of every section and instruction, so that
// no number in a module makes it, or the runtime after it, allocate more than
// a module of that size can need; what the code does is the runtime's to check.
package wasm
