package wasm_test

import (
	"encoding/binary"
	"slices"
)

// Modules by hand: a section is its number and its content, a vector its
// length and its entries.

func module(sections ...[]byte) []byte {
	return append([]byte("\x00asm\x01\x00\x00\x00"), slices.Concat(sections...)...)
}

func section(id byte, content ...byte) []byte {
	return append(binary.AppendUvarint([]byte{id}, uint64(len(content))), content...)
}

func vec(id byte, entries ...[]byte) []byte {
	return section(id, append(binary.AppendUvarint(nil, uint64(len(entries))), slices.Concat(entries...)...)...)
}

func name(s string) []byte { return append(binary.AppendUvarint(nil, uint64(len(s))), s...) }

// body is a function without locals.
func body(code ...byte) []byte {
	return append(binary.AppendUvarint(nil, uint64(len(code)+1)), append([]byte{0}, code...)...)
}

// program is a module of one function that takes and returns nothing.
func program(code ...byte) []byte {
	return module(vec(1, []byte{0x60, 0, 0}), vec(3, []byte{0}), vec(10, body(code...)))
}
