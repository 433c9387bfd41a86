package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

// pythonFlags choose the interpreter of Python scripts.
type pythonFlags struct {
	PythonWasm string `name:"python-wasm" placeholder:"FILE" help:"Run Python scripts in this CPython, compiled to WebAssembly for WASI. Default: sandbox.pythonWasm of the configuration, then the one that bindery carries, then that of: bindery python install --npm."`
}

// interpreter returns the interpreter that was chosen, and false if there is
// none. It reads a file of the user's own whole, and no other.
func (f pythonFlags) interpreter(cfg *config.Config) (interpreter.Interpreter, bool, error) {
	return f.among(cfg, pythonRoot(cfg))
}

// among chooses also from what was downloaded to root.
func (f pythonFlags) among(cfg *config.Config, root string) (interpreter.Interpreter, bool, error) {
	if file := f.path(cfg); file != "" {
		p, err := ownInterpreter(file)
		if err != nil {
			return interpreter.Interpreter{}, false, &exitError{code: exitUsage, err: err}
		}
		return p, true, nil
	}
	if p, ok := interpreter.Builtin(); ok {
		return p, true, nil
	}
	if root == "" {
		return interpreter.Interpreter{}, false, nil
	}
	p, ok := pythonWasi().installed(root)
	return p, ok, nil
}

// maxInterpreter bounds a file of the user's own. Interpreters with their
// symbols have some thirty megabytes.
const maxInterpreter = 256 << 20

func ownInterpreter(file string) (interpreter.Interpreter, error) {
	module, err := atomicfile.Read(file, maxInterpreter)
	if err == nil {
		var p interpreter.Interpreter
		if p, err = interpreter.FromFile(module); err == nil {
			return p, nil
		}
	}
	out := &bindery.Error{
		Code: bindery.Invalid, Op: "run Python scripts in " + file, Err: err,
		Hint: "name a CPython for wasm32-wasi, or none, for the one that bindery carries",
	}
	if e, ok := errors.AsType[*bindery.Error](err); ok {
		out.Err, out.Hint = e.Err, e.Hint
	}
	return interpreter.Interpreter{}, out
}

// pythonRoot is the folder of prepared interpreters; empty, for nowhere, if the
// system has no place for caches.
func pythonRoot(cfg *config.Config) string {
	if cfg.CacheDir != "" {
		return filepath.Join(cfg.CacheDir, "python")
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "bindery", "python")
}
