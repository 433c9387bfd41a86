// Command bindery is a Code Mode gateway for MCP: one tool, one script, one
// combined result.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/bindery-mcp/bindery/sandbox/worker"
)

func main() {
	trimPages()
	// A worker is this binary started again: it must not run anything else,
	// not even the parsing of a command line.
	if len(os.Args) > 1 && os.Args[1] == worker.Arg {
		os.Exit(worker.Main(workerEngine(os.Args[2:])))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Once asked to end, what is left is to wait for scripts that run; asked
	// again, the process ends at once.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}
