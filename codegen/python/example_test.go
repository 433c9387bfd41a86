package python_test

import (
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/python"
)

func Example() {
	s := form.Build([]bindery.Tool{{
		ID:          bindery.ToolID{Server: "issue-tracker", Name: "create_issue"},
		Description: "Creates an issue. Fails if the repository is archived.",
		Input: json.RawMessage(`{"type":"object","required":["title"],"properties":{
			"title":{"type":"string","description":"One line"},
			"for":{"enum":["me","all"],"default":"me"}}}`),
		Output: json.RawMessage(`{"type":"object","required":["number"],"properties":{"number":{"type":"integer"}}}`),
	}})[0]

	fmt.Println(python.Line(s.Tools[0], form.MaxLine))
	fmt.Println(python.Parameters(s.Tools[0]))
	fmt.Println(python.File(s, true))
	// Output:
	// issue_tracker.create_issue(title: str, for_?: "me"|"all") -> {"number": int}  # Creates an issue
	// [{title title} {for for_}]
	// from bindery import tool
	// from typing import Literal, TypedDict
	//
	// class CreateIssueResult(TypedDict):
	//     number: int
	//
	// @tool
	// def create_issue(*, title: str, for_: Literal["me", "all"] = ...) -> CreateIssueResult:
	//     """Creates an issue. Fails if the repository is archived.
	//
	// title: One line
	// for_: (default "me")"""
}
