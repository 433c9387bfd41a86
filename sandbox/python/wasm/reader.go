package wasm

import (
	"fmt"
	"unicode/utf8"

	"github.com/bindery-mcp/bindery"
)

// reader walks over a module. Its first error stops it: everything read
// afterwards is zero, so a caller may look at err once per entry.
type reader struct {
	b   []byte
	pos int
	err error
}

func (r *reader) fail(pos int, format string, args ...any) {
	if r.err == nil {
		r.err = invalid(fmt.Errorf("at byte %#x: "+format, append([]any{pos}, args...)...))
	}
}

func invalid(err error) error {
	return &bindery.Error{
		Code: bindery.Invalid, Op: "read WebAssembly module", Err: err,
		Hint: "The file must be a WebAssembly 2.0 module; threads, tail calls, exceptions and components are not read.",
	}
}

// part is a reader of the next n bytes, which r skips.
func (r *reader) part(n uint32) reader {
	start := r.pos
	if r.take(n); r.err != nil {
		return reader{err: r.err}
	}
	return reader{b: r.b[:r.pos], pos: start}
}

func (r *reader) more() bool { return r.err == nil && r.pos < len(r.b) }

// done fails if anything is left.
func (r *reader) done(what string) {
	if r.more() {
		r.fail(r.pos, "%d bytes follow the end of the %s", len(r.b)-r.pos, what)
	}
}

func (r *reader) byte() byte {
	if !r.more() {
		r.fail(r.pos, "the file or a part of it ends too early")
		return 0
	}
	c := r.b[r.pos]
	r.pos++
	return c
}

func (r *reader) take(n uint32) []byte {
	if r.err != nil {
		return nil
	}
	if uint64(n) > uint64(len(r.b)-r.pos) {
		r.fail(r.pos, "%d bytes are announced, %d are left", n, len(r.b)-r.pos)
		return nil
	}
	r.pos += int(n)
	return r.b[r.pos-int(n) : r.pos]
}

// zero reads one byte that later versions of WebAssembly give a meaning.
func (r *reader) zero() {
	if c := r.byte(); c != 0 {
		r.fail(r.pos-1, "byte %#x in a reserved place", c)
	}
}

func (r *reader) u32() uint32 {
	if r.err == nil && r.pos < len(r.b) && r.b[r.pos] < 0x80 {
		r.pos++
		return uint32(r.b[r.pos-1])
	}
	start := r.pos
	var v uint64
	for shift := 0; shift < 35; shift += 7 {
		c := r.byte()
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			if v>>32 != 0 {
				break
			}
			return uint32(v)
		}
	}
	r.fail(start, "number of more than 32 bits")
	return 0
}

// signed reads a signed number of the given width, 32, 33 or 64.
func (r *reader) signed(bits int) int64 {
	start := r.pos
	var v int64
	for shift := 0; shift < bits; shift += 7 {
		c := r.byte()
		v |= int64(c&0x7f) << shift
		if c >= 0x80 {
			continue
		}
		rest := bits - shift // how many bits of this byte there is room for
		if rest >= 7 {
			unused := 64 - 7 - shift
			return v << unused >> unused
		}
		// The bits above the width must repeat the sign.
		high := int8(c<<1) >> rest
		if high != 0 && high != -1 {
			break
		}
		return v << (64 - bits) >> (64 - bits)
	}
	r.fail(start, "signed number of more than %d bits", bits)
	return 0
}

// count reads the length of a vector whose entries are of at least one byte.
func (r *reader) count(what string, max uint32) uint32 {
	start := r.pos
	n := r.u32()
	switch {
	case n > max:
		r.fail(start, "%d %s, over the limit of %d", n, what, max)
	case uint64(n) > uint64(len(r.b)-r.pos):
		r.fail(start, "%d %s are announced in %d bytes", n, what, len(r.b)-r.pos)
	}
	if r.err != nil {
		return 0
	}
	return n
}

func (r *reader) name() string {
	start := r.pos
	b := r.take(r.u32())
	if !utf8.Valid(b) {
		r.fail(start, "name is not UTF-8")
	}
	return string(b)
}

func (r *reader) valueType() byte {
	c := r.byte()
	switch c {
	case typeI32, typeI64, typeF32, typeF64, typeV128, typeFuncref, typeExternref:
		return c
	}
	r.fail(r.pos-1, "unknown value type %#x", c)
	return c
}

func (r *reader) refType() {
	if c := r.byte(); c != typeFuncref && c != typeExternref {
		r.fail(r.pos-1, "unknown reference type %#x", c)
	}
}

// limits reads the size of a memory or table. Without a maximum, max is what
// the given one is.
func (r *reader) limits(bound uint32, what string) (minimum, maximum uint32) {
	start := r.pos
	flag := r.byte()
	minimum, maximum = r.u32(), bound
	switch flag {
	case 0:
	case 1:
		maximum = r.u32()
	default:
		r.fail(start, "unknown kind %#x of limits", flag)
	}
	if minimum > bound {
		r.fail(start, "%s of %d, over the limit of %d", what, minimum, bound)
	}
	return minimum, min(maximum, bound)
}
