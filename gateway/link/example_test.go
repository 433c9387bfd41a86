package link_test

import (
	"fmt"

	"github.com/bindery-mcp/bindery/gateway/link"
)

// The edit adds what is missing and touches nothing else.
func ExampleCodex() {
	existing := []byte("model = \"gpt-5.5\" # keep\n")
	e, err := link.Codex(existing, link.Options{URL: "http://127.0.0.1:8080/mcp", Required: true, Approval: "approve"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(e.After))
	// Output:
	// model = "gpt-5.5" # keep
	//
	// [mcp_servers.bindery]
	// url = "http://127.0.0.1:8080/mcp"
	// required = true
	// default_tools_approval_mode = "approve"
}
