package wasm_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

func TestUnchangedIsIdentical(t *testing.T) {
	t.Parallel()
	for name, b := range allTestdata(t) {
		if got := parse(t, b).Encode(); !bytes.Equal(got, b) {
			t.Errorf("%s: %d bytes became %d others", name, len(b), len(got))
		}
	}
	// Numbers longer than they need be, as linkers write them to patch later.
	padded := module([]byte{1, 0x84, 0x80, 0x80, 0x80, 0, 1, 0x60, 0, 0}, section(0, name("x")...))
	if got := parse(t, padded).Encode(); !bytes.Equal(got, padded) {
		t.Errorf("%x became %x", padded, got)
	}
}

func TestStrip(t *testing.T) {
	t.Parallel()
	types, custom := vec(1, []byte{0x60, 0, 0}), section(0, append(name("producers"), 1, 2, 3)...)
	m := parse(t, module(custom, types, custom, custom))
	m.Strip()
	if got, want := m.Encode(), module(types); !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	none := []byte{0x60, 0, 0}
	manyLocals := append([]byte{1}, 0xd1, 0x86, 3, 0x7f, 0x0b) // 50001
	for _, test := range []struct {
		name string
		in   []byte
		want string
	}{
		{"nothing", nil, "no WebAssembly 1 header"},
		{"text", []byte("(module (func))"), "no WebAssembly 1 header"},
		{"component", []byte("\x00asm\x0d\x00\x01\x00"), "no WebAssembly 1 header"},
		{"no size", module([]byte{1}), "at byte 0x9: the file or a part of it ends too early"},
		{"section beyond the end", module([]byte{1, 5, 0}), "at byte 0xa: 5 bytes are announced, 1 are left"},
		{"size of 33 bits", module([]byte{1, 0xff, 0xff, 0xff, 0xff, 0x1f}), "number of more than 32 bits"},
		{"size of six bytes", module([]byte{1, 0x80, 0x80, 0x80, 0x80, 0x80, 0}), "number of more than 32 bits"},
		{"unknown section", module(section(13)), "unknown section 13"},
		{"section twice", module(vec(1, none), vec(1, none)), "section 1 is there twice or out of order"},
		{"sections out of order", module(vec(3), vec(1, none)), "section 1 is there twice or out of order"},
		{"data count after code", module(vec(10), section(12, 0)), "section 12 is there twice or out of order"},
		{"data count before elements", module(section(12, 0), vec(9)), "section 9 is there twice or out of order"},
		{"function of no type", module(vec(1, none), vec(3, []byte{1}), vec(10, body(0x0b))), "no type 1 among 1"},
		{"import of no type", module(vec(2, []byte{0, 0, 0, 0})), "no type 0 among 0"},
		{"rest in section", module(section(1, 0, 0)), "1 bytes follow the end of the types"},
		{"rest in start", module(section(8, 0, 0)), "follow the end of the start section"},
		{"custom without name", module(section(0)), "ends too early"},
		{"name that is no text", module(section(0, 1, 0xff)), "name is not UTF-8"},
		{"a billion types in no bytes", module(section(1, 0x80, 0x94, 0xeb, 0xdc, 3)), "1000000000 types, over the limit of 100000"},
		{"types that are not there", module(section(1, 0xff, 1)), "255 types are announced in 0 bytes"},
		{"structure type", module(vec(1, []byte{0x5f, 0})), "unknown form 0x5f of type"},
		{"unknown value type", module(vec(1, []byte{0x60, 1, 0x64, 0})), "unknown value type 0x64"},
		{"unknown import", module(vec(2, []byte{0, 0, 4, 0, 0})), "unknown kind 0x4 of import"},
		{"unknown export", module(vec(7, []byte{0, 4, 0})), "unknown kind 0x4 of export"},
		{"shared memory", module(vec(5, []byte{3, 1, 1})), "unknown kind 0x3 of limits"},
		{"huge memory", module(vec(5, []byte{0, 0x81, 0x80, 4})), "memory of 65537, over the limit of 65536"},
		{"huge table", module(vec(4, []byte{0x70, 0, 0xff, 0xff, 0xff, 0xff, 0xf})), "table of 4294967295"},
		{"two memories", module(vec(2, []byte{0, 0, 2, 0, 1}), vec(5, []byte{0, 1})), "2 memories"},
		{"mutability", module(vec(6, []byte{0x7f, 2, 0x41, 0, 0x0b})), "mutability 0x2"},
		{"sum in a constant", module(vec(6, []byte{0x7f, 0, 0x41, 0, 0x41, 0, 0x6a, 0x0b})), "more than one instruction"},
		{"call in a constant", module(vec(6, []byte{0x7f, 0, 0x10, 0, 0x0b})), "instruction 0x10 in a constant expression"},
		{"unknown elements", module(vec(9, []byte{8})), "unknown kind 8 of element segment"},
		{"elements that are not there", module(vec(9, []byte{1, 0, 0xff, 0xff, 3})), "65535 elements are announced in 0 bytes"},
		{"unknown data", module(vec(11, []byte{3})), "unknown kind 3 of data segment"},
		{"data of another memory", module(vec(11, []byte{2, 1, 0x41, 0, 0x0b, 0})), "byte 0x1 in a reserved place"},
		{"data that is not there", module(vec(11, []byte{1, 9})), "9 bytes are announced, 0 are left"},
		{"data count", module(section(12, 2), vec(11, []byte{1, 0})), "2 data segments are announced, there are 1"},
		{"functions without bodies", module(vec(1, none), vec(3, []byte{0})), "1 functions have 0 bodies"},
		{"bodies without functions", module(vec(10, body(0x0b))), "0 functions have 1 bodies"},
		{"many locals", module(vec(1, none), vec(3, []byte{0}), vec(10, append([]byte{byte(len(manyLocals))}, manyLocals...))), "50001 locals"},
		{"unknown local", module(vec(1, none), vec(3, []byte{0}), vec(10, []byte{4, 1, 1, 0x40, 0x0b})), "unknown value type 0x40"},
		{"no end", program(0x01), "ends too early"},
		{"two ends", program(0x0b, 0x0b), "1 bytes follow the end of the function"},
		{"open block", program(0x02, 0x40, 0x0b), "ends too early"},
		{"deep blocks", program(bytes.Repeat([]byte{2, 0x40}, 10_001)...), "blocks nested more than 10000 deep"},
		{"tail call", program(0x12, 0, 0x0b), "unknown instruction 0x12"},
		{"exception", program(0x06, 0x40, 0x0b, 0x0b), "unknown instruction 0x6"},
		{"atomic", program(0xfe, 0x03, 0, 0x0b), "unknown instruction 0xfe"},
		{"unknown miscellaneous", program(0xfc, 18, 0x0b), "unknown instruction 0xfc"},
		{"unknown vector", program(0xfd, 0x9a, 1, 0x0b), "unknown instruction 0xfd"},
		{"relaxed vector", program(0xfd, 0x80, 2, 0x0b), "unknown instruction 0xfd"},
		{"overlong vector", program(0xfd, 0x80, 0, 0x0b), "unknown instruction 0xfd"},
		{"block of two bytes", program(0x02, 0xff, 0x7f, 0x0b, 0x0b), "unknown type of block"},
		{"block of unknown type", program(0x02, 0x41, 0x0b, 0x0b), "unknown value type 0x41"},
		{"labels that are not there", program(0x0e, 0xff, 0xff, 3, 0x0b), "65535 labels are announced"},
		{"alignment", program(0x28, 0x45, 0, 0, 0x0b), "alignment of 2^69"},
		{"i32 of 33 bits", program(0x41, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x0b), "signed number of more than 32 bits"},
		{"i64 of 65 bits", program(append(append([]byte{0x42}, bytes.Repeat([]byte{0xff}, 9)...), 1, 0x0b)...), "signed number of more than 64 bits"},
		{"body beyond the section", module(vec(1, none), vec(3, []byte{0}), section(10, 1, 9, 0, 0x0b)), "9 bytes are announced, 2 are left"},
	} {
		_, err := wasm.Parse(test.in)
		switch {
		case err == nil:
			t.Errorf("%s: no error", test.name)
		case !strings.Contains(err.Error(), test.want):
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		case bindery.CodeOf(err) != bindery.Invalid || bindery.HintOf(err) == "":
			t.Errorf("%s: code %v, hint %q", test.name, bindery.CodeOf(err), bindery.HintOf(err))
		}
	}
}

// However a module is cut off, that is an error and no panic.
func TestParseTruncated(t *testing.T) {
	t.Parallel()
	for name, b := range allTestdata(t) {
		whole := 0
		for i := range b {
			if _, err := wasm.Parse(b[:i]); err == nil {
				whole++
			}
		}
		// Cut between sections some are whole, but never one with functions and no bodies.
		if whole > 10 {
			t.Errorf("%s: %d prefixes are modules", name, whole)
		}
	}
}

func TestMemoryLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in       []byte
		min, max uint32
		ok       bool
	}{
		{module(), 0, 0, false},
		{module(vec(5, []byte{0, 160, 1})), 160, 65536, true},
		{module(vec(5, []byte{1, 2, 3})), 2, 3, true},
		{module(vec(2, []byte{0, 0, 2, 1, 7, 8})), 7, 8, true},
	} {
		lo, hi, ok := parse(t, test.in).MemoryLimits()
		if lo != test.min || hi != test.max || ok != test.ok {
			t.Errorf("%x: %d to %d, %v", test.in, lo, hi, ok)
		}
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	got := parse(t, testdata(t, "tables")).Imports()
	same := func(a, b wasm.Import) bool {
		return a.Module == b.Module && a.Name == b.Name && a.Kind == b.Kind && a.Index == b.Index
	}
	want := []wasm.Import{
		{Module: wasi, Name: schedYield, Kind: wasm.KindFunction},
		{Module: "env", Name: "global", Kind: wasm.KindGlobal},
		{Module: "env", Name: "table", Kind: wasm.KindTable},
		{Module: "env", Name: "memory", Kind: wasm.KindMemory},
	}
	if !slices.EqualFunc(got, want, same) {
		t.Errorf("%+v", got)
	}
	two := module(vec(1, []byte{0x60, 0, 0}), vec(2, []byte{0, 1, 'a', 0, 0}, []byte{0, 1, 'b', 0, 0}))
	if got := parse(t, two).Imports(); len(got) != 2 || got[1].Name != "b" || got[1].Index != 1 {
		t.Errorf("%+v", got)
	}
}
