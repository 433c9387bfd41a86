package wasm_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

// BenchmarkRewrite rewrites a module of the size and make-up of CPython: 6 MB
// of code in 11,000 functions, 7 MB of data in 24,000 segments, 13 MB of
// debug information.
func BenchmarkRewrite(b *testing.B) {
	// local.get 0; i32.const -20; i32.add; local.tee 1; i32.load 4; drop
	work := []byte{0x20, 0, 0x41, 0x6c, 0x6a, 0x22, 1, 0x28, 2, 4, 0x1a}
	loop := slices.Concat([]byte{3, 0x40}, bytes.Repeat(work, 24), []byte{0x0b})
	code := slices.Concat([]byte{1, 2, 0x7f}, loop, []byte{0x10, 0}, bytes.Repeat(work, 24), []byte{0x1a, 0x0b})
	function := append(binary.AppendUvarint(nil, uint64(len(code))), code...)
	segment := slices.Concat([]byte{0, 0x41, 0x80, 0x80, 4, 0x0b}, name(string(make([]byte, 280))))
	in := module(
		vec(1, []byte{0x60, 0, 1, 0x7f}, []byte{0x60, 0, 0}),
		vec(2, slices.Concat(name(wasi), name(schedYield), []byte{0, 0})),
		vec(3, slices.Repeat([][]byte{{1}}, 11_000)...),
		vec(5, []byte{0, 160, 1}),
		vec(10, slices.Repeat([][]byte{function}, 11_000)...),
		vec(11, slices.Repeat([][]byte{segment}, 24_000)...),
		section(0, append(name(".debug_info"), make([]byte, 13<<20)...)...))
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		m, err := wasm.Parse(in)
		if err != nil {
			b.Fatal(err)
		}
		m.Strip()
		if _, err := m.TakeData(); err != nil {
			b.Fatal(err)
		}
		if err := m.Countdown(20_000, wasi, schedYield); err != nil {
			b.Fatal(err)
		}
		m.Encode()
	}
}
