package tasks_test

import (
	"fmt"

	"github.com/bindery-mcp/bindery/benchmarks/tasks"
)

func Example() {
	price := tasks.Price{In: 1.25, Out: 10, Cached: []float64{0.1, 0.5}}
	cost := tasks.Tokens{Requests: 3, Uncached: 2_000, Cached: 3_000, Output: 200}
	for _, share := range price.Cached {
		fmt.Printf("cached at %.1f: $%.6f\n", share, price.Of(cost, share))
	}
	// Output:
	// cached at 0.1: $0.004875
	// cached at 0.5: $0.006375
}
