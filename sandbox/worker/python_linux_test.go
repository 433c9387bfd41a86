package worker_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/sandboxtest"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

var errNoPython = errors.New("this build has no Python interpreter")

// buildPython builds the worker that runs Python, and prepares its interpreter,
// which is kept for the next time.
var buildPython = sync.OnceValues(func() ([]string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(filepath.Dir(program), executable("pyworker"))
	if err := buildWorker(path); err != nil {
		return nil, err
	}
	prepare := exec.Command(path, filepath.Join(cache, "bindery-test"))
	prepare.Stderr = os.Stderr
	dir, err := prepare.Output()
	if err != nil {
		return nil, fmt.Errorf("prepare Python: %w", err)
	}
	if len(dir) == 0 {
		return nil, errNoPython
	}
	return []string{path, worker.Arg, string(dir)}, nil
})

// pythonPool is a pool whose workers run Python.
func pythonPool(t testing.TB) sandbox.Engine {
	t.Helper()
	command, err := buildPython()
	if errors.Is(err, errNoPython) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return newPool(t, worker.Options{Command: command, MaxQueued: 1 << 10})
}

func TestHostilePython(t *testing.T) {
	sandboxtest.Run(t, pythonPool, sandbox.Python)
}

func TestStressPython(t *testing.T) {
	sandboxtest.Stress(t, pythonPool, sandbox.Python, *stress, *parallel, *seed)
}

// A worker that is started for a script that waits is confined like any other,
// and has read its files before.
func TestPythonInAHurry(t *testing.T) {
	pool := pythonPool(t)
	for range 5 {
		s := sandbox.Script{Source: "import tomllib, colorsys\nsum(range(10))", Language: sandbox.Python, Limits: sandbox.DefaultLimits(), Owner: "o"}
		d := sandbox.NewDispatcher(bindery.CallerFunc(nil), nil, s.Limits, nil)
		out, err := pool.Run(t.Context(), s, d)
		d.Close()
		if err != nil || string(out.Value) != "45" {
			t.Errorf("%s, %+v, %v", out.Value, out.Failure, err)
		}
	}
}

// The kernel's limit leaves a script the whole of its own, in a worker's first
// script and in later ones, and the interpreter's ends it in the script's terms.
func TestPythonHasItsMemory(t *testing.T) {
	pool := pythonPool(t)
	s := sandbox.Script{Language: sandbox.Python, Limits: sandbox.DefaultLimits(), Owner: "o"}
	s.Limits.Memory = 128 << 20
	for range 4 {
		for source, want := range map[string]string{
			"len(bytearray(90 << 20))": "94371840",
			"try:\n    bytearray(112 << 20)\nexcept MemoryError:\n    result = 'refused'": `"refused"`,
		} {
			s.Source = source
			d := sandbox.NewDispatcher(bindery.CallerFunc(nil), nil, s.Limits, nil)
			out, err := pool.Run(t.Context(), s, d)
			d.Close()
			if err != nil || string(out.Value) != want {
				t.Errorf("%s: %s, %+v, %v", source, out.Value, out.Failure, err)
			}
		}
	}
}
