package wasm_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

func FuzzParse(f *testing.F) {
	for _, b := range allTestdata(f) {
		f.Add(b)
	}
	f.Add(program(3, 0x40, 0x0c, 0, 0x0b, 0x0b))
	r := newInterpreter(f)
	f.Fuzz(func(t *testing.T, in []byte) { checkRewriting(t, r, in) })
}

// FuzzCode is about what is in a function, where the sizes around it would
// seldom be right by chance.
func FuzzCode(f *testing.F) {
	f.Add([]byte{0x03, 0x40, 0x0c, 0, 0x0b, 0x41, 0, 0x0b})
	f.Add([]byte{0x20, 0, 0x03, 0x02, 0x10, 1, 0x0d, 0, 0x41, 1, 0x0b, 0x0b})
	f.Add([]byte{0x20, 0, 0x20, 0, 0x11, 2, 0, 0x0b})
	f.Add([]byte{0x02, 0x40, 0x03, 0x40, 0x20, 0, 0x0e, 2, 0, 1, 1, 0x0b, 0x0b, 0x20, 0, 0x0b})
	f.Add([]byte{0x20, 0, 0x04, 0x7f, 0x10, 0, 0x05, 0x41, 0, 0x0b, 0x0b})
	f.Add([]byte{0x41, 0, 0x41, 0, 0x41, 1, 0xfc, 8, 1, 0, 0xfc, 9, 2, 0x41, 0, 0x0b})
	f.Add([]byte{0x41, 0, 0x28, 2, 4, 0x0f, 0xfd, 0x80, 1, 0xfd, 0x0c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf, 0x0b})
	r := newInterpreter(f)
	f.Fuzz(func(t *testing.T, code []byte) {
		checkRewriting(t, r, module(
			vec(1, []byte{0x60, 0, 1, 0x7f}, []byte{0x60, 1, 0x7f, 1, 0x7f}, []byte{0x60, 1, 0x7f, 2, 0x7f, 0x7f}),
			vec(2, slices.Concat(name(wasi), name(schedYield), []byte{0, 0})),
			vec(3, []byte{1}),
			vec(4, []byte{0x70, 0, 1}),
			vec(5, []byte{0, 1}),
			vec(6, []byte{0x7f, 1, 0x41, 0, 0x0b}),
			vec(9, []byte{0, 0x41, 0, 0x0b, 1, 1}),
			section(12, 3),
			vec(10, body(code...)),
			vec(11, []byte{0, 0x41, 0, 0x0b, 1, 'a'}, []byte{1, 1, 'b'}, []byte{0, 0x41, 9, 0x0b, 1, 'c'})))
	})
}

func newInterpreter(f *testing.F) wazero.Runtime {
	f.Helper()
	ctx := context.WithoutCancel(f.Context())
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	f.Cleanup(func() { r.Close(ctx) })
	return r
}

// compile takes a panic for a refusal: the runtime's checks of invalid modules
// do not all get by without.
func compile(t *testing.T, r wazero.Runtime, b []byte) (err error) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	c, err := r.CompileModule(t.Context(), b)
	if err != nil {
		return err
	}
	return c.Close(t.Context())
}

// checkRewriting expects of any bytes that they are refused, or are a module
// whose rewritten form the runtime takes if it took the original.
func checkRewriting(t *testing.T, r wazero.Runtime, in []byte) {
	t.Helper()
	m, err := wasm.Parse(in)
	if err != nil {
		if bindery.CodeOf(err) != bindery.Invalid {
			t.Errorf("error %v", err)
		}
		return
	}
	if got := m.Encode(); !bytes.Equal(got, in) {
		t.Fatalf("%x became %x", in, got)
	}
	// The runtime reads names with no bound on how many there are.
	m.Strip()
	original := m.Encode()
	if compile(t, r, original) != nil {
		return
	}
	// Any of these may be refused; if all are, nothing has changed.
	changed := m.Countdown(1000, wasi, schedYield) == nil
	segments, err := m.TakeData()
	changed = changed || err == nil && len(segments) > 0
	changed = m.ExportGlobal("fuzz global", 0) == nil || changed
	changed = m.ExportFunction("fuzz function", 0) == nil || changed
	rewritten := m.Encode()
	if !changed && !bytes.Equal(rewritten, original) {
		t.Errorf("refused, but %x became %x", original, rewritten)
	}
	if err := compile(t, r, rewritten); err != nil {
		t.Errorf("%x became %x: %v", original, rewritten, err)
	}
	again, err := wasm.Parse(rewritten)
	if err != nil {
		t.Fatalf("%x became %x: %v", original, rewritten, err)
	}
	if got := again.Encode(); !bytes.Equal(got, rewritten) {
		t.Errorf("%x became %x", rewritten, got)
	}
}
