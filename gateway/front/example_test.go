package front_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/bindery-mcp/bindery/gateway/front"
)

// greeter has one answer to everything.
type greeter struct{}

func (greeter) Describe(*front.Caller) front.Description {
	return front.Description{Name: "greeter", Version: "1", Capabilities: json.RawMessage(`{"tools":{}}`)}
}

func (greeter) Handle(_ context.Context, r *front.Request) (json.RawMessage, error) {
	if r.Method != "tools/call" {
		return nil, &front.Error{Code: front.CodeMethodNotFound, Message: "there are only tools here"}
	}
	return json.RawMessage(`{"content":[{"type":"text","text":"hello"}]}`), nil
}

func (greeter) Watch(context.Context, *front.Caller, front.Filter) (front.Watch, error) {
	return front.Watch{}, nil
}

type output struct{ strings.Builder }

func (*output) Close() error { return nil }

// A server on stdio. The same endpoint is an http.Handler, too.
func Example() {
	e := front.New(greeter{}, front.Options{})
	in := io.NopCloser(strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"greet"}}
`))
	var out output
	if err := e.ServeStream(context.Background(), in, &out); err != nil {
		fmt.Println(err)
	}
	fmt.Print(out.String())
	// Output:
	// {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"greeter","version":"1"}}}
	// {"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"hello"}]}}
}
