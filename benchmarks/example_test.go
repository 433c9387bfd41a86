package benchmarks_test

import (
	"fmt"
	"log"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks"
)

func Example() {
	counter, err := benchmarks.NewCounter()
	if err != nil {
		log.Fatal(err)
	}
	id := bindery.ToolID{Server: "tracker", Name: "get_issue"}
	plain, err := counter.Plain(
		[]bindery.Tool{{ID: id, Description: "Get one issue.", Input: []byte(`{"type":"object","properties":{"n":{"type":"integer"}}}`)}},
		[]benchmarks.Recorded{{Call: bindery.Call{Tool: id, Args: []byte(`{"n":7}`)}, Result: bindery.Result{Structured: []byte(`{"title":"It leaks"}`)}}},
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%+v, %d in all\n", plain, plain.Total())
	// Output: {Definitions:36 Written:7 Read:6}, 49 in all
}
