package exposure_test

import (
	"context"
	"fmt"
	"log"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/exposure"
	"github.com/bindery-mcp/bindery/gateway"
)

func ExampleMeasure() {
	counter, err := benchmarks.NewCounter()
	if err != nil {
		log.Fatal(err)
	}
	servers, err := exposure.Popular()
	if err != nil {
		log.Fatal(err)
	}
	var cat backends.Catalogue
	for _, s := range servers[:5] {
		cat.Servers = append(cat.Servers, backends.Server{Name: s.ID, Tools: s.Tools, State: backends.Ready})
	}
	ctx := context.Background()
	m, err := exposure.Measure(ctx, counter, exposure.NewSetup(ctx, &cat, gateway.Options{}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d tools take %d tokens in every prompt\n", m.Setup.Tools(), m.Way(exposure.Inline).Before)
	// Output: 74 tools take 14408 tokens in every prompt
}
