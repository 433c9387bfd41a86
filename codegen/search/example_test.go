package search_test

import (
	"fmt"

	"github.com/bindery-mcp/bindery/codegen/search"
)

func Example() {
	docs := []search.Document{
		{Server: "tracker", Name: "create_issue", Summary: "Opens an issue", Parameters: []string{"title"}},
		{Server: "tracker", Name: "list_issues", Summary: "Lists issues", Parameters: []string{"state"}},
		{Server: "mail", Name: "sendMessage", Summary: "Sends an email"},
	}
	x := search.New(docs)
	for _, text := range []string{"show tickets", "post an emial", "tracker"} {
		fmt.Print(text, ":")
		for _, d := range x.Find(text, nil) {
			fmt.Print(" ", docs[d].Name)
		}
		fmt.Println()
	}
	// Output:
	// show tickets: list_issues create_issue
	// post an emial: sendMessage create_issue
	// tracker: create_issue list_issues
}
