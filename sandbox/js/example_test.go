package js_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/js"
)

// stock answers every call with the number of items of the kind asked for.
type stock map[string]int

func (s stock) Start(_ context.Context, c bindery.Call, done func(bindery.Result, error)) {
	var args struct{ Kind string }
	if err := json.Unmarshal(c.Args, &args); err != nil {
		done(bindery.Result{}, &bindery.Error{Code: bindery.Invalid, Op: "call " + c.Tool.String(), Err: err})
		return
	}
	done(bindery.Result{Structured: fmt.Appendf(nil, `{"kind":%q,"count":%d}`, args.Kind, s[args.Kind])}, nil)
}

func (stock) Log(l sandbox.Line) { fmt.Println(l.Level+":", l.Text) }

// A script fans out to two calls and returns what it made of them.
func Example() {
	engine := js.New()
	if err := engine.Warm(); err != nil {
		fmt.Println(err)
		return
	}
	out, err := engine.Run(context.Background(), sandbox.Script{
		Language: sandbox.TypeScript,
		Source: `
const kinds: string[] = ["apples", "pears"];
const rows = await Promise.all(kinds.map(kind => shop.count({kind})));
console.log(rows.length, "rows");
return Object.fromEntries(rows.map(r => [r.kind, r.count]));`,
		Bindings: &sandbox.Bindings{Servers: []sandbox.Server{
			{Name: "shop", Ident: "shop", Tools: []sandbox.Tool{{Name: "count", Ident: "count"}}},
		}},
		Limits: sandbox.DefaultLimits(),
	}, stock{"apples": 3, "pears": 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(out.Value))
	// Output:
	// log: 2 rows
	// {"apples":3,"pears":5}
}
