//go:build !nopython

package interpreter_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

func builtin(t *testing.T) (interpreter.Interpreter, *wasm.Module, []byte) {
	t.Helper()
	p, ok := interpreter.Builtin()
	if !ok {
		t.Fatal("no interpreter in a build without the tag nopython")
	}
	b, err := p.Wasm()
	if err != nil {
		t.Fatal(err)
	}
	m, err := wasm.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return p, m, b
}

func TestBuiltinIsWhatItSays(t *testing.T) {
	t.Parallel()
	p, m, b := builtin(t)
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != p.SHA256 {
		t.Errorf("the module has the SHA-256 %x, not %s", sum, p.SHA256)
	}
	for name, want := range map[string]struct {
		kind  byte
		index uint32
	}{
		"PyRun_SimpleStringFlags": {wasm.KindFunction, p.RunString},
		"__stack_pointer":         {wasm.KindGlobal, p.StackPointer},
	} {
		if kind, index, ok := m.Export(name); !ok || kind != want.kind || index != want.index {
			t.Errorf("export %s is %d of kind %d (%v), want %d of kind %d", name, index, kind, ok, want.index, want.kind)
		}
	}
}

// What a module does not import it cannot do.
func TestBuiltinImportsOnlyWASI(t *testing.T) {
	t.Parallel()
	_, m, _ := builtin(t)
	for _, i := range m.Imports() {
		if i.Module != "wasi_snapshot_preview1" || i.Kind != wasm.KindFunction {
			t.Errorf("imports %s of %s", i.Name, i.Module)
		}
	}
}

func TestBuiltinIsNotShared(t *testing.T) {
	t.Parallel()
	p, _, a := builtin(t)
	clear(a)
	b, err := p.Wasm()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(a, b) {
		t.Error("a change of what Wasm returned is in what it returns next")
	}
}

func TestBuiltinIsKnown(t *testing.T) {
	t.Parallel()
	p, _, b := builtin(t)
	if k, ok := interpreter.Known(p.SHA256); !ok || k.Version != p.Version {
		t.Errorf("Known says %q, %v", k.Version, ok)
	}
	f, err := interpreter.FromFile(b)
	if err != nil {
		t.Fatal(err)
	}
	if f.SHA256 != p.SHA256 || f.LibraryPath != p.LibraryPath || len(f.Library) == 0 {
		t.Errorf("FromFile does not know its library: %q", f.LibraryPath)
	}
}

// A module of the user's own is described by its exports; this one is the
// builtin with one byte more, which no table knows.
func TestFromFileReadsExports(t *testing.T) {
	t.Parallel()
	p, _, b := builtin(t)
	b = append(b, 0, 2, 1, 'x') // a custom section named x
	f, err := interpreter.FromFile(b)
	if err != nil {
		t.Fatal(err)
	}
	if f.RunString != p.RunString || f.StackPointer != p.StackPointer || f.Version != "unknown" || f.Library != nil || f.SHA256 == p.SHA256 {
		t.Errorf("FromFile says %+v", f)
	}
	if own, err := f.Wasm(); err != nil || !bytes.Equal(own, b) {
		t.Errorf("Wasm returns another module (%v)", err)
	}
}

func TestLibraryHasWhatScriptsImport(t *testing.T) {
	t.Parallel()
	p, _ := interpreter.Builtin()
	z, err := zip.NewReader(bytes.NewReader(p.Library), int64(len(p.Library)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil { // the reader checks the CRC
			t.Errorf("%s: %v", f.Name, err)
		}
		if strings.HasSuffix(f.Name, ".py") {
			t.Errorf("%s is a source, which would be compiled anew at every start", f.Name)
		}
	}
	for _, want := range []string{
		"os.pyc", "encodings/__init__.pyc", "json/decoder.pyc", "asyncio/base_events.pyc", "dataclasses.pyc", "zoneinfo/__init__.pyc",
		"zoneinfo/Europe/Berlin", "zoneinfo/US/Pacific", "_sysconfigdata__wasi_wasm32-wasi.pyc",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("the library has no %s", want)
		}
	}
}
