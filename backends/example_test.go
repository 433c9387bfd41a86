package backends_test

import (
	"context"
	"fmt"
	"log"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

func Example() {
	command, env, err := backendtest.Command() // stands for any MCP server
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	set, err := backends.Open(ctx, []backends.Spec{
		{Name: "demo", Command: command, Env: env, Offers: func(tool string) bool { return tool == "echo" || tool == "slow" }},
		{Name: "gone", Command: "no-such-command"},
	}, backends.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = set.Close(ctx) }()
	if err := set.Ready(ctx); err != nil {
		log.Fatal(err)
	}
	for _, srv := range set.Catalogue().Servers {
		fmt.Println(srv.Name, len(srv.Tools))
	}
	for _, server := range []string{"demo", "gone"} {
		r, err := set.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: server, Name: "echo"}, Args: []byte(`{"id":12345678901234567890}`)})
		fmt.Println(string(r.Structured), bindery.CodeOf(err) == bindery.Unavailable)
	}
	// Output:
	// demo 2
	// gone 0
	// {"id":12345678901234567890} false
	//  true
}
