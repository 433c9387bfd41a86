package sandbox_test

import (
	"context"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// The check before a script takes nothing of the script's budget; a worker
// that asks again pays for it.
func TestOnePrecheckIsFree(t *testing.T) {
	t.Parallel()
	l := sandbox.DefaultLimits()
	l.Calls = 2
	caller := bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) { return bindery.Result{}, nil })
	d := sandbox.NewDispatcher(caller, twoServers(), l, nil)
	defer d.Close()
	check := id(sandbox.Builtin, sandbox.Precheck)
	for i, tool := range []bindery.ToolID{check, id("a", "read"), check, id("a", "read"), check} {
		err := start(t.Context(), d, tool)()[0]
		if over := i >= 3; (bindery.CodeOf(err) == bindery.Limit) != over || (err != nil) != over {
			t.Errorf("call %d, of %s: %v", i+1, tool, err)
		}
	}
}
