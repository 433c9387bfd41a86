package interpreter_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

const header = "\x00asm\x01\x00\x00\x00"

func TestFromFileRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ module, want string }{
		"nothing":        {"", "no WebAssembly 1 header"},
		"another file":   {"#!/usr/bin/python3\n", "no WebAssembly 1 header"},
		"cut off":        {header + "\x07\x20", "read WebAssembly module"},
		"no exports":     {header, "it exports no function PyRun_SimpleStringFlags\nit exports no global __stack_pointer\nit exports no memory memory"},
		"a host of Node": {header + "\x01\x04\x01\x60\x00\x00" + "\x02\x09\x01\x03env\x01f\x00\x00", `it imports "f" of "env"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := interpreter.FromFile([]byte(test.module))
			var e *bindery.Error
			if !errors.As(err, &e) || e.Code != bindery.Invalid || !strings.Contains(e.Hint, "__stack_pointer") {
				t.Fatalf("the error is %#v", err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q does not say %q", err, test.want)
			}
		})
	}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	if p, ok := interpreter.Known(strings.Repeat("0", 64)); ok {
		t.Errorf("a module that does not exist is Python %s", p.Version)
	}
}

// FuzzFromFile: any bytes are refused, or described so that they can be run.
func FuzzFromFile(f *testing.F) {
	f.Add([]byte(header))
	f.Add([]byte(header + "\x07\x0a\x01\x06memory\x02\x00"))
	f.Fuzz(func(t *testing.T, module []byte) {
		p, err := interpreter.FromFile(module)
		if err == nil && (p.Wasm == nil || len(p.SHA256) != 64) {
			t.Errorf("accepted as %+v", p)
		}
	})
}
