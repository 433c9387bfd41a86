package worker_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// program is the path of the built testworker.
var program string

func TestMain(m *testing.M) { goleak.VerifyTestMain(built{m}) }

// built builds the test worker before the tests run.
type built struct{ *testing.M }

func (b built) Run() int {
	dir, err := os.MkdirTemp("", "testworker")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, executable("testworker"))
	if err := buildWorker(program); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return b.M.Run()
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// buildWorker builds the program of that name, never with -race: the detector
// maps more memory than a worker may have.
func buildWorker(program string) error {
	name := strings.TrimSuffix(filepath.Base(program), ".exe")
	if out, err := exec.Command("go", "build", "-o", program, "./internal/"+name).CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", name, err, out)
	}
	return nil
}

// buildJS builds the worker that runs JavaScript. To link it takes longer than
// most tests, which do not need it.
var buildJS = sync.OnceValues(func() (string, error) {
	path := filepath.Join(filepath.Dir(program), executable("jsworker"))
	return path, buildWorker(path)
})

// jsCommand returns the command of a worker that runs JavaScript.
func jsCommand(t testing.TB) []string {
	t.Helper()
	path, err := buildJS()
	if err != nil {
		t.Fatal(err)
	}
	return []string{path, worker.Arg}
}
