package interpreter_test

import (
	"fmt"
	"os"

	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

func Example() {
	choose := func(file string) (interpreter.Interpreter, error) {
		if file == "" {
			if p, ok := interpreter.Builtin(); ok {
				return p, nil
			}
			return interpreter.Interpreter{}, fmt.Errorf("this binary carries no Python")
		}
		module, err := os.ReadFile(file)
		if err != nil {
			return interpreter.Interpreter{}, err
		}
		return interpreter.FromFile(module)
	}
	_, err := choose("interpreter.go")
	fmt.Println(err)

	known, _ := interpreter.Known("e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763")
	fmt.Println(known.Version, known.RunString)
	// Output:
	// use a Python interpreter of your own: read WebAssembly module: at byte 0x0: no WebAssembly 1 header
	// 3.12.0 4056
}
