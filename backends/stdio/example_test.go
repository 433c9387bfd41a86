package stdio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/bindery-mcp/bindery/backends/backendtest"
	"github.com/bindery-mcp/bindery/backends/stdio"
)

func Example() {
	command, env, err := backendtest.Command(backendtest.GarbageFirst) // stands for any MCP server
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	c, err := stdio.Connect(ctx, stdio.Config{Command: command, Env: env, MaxMessage: 1 << 20})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	result, err := c.Request(ctx, "tools/call", []byte(`{"name":"bigint"}`))
	fmt.Println(string(result), err)
	n, first := c.Skipped()
	fmt.Println(n, first)
	// Output:
	// {"content":[],"structuredContent":{"zulu":12345678901234567890,"alpha":1.10}} <nil>
	// 2 [OAuth keys found in current directory Listening…]
}
