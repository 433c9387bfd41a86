package bindery_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bindery-mcp/bindery"
)

// A layer is a Caller around another: this one refuses a server.
func Example() {
	echo := bindery.CallerFunc(func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		return bindery.Result{Structured: c.Args}, nil
	})
	without := func(server string, next bindery.Caller) bindery.Caller {
		return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
			if c.Tool.Server == server {
				return bindery.Result{}, &bindery.Error{
					Code: bindery.Denied, Op: "call " + c.Tool.String(), Err: errors.New("not allowed"),
				}
			}
			return next.Call(ctx, c)
		})
	}

	caller := without("billing", echo)
	for _, server := range []string{"github", "billing"} {
		r, err := caller.Call(context.Background(), bindery.Call{
			Tool: bindery.ToolID{Server: server, Name: "get"},
			Args: json.RawMessage(`{"id":1}`),
		})
		fmt.Println(string(r.Structured), err, bindery.CodeOf(err) == bindery.Denied)
	}
	// Output:
	// {"id":1} <nil> false
	//  call billing.get: not allowed true
}
