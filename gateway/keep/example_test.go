package keep_test

import (
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery/gateway/keep"
)

// What one script stored, the next one of the same client finds.
func Example() {
	keeper := keep.NewKeeper(keep.Limits{})
	if err := keeper.Of("ann").Set("cursor", json.RawMessage(`{"page":3}`)); err != nil {
		fmt.Println(err)
	}
	fmt.Println(string(keeper.Of("ann").Get("cursor")), keeper.Of("bob").Get("cursor") == nil)
	// Output: {"page":3} true
}
