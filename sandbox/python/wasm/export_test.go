package wasm_test

import (
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

func TestExports(t *testing.T) {
	t.Parallel()
	m := parse(t, testdata(t, "control"))
	kind, sum, ok := m.Export("fib")
	if !ok || kind != wasm.KindFunction {
		t.Fatalf("fib is %d, %v", kind, ok)
	}
	if _, _, ok := m.Export("missing"); ok {
		t.Error("missing is there")
	}
	for range 2 { // the second time nothing is to be done
		if err := m.ExportGlobal("stack", 0); err != nil {
			t.Fatal(err)
		}
		if err := m.ExportFunction("φ", sum); err != nil {
			t.Fatal(err)
		}
	}
	if kind, index, ok := m.Export("stack"); kind != wasm.KindGlobal || index != 0 || !ok {
		t.Errorf("stack is %d %d, %v", kind, index, ok)
	}
	r := start(t, m.Encode(), nil)
	if got := r.ExportedGlobal("stack").Get(); got != 65536 {
		t.Errorf("stack at %d", got)
	}
	if got, err := r.ExportedFunction("φ").Call(t.Context(), 20); err != nil || got[0] != 6765 {
		t.Errorf("φ(20) = %d, %v", got, err)
	}
}

func TestFirstExport(t *testing.T) {
	t.Parallel()
	m := parse(t, append(program(0x0b), section(0, append(name("x"), 1)...)...))
	if err := m.ExportFunction("f", 0); err != nil {
		t.Fatal(err)
	}
	if _, err := start(t, m.Encode(), nil).ExportedFunction("f").Call(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestExportRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(*wasm.Module) error
		want string
	}{
		"name in use":      {func(m *wasm.Module) error { return m.ExportGlobal("fib", 0) }, "export fib: the module has an export of that name"},
		"other index":      {func(m *wasm.Module) error { return m.ExportFunction("fib", 0) }, "the module has an export of that name"},
		"unknown global":   {func(m *wasm.Module) error { return m.ExportGlobal("g", 1) }, "export g: no index 1 among 1"},
		"unknown function": {func(m *wasm.Module) error { return m.ExportFunction("f", 4056) }, "no index 4056 among"},
	} {
		m := parse(t, testdata(t, "control"))
		err := test.do(m)
		if err == nil || !strings.Contains(err.Error(), test.want) || bindery.CodeOf(err) != bindery.Invalid || bindery.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
