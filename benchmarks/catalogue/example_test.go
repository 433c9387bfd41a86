package catalogue_test

import (
	"fmt"

	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
)

func ExampleServers() {
	servers, err := catalogue.Servers()
	if err != nil {
		fmt.Println(err)
		return
	}
	s := servers[0]
	fmt.Printf("%s is %s@%s and has %d tools, the first of them %s\n", s.ID, s.Package, s.Version, len(s.Tools), s.Tools[0].ID)
	// Output: airtable is airtable-mcp-server@1.14.0 and has 16 tools, the first of them airtable.list_records
}
