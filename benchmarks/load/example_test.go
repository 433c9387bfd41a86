package load_test

import (
	"context"
	"fmt"
	"time"

	"github.com/bindery-mcp/bindery/benchmarks/load"
)

// Whatever can be called can be measured; what counts is how the rows compare.
func Example() {
	work := func(ctx context.Context) error { return ctx.Err() }
	results, err := load.Run(context.Background(), []load.Target{{Name: "direct", Do: work}, {Name: "gateway", Do: work}},
		load.Options{Callers: []int{2}, Duration: 10 * time.Millisecond, Rounds: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		fmt.Println(r.Target, r.Callers, r.Count > 0, r.Failed)
	}
	// Output:
	// direct 2 true 0
	// gateway 2 true 0
}
