package wasm

import (
	"os"
	"strings"
	"testing"
)

// The file has each instruction on a line, after an unreachable; so it shows
// whether each was read to its end and no further.
func TestInstructionsAreSkippedExactly(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/instructions.wat")
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("testdata/instructions.wasm")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	_, function, _ := strings.Cut(string(text), "(func (local")
	lines := strings.Split(function, "\n    ")[1:]
	first := m.code.bodies[0]
	r := &reader{b: b[:first.end], pos: int(first.entry)}
	for i, line := range lines {
		start := r.pos
		form := r.next()
		if r.err != nil {
			t.Fatalf("%s: %v", line, r.err)
		}
		if i%2 == 0 && (r.pos != start+1 || b[start] != 0) {
			t.Fatalf("%s: was not read to its end, or too far", lines[max(i-1, 0)])
		}
		if i%2 == 1 && form == 'e' {
			t.Fatalf("%s: is the end", line)
		}
	}
	if r.next() != 'e' || r.more() {
		t.Error("there is more than the lines say")
	}
}

// Numbers in as few bytes as they fit, and in all that are allowed.
func TestSigned(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in   string
		bits int
		want int64
		ok   bool
	}{
		{"\x00", 32, 0, true},
		{"\x7f", 32, -1, true},
		{"\x3f", 64, 63, true},
		{"\x40", 64, -64, true},
		{"\xc0\x00", 32, 64, true},
		{"\xbf\x7f", 32, -65, true},
		{"\xff\xff\xff\xff\x07", 32, 1<<31 - 1, true},
		{"\x80\x80\x80\x80\x78", 32, -1 << 31, true},
		{"\xff\xff\xff\xff\x7f", 32, -1, true},
		{"\xff\xff\xff\xff\x0f", 32, 0, false},
		{"\x80\x80\x80\x80\x70", 32, 0, false},
		{"\x80\x80\x80\x80\x80\x00", 32, 0, false},
		{"\xff\xff\xff\xff\x0f", 33, 1<<32 - 1, true},
		{"\x80\x80\x80\x80\x70", 33, -1 << 32, true},
		{"\xff\xff\xff\xff\x1f", 33, 0, false},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", 64, 1<<63 - 1, true},
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", 64, -1 << 63, true},
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 64, 0, false},
	} {
		r := &reader{b: []byte(test.in)}
		got := r.signed(test.bits)
		if ok := r.err == nil; ok != test.ok || ok && got != test.want {
			t.Errorf("%x as %d bits: %d, %v", test.in, test.bits, got, r.err)
		}
		if !test.ok || test.bits == 64 || test.bits == 33 {
			continue
		}
		again := &reader{b: appendS32(nil, int32(got))}
		if v := again.signed(32); v != got || again.more() {
			t.Errorf("%d is written as %x", got, again.b)
		}
	}
}
