package gateway

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/gateway/keep"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/sandbox"
)

// doing is one script with everything that its calls are held against.
type doing struct {
	client Client
	view   *View
	in     codegen.Language
	ledger *execution.Ledger
	shelf  *keep.Shelf
	peer   *backends.Peer    // nil if nobody can be asked
	past   *policy.Execution // what it has touched
	trail  trail
}

// caller stacks the layers between a script and the backends. A call passes
// them from the bottom of this list to the top.
func (g *Gateway) caller(d doing) bindery.Caller {
	now := g.now.Load()
	var c bindery.Caller = now.opts.Tools
	c = g.carrying(c)                                // which trace is it part of
	c = d.ledger.Sent(c)                             // it is on its way
	c = d.trail.recorded(c)                          // it is on record
	c = g.learning(c)                                // what does it look like
	c = original(d.view, c)                          // what does its server call it
	c = now.gates.layer(d.view, c)                   // whose turn is it
	c = answering(d.peer, c)                         // whom may the server ask
	c = g.limited(d.client, d.view.toOrigin, c)      // have there been too many
	c = g.ruled(d.client, d.view, d.past, d.peer, c) // may this call be made
	c = checked(d.view, d.in, c)                     // are the arguments right
	c = g.traced(d.view, true, c)                    // what did it take
	c = visible(d.view, c)                           // does the tool exist for this client
	c = d.trail.attempted(d.view.toOrigin, c)        // what was refused is on record too
	c = d.ledger.Layer(c)                            // what happened, or had happened before
	c = discovery(d.view, d.in, c)                   // tools.search, tools.describe
	c = g.offering(d, c)                             // resources, prompts
	c = keeping(d.shelf, c)                          // results, store
	c = g.marked(d.client.Name, d.past, c)           // what do they hold
	c = prechecked(d.view, d.in, c)                  // which calls in the script's text are certain to fail
	return c
}

// original gives tools the names that their servers know.
func original(v *View, next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		c.Tool = v.toOrigin(c.Tool)
		return next.Call(ctx, c)
	})
}

// visible refuses tools that are not in the view, whatever the script or a
// subverted worker asks for.
func visible(v *View, next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if _, ok := v.Module.Lookup(c.Tool); !ok {
			if err := v.absent[c.Tool]; err != nil {
				return bindery.Result{}, err
			}
			return bindery.Result{}, &bindery.Error{
				Code: bindery.NotFound, Op: "call " + c.Tool.String(), Err: fmt.Errorf("there is no such tool"),
				Hint: `await tools.search("what you need") lists the tools there are`,
			}
		}
		return next.Call(ctx, c)
	})
}

// checked holds the arguments against the tool's schema before anything is
// sent.
func checked(v *View, in codegen.Language, next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if err := v.Module.Check(c.Tool, in, c.Args); err != nil {
			return bindery.Result{}, err
		}
		return next.Call(ctx, c)
	})
}

// discovery answers the host functions that the JavaScript and Python
// libraries offer as tools.search and tools.describe.
func discovery(v *View, in codegen.Language, next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if c.Tool.Server != sandbox.Builtin {
			return next.Call(ctx, c)
		}
		text, err := discover(v.Module, in, c)
		if err != nil {
			return bindery.Result{}, err
		}
		quoted, err := json.Marshal(text)
		if err != nil {
			return bindery.Result{}, &bindery.Error{Code: bindery.Internal, Op: "encode " + c.Tool.Name, Err: err}
		}
		return bindery.Result{Structured: quoted}, nil
	})
}

func discoveryUsage(in codegen.Language) string {
	if in == codegen.Python {
		return `tools.search("words", server=None, limit=None, detail="name" | "line" | "full"); tools.describe("server.tool")`
	}
	return `tools.search("words", {server?: string, limit?: number, detail?: "name" | "line" | "full"}); tools.describe("server.tool")`
}

func discover(m *codegen.Module, in codegen.Language, c bindery.Call) (string, error) {
	var args struct {
		Query  string `json:"query"`
		Server string `json:"server"`
		Limit  int    `json:"limit"`
		Detail string `json:"detail"`
		Name   string `json:"name"`
	}
	op := "tools." + c.Tool.Name
	if err := json.Unmarshal(c.Args, &args); err != nil {
		return "", &bindery.Error{
			Code: bindery.Invalid, Op: op, Err: err,
			Hint: discoveryUsage(in),
		}
	}
	switch c.Tool.Name {
	case "search":
		detail, ok := codegen.ParseDetail(args.Detail)
		if !ok {
			return "", &bindery.Error{
				Code: bindery.Invalid, Op: op, Err: fmt.Errorf("detail %q is not a level of detail", clip(args.Detail, 40)),
				Hint: `detail is "name", "line" or "full"`,
			}
		}
		hits := m.Search(codegen.Query{Text: args.Query, Server: args.Server, Limit: args.Limit, Detail: detail, Language: in})
		return hits.String(), nil
	case "describe":
		return m.Describe(args.Name, in)
	default:
		return "", &bindery.Error{Code: bindery.NotFound, Op: op, Err: fmt.Errorf("there is no such function")}
	}
}
