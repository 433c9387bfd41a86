package benchmarks_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// scratch is a folder for what is built once for all benchmarks.
var scratch string

func TestMain(m *testing.M) { goleak.VerifyTestMain(tidy{m}) }

// tidy makes scratch and removes it after the tests.
type tidy struct{ *testing.M }

func (t tidy) Run() int {
	var err error
	if scratch, err = os.MkdirTemp("", "bindery-bench"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	return t.M.Run()
}
