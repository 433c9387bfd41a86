package codegen_test

import (
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
)

func Example() {
	m := codegen.Compile([]bindery.Tool{{
		ID:          bindery.ToolID{Server: "issue-tracker", Name: "create_issue"},
		Description: "Creates an issue. Fails if the repository is archived.",
		Input: json.RawMessage(`{"type":"object","required":["title"],"properties":{
			"title":{"type":"string","description":"One line"},
			"priority":{"enum":["low","high"],"default":"low"}}}`),
		Output: json.RawMessage(`{"type":"object","required":["number"],"properties":{"number":{"type":"integer"}}}`),
	}})

	fmt.Println(m.Search(codegen.Query{Text: "new issues"}))
	fmt.Println(m.Declarations("issue-tracker", codegen.TypeScript, codegen.Full))
	err := m.Check(bindery.ToolID{Server: "issue-tracker", Name: "create_issue"}, codegen.TypeScript, json.RawMessage(`{"titel":"Crash"}`))
	fmt.Println(err)
	// Output:
	// 1 of 1 tool:
	// issue_tracker.create_issue({title: string, priority?: "low" | "high"}): {number: number} // Creates an issue
	// declare const issue_tracker: {
	//   /** Creates an issue. Fails if the repository is archived. */
	//   create_issue: Tool<{
	//     /** One line */
	//     title: string;
	//     /** (default "low") */
	//     priority?: "low" | "high";
	//   }, {
	//     /** (integer) */
	//     number: number;
	//   }>;
	// };
	//
	// call issue_tracker.create_issue: title: expected string, got nothing (the property "titel" is not known: did you mean "title"?)
}
