// Command pyworker is a worker that runs Python in the image that its argument
// names, and nothing else: the tests of package worker build it to run the
// hostile suite. Before that they have it prepare the image, which is only good
// for the binary that made it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/bindery-mcp/bindery/sandbox/python"
	"github.com/bindery-mcp/bindery/sandbox/python/image"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

func main() {
	if os.Args[1] == worker.Arg {
		os.Exit(worker.Main(python.New(os.Args[2])))
	}
	p, ok := interpreter.Builtin()
	if !ok {
		return
	}
	dir, err := image.Prepare(context.Background(), p, os.Args[1], nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, _ = os.Stdout.WriteString(dir)
}
