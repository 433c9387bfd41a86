package speed_test

import (
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/benchmarks/speed"
)

// A file without all figures makes no tables.
func Example() {
	const output = `
goos: linux
goarch: amd64
pkg: github.com/bindery-mcp/bindery/benchmarks
BenchmarkColdExecute-2	100	11000000 ns/op	12.5 p50-ms
`
	samples, err := speed.Read(strings.NewReader(output))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = speed.Report(samples)
	fmt.Printf("%.90s…\n", err)
	// Output: report the speed: the benchmarks did not measure plain-p50-ms of BenchmarkWarmExecute in g…
}
