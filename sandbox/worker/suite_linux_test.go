package worker_test

import (
	"flag"
	"testing"

	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/sandboxtest"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// scripts is a pool whose workers run JavaScript.
func scripts(t testing.TB) sandbox.Engine {
	return newPool(t, worker.Options{Command: jsCommand(t), MaxQueued: 1 << 10})
}

func TestHostileJavaScript(t *testing.T) {
	sandboxtest.Run(t, scripts, sandbox.TypeScript)
}

var (
	stress   = flag.Int("stress", 40, "number of random hostile scripts that TestStress runs")
	parallel = flag.Int("stress.parallel", 4, "how many of them at once")
	seed     = flag.Uint64("stress.seed", 1, "which ones")
)

func TestStress(t *testing.T) {
	sandboxtest.Stress(t, scripts, sandbox.TypeScript, *stress, *parallel, *seed)
}
