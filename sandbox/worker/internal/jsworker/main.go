// Command jsworker is a worker that runs JavaScript and TypeScript, and nothing
// else: the tests of package worker build it to run the hostile suite.
package main

import (
	"os"

	"github.com/bindery-mcp/bindery/sandbox/js"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

func main() { os.Exit(worker.Main(js.New())) }
