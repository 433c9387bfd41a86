package python_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/python"
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
	dir, err := prepared() // by image.Prepare
	if err != nil || dir == "" {
		fmt.Println(err)
		return
	}
	engine := python.New(dir)
	defer engine.Close()
	out, err := engine.Run(context.Background(), sandbox.Script{
		Language: sandbox.Python,
		Source: `
rows = parallel(lambda kind: shop.count(kind=kind), ["apples", "pears"])
print(len(rows), "rows")
{r["kind"]: r["count"] for r in rows}`,
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
