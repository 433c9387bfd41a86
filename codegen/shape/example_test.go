package shape_test

import (
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery/codegen/shape"
)

func Example() {
	var learned *shape.Shape
	for _, answer := range []string{
		`{"title": "Crash", "assignee": null, "labels": ["bug"], "votes": {"ann@example.com": 1}}`,
		`{"title": "Typo", "assignee": {"login": "bob"}, "labels": [], "votes": {}, "milestone": 3}`,
	} {
		learned = shape.Merge(learned, shape.Of(shape.Answer{Source: shape.JSONText, JSON: json.RawMessage(answer)}))
	}
	fmt.Println(learned.Counts().Calls(), "calls")
	for _, p := range learned.Type().Props {
		fmt.Println(p.Name, p.Type.Kind, p.Required)
	}
	// Output:
	// 2 calls
	// assignee union true
	// labels array true
	// milestone integer false
	// title string true
	// votes object true
}
