package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/sandbox/js"
)

// clock is a catalogue of one server with one tool.
type clock struct{ gateway.Tools }

func (clock) Catalogue() *backends.Catalogue {
	now := bindery.Tool{
		ID: bindery.ToolID{Server: "clock", Name: "get_time"}, Description: "The time somewhere.",
		Input: json.RawMessage(`{"type":"object","properties":{"zone":{"type":"string"}},"required":["zone"]}`),
	}
	return &backends.Catalogue{Version: 1, Servers: []backends.Server{{Name: "clock", State: backends.Ready, Tools: []bindery.Tool{now}}}}
}

func (clock) Changed() <-chan struct{} { return nil }

func (clock) Call(_ context.Context, c bindery.Call) (bindery.Result, error) {
	return bindery.Result{Structured: c.Args, Raw: json.RawMessage(`{"structuredContent":` + string(c.Args) + `}`)}, nil
}

// A script calls the tools it was given and returns one result. The real
// gateway runs it in a worker process; this one trusts its script.
func Example() {
	g := gateway.New(gateway.Options{Tools: clock{}, Engine: js.New()})
	defer g.Close(context.Background())

	for _, code := range []string{
		`const zones = await Promise.all(["Oslo", "Lima"].map(zone => clock.get_time({zone}))); zones.map(z => z.zone)`,
		`await clock.get_time({zome: "Oslo"})`,
	} {
		answer, err := g.Execute(context.Background(), gateway.Anonymous(), gateway.Request{Code: code})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(answer.Text())
	}
	// Output:
	// ["Oslo","Lima"]
	// ToolError: call clock.get_time: zone: expected string, got nothing (the property "zome" is not known: did you mean "zone"?)
	//   at script line 1:13
	//     await clock.get_time({zome: "Oslo"})
	// hint: clock.get_time({zone: string}): unknown
}
