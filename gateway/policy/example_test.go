package policy_test

import (
	"context"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/policy"
)

func Example() {
	c, err := config.Parse("bindery.yaml", []byte(`
policy:
  labels: {private: ["notes.*"], untrusted: ["web.*"], egress: ["mail.*"]}
  flow: deny
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := policy.Compile(c.Policy)
	if err != nil {
		fmt.Println(err)
		return
	}
	servers := bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) { return bindery.Result{}, nil })
	x := policy.NewExecution(policy.Script{Language: "typescript"})
	tools := p.Layer(policy.Scope{Client: policy.Client{Name: "ci"}, Execution: x}, servers)
	for _, tool := range []bindery.ToolID{{Server: "notes", Name: "read"}, {Server: "web", Name: "fetch"}, {Server: "mail", Name: "send"}} {
		_, err := tools.Call(context.Background(), bindery.Call{Tool: tool})
		fmt.Println(tool, err)
	}
	// Output:
	// notes.read <nil>
	// web.fetch <nil>
	// mail.send call mail.send: the rule "flow" forbids it: Private data and text that anybody may have written have been read, and this tool takes data out.
}
