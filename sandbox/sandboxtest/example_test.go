package sandboxtest_test

import (
	"fmt"

	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/sandboxtest"
)

// The test of an engine passes sandboxtest.Run a function that makes one. The
// cases can also be looked at on their own.
func Example() {
	for _, c := range sandboxtest.Cases(sandbox.TypeScript) {
		if c.Corpus == 2 {
			fmt.Println(c.Name, c.Want.Codes)
		}
	}
	// Output: loop that swallows errors [timeout]
}
