package confine_test

import (
	"fmt"

	"github.com/bindery-mcp/bindery/sandbox/confine"
)

// Every missing protection comes with what it means and how to get it.
func Example() {
	r := confine.Support()
	for _, m := range r.Missing {
		fmt.Printf("%s is missing: %s; %s\n", m.Feature, m.Meaning, m.Remedy)
	}
	fmt.Println(r.System != "")
	// Output: true
}
