package schema_test

import (
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

func Example() {
	s := schema.Parse(json.RawMessage(`{
		"type": "object",
		"properties": {
			"title":  {"type": "string"},
			"labels": {"type": "array", "items": {"enum": ["bug", "docs"]}}
		},
		"required": ["title"]
	}`))
	for _, p := range s.Root.Props {
		fmt.Println(p.Name, p.Type.Kind, p.Required)
	}
	for _, p := range s.Check(json.RawMessage(`{"titel": "Crash", "labels": ["bug", "doc"]}`)) {
		fmt.Println(p)
	}
	// Output:
	// title string true
	// labels array false
	// labels[1]: expected "bug" | "docs", got string "doc" (did you mean "docs"?)
	// title: expected string, got nothing (the property "titel" is not known: did you mean "title"?)
}

func ExampleNearest() {
	fmt.Println(schema.Nearest("createIssue", []string{"close_issue", "create_issue", "create_pull"}))
	fmt.Println(schema.Nearest("weather", []string{"close_issue", "create_issue"}))
	// Output:
	// create_issue true
	//  false
}
