package excerpt_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/gateway/excerpt"
)

// A list keeps its first elements whole and counts the rest.
func Example() {
	rows := "[" + strings.Repeat(`{"id":1,"title":"a title of some length, as titles of issues commonly are"},`, 9) + `{"id":2}]`
	e := excerpt.Of(json.RawMessage(rows), 256)
	fmt.Println(string(e.JSON))
	fmt.Println(e.Note)
	// Output:
	// [{"id":1,"title":"a title of some length, as titles of issues commonly are"},{"id":1,"title":"a title of some length, as titles of issues commonly are"},"…8 more"]
	// the first 2 of 10 elements
}
