package web_test

import (
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/backends/internal/web"
)

func Example() {
	events := web.NewEvents(strings.NewReader(": hello\n\nevent: endpoint\ndata: /message\n\n"), 1000)
	e, err := events.Next()
	fmt.Println(e.Name, string(e.Data), err)
	// Output: endpoint /message <nil>
}
