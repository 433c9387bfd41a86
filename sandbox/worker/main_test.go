package worker_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"go.uber.org/goleak"
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
	program = filepath.Join(dir, "testworker")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	// Never with -race: the detector maps more memory than a worker may have.
	if out, err := exec.Command("go", "build", "-o", program, "./internal/testworker").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build test worker: %v\n%s", err, out)
		return 1
	}
	return b.M.Run()
}
