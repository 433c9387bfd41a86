package worker_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// A program is its own worker: it calls Main when it is started with Arg, and
// otherwise runs scripts in a pool. Here another program, built by the tests,
// is the worker; its engine understands "echo".
func Example() {
	pool, err := worker.NewPool(worker.Options{Command: []string{program, worker.Arg}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close(context.Background())

	script := sandbox.Script{
		Source: "echo", Data: json.RawMessage(`{"hello":"world"}`), Limits: sandbox.DefaultLimits(),
	}
	caller := bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		return bindery.Result{}, nil
	})
	host := sandbox.NewDispatcher(caller, script.Bindings, script.Limits, nil)
	defer host.Close()
	out, err := pool.Run(context.Background(), script, host)
	fmt.Println(string(out.Value), out.Failure, err)
	// Output: {"hello":"world"} <nil> <nil>
}
