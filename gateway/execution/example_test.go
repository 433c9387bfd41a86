package execution_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/sandbox"
)

// The second script makes the calls of the first one again, and only the new
// one reaches the server.
func Example() {
	post := bindery.ToolID{Server: "chat", Name: "post"}
	server := bindery.CallerFunc(func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		fmt.Printf("posted %s\n", c.Args)
		return bindery.Result{Structured: c.Args}, nil
	})
	run := func(l *execution.Ledger, texts ...string) {
		bound := &sandbox.Bindings{Servers: []sandbox.Server{{Name: "chat", Tools: []sandbox.Tool{{Name: "post", Ordered: true}}}}}
		d := sandbox.NewDispatcher(l.Layer(l.Sent(server)), bound, sandbox.DefaultLimits(), nil)
		defer d.Close()
		for i, text := range texts {
			done := make(chan struct{})
			args, _ := json.Marshal(map[string]string{"text": text})
			l.Host(d).Start(context.Background(), bindery.Call{Tool: post, Args: args, Seq: i + 1}, func(bindery.Result, error) { close(done) })
			<-done
		}
	}
	changes := func(bindery.ToolID) bool { return false }
	first := execution.New(execution.NewID(), changes, nil, nil)
	run(first, "one", "two")
	second := execution.New(execution.NewID(), changes, first, nil)
	run(second, "one", "two", "three")
	n, _ := second.Replayed()
	fmt.Println(n, "replayed")
	// Output:
	// posted {"text":"one"}
	// posted {"text":"two"}
	// posted {"text":"three"}
	// 2 replayed
}
