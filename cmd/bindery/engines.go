package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/js"
	"github.com/bindery-mcp/bindery/sandbox/python"
	"github.com/bindery-mcp/bindery/sandbox/python/image"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// pythonWorker is the argument behind [worker.Arg] with which a worker runs
// Python; the folder of the interpreter's image follows.
const pythonWorker = "python"

// workerEngine returns what a worker with these arguments runs.
func workerEngine(args []string) sandbox.Engine {
	if len(args) > 1 && args[0] == pythonWorker {
		return python.New(args[1])
	}
	return js.New()
}

// engines run scripts, each language's in workers of its own.
type engines struct {
	js     *worker.Pool
	python *worker.Lazy // nil if there is none
	// noPython says why, and what to do.
	noPython string
}

func openEngines(cfg *config.Config, f pythonFlags, log *slog.Logger) (*engines, error) {
	e := &engines{}
	p, ok, err := f.interpreter(cfg)
	switch {
	case !cfg.RunsPython():
		e.noPython = "Python is turned off in the gateway's configuration (sandbox.python)."
	case err != nil:
		return nil, err
	case !ok:
		e.noPython = `To have Python, run "bindery python install" on the gateway's machine.`
	default:
		e.python = worker.NewLazy(func(ctx context.Context) (worker.Options, error) {
			dir, err := prepared(ctx, p, cfg, f)
			if err != nil {
				return worker.Options{}, err
			}
			if dir, err = filepath.Abs(dir); err != nil { // a worker stands elsewhere
				return worker.Options{}, err
			}
			command, err := worker.SelfCommand()
			return worker.Options{Command: append(command, pythonWorker, dir), Size: 1, Logger: log}, err
		})
	}
	e.js, err = worker.NewPool(worker.Options{Size: cfg.Sandbox.Workers, Logger: log})
	return e, err
}

// languages are the engines by what they run.
func (e *engines) languages() sandbox.Languages {
	l := sandbox.Languages{}
	if e.js != nil {
		l[sandbox.TypeScript] = e.js
	}
	if e.python != nil {
		l[sandbox.Python] = e.python
	}
	return l
}

func (e *engines) close(ctx context.Context) error {
	var errs []error
	if e.js != nil {
		errs = append(errs, e.js.Close(ctx))
	}
	if e.python != nil {
		errs = append(errs, e.python.Close(ctx))
	}
	return errors.Join(errs...)
}

// prepareTimeout bounds the preparation of an interpreter, which takes seconds.
const prepareTimeout = 5 * time.Minute

// prepared returns the folder of the interpreter's image. One that is not there
// is made by a process of its own: it takes much memory, and runs code that
// does not belong to bindery.
func prepared(ctx context.Context, p interpreter.Interpreter, cfg *config.Config, f pythonFlags) (string, error) {
	root := pythonRoot(cfg)
	fail := func(err error) error {
		return &bindery.Error{
			Code: bindery.Unavailable, Op: "prepare Python " + p.Version, Err: err,
			Hint: `run "bindery python install" on the gateway's machine, which says more`,
		}
	}
	if root == "" {
		return "", fail(errors.New("this system has no folder for caches (set cacheDir)"))
	}
	if dir, ok := image.Find(p, root); ok {
		return dir, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", fail(err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, prepareTimeout, fmt.Errorf("it took more than %s", prepareTimeout))
	defer cancel()
	cmd := exec.CommandContext(ctx, self, "python", "install", "--root", root)
	if path := f.path(cfg); path != "" {
		cmd.Args = append(cmd.Args, "--python-wasm", path)
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		} else if line, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n"); line != "" {
			err = errors.New(strings.TrimPrefix(line, "bindery: "))
		}
		return "", fail(err)
	}
	dir, ok := image.Find(p, root)
	if !ok {
		return "", fail(errors.New("it was prepared and is not there"))
	}
	return dir, nil
}

// path is the file of the interpreter that was named, or "".
func (f pythonFlags) path(cfg *config.Config) string {
	return cmp.Or(f.PythonWasm, cfg.Sandbox.PythonWasm)
}
