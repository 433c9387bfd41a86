package websocket_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/bindery-mcp/bindery/backends/backendtest"
	"github.com/bindery-mcp/bindery/backends/websocket"
)

func Example() {
	srv := httptest.NewServer(backendtest.NewWebSocket()) // stands for any MCP server
	defer srv.Close()
	ctx := context.Background()
	c, err := websocket.Connect(ctx, websocket.Config{URL: srv.URL, MaxMessage: 1 << 20})
	if err != nil {
		log.Fatal(err)
	}
	result, err := c.Request(ctx, "tools/call", []byte(`{"name":"bigint"}`))
	fmt.Println(string(result), err)
	_, err = c.Request(ctx, "tools/call", []byte(`{"name":"big","arguments":{"bytes":2000000}}`))
	fmt.Println(err)
	fmt.Println(c.Close(ctx))
	// Output:
	// {"content":[],"structuredContent":{"zulu":12345678901234567890,"alpha":1.10}} <nil>
	// the size of the server's answer is over the limit of 1 MiB
	// <nil>
}
