package quota_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/quota"
)

func Example() {
	book := quota.Open("", []config.Quota{{Name: "searches", Tools: []config.ToolPattern{"web.*"}, PerDay: 1}}, nil)
	c := book.Layer(quota.Scope{Client: "ci"}, bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		return bindery.Result{}, nil
	}))
	search := bindery.Call{Tool: bindery.ToolID{Server: "web", Name: "search"}}
	_, err := c.Call(context.Background(), search)
	fmt.Println(err)
	_, err = c.Call(context.Background(), search)
	fmt.Println(err)
	e, _ := errors.AsType[*quota.ExceededError](err)
	fmt.Println(e.Quota, e.At.Format("15:04:05"))
	// Output:
	// <nil>
	// call web.search: the quota "searches" allows client ci 1 call a day (UTC), which is used up
	// searches 00:00:00
}
