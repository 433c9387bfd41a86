package tasks_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/sandbox/js"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == worker.Arg {
		os.Exit(worker.Main(js.New()))
	}
	goleak.VerifyTestMain(m)
}
