package exposure

import (
	"context"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway"
)

// Setup is what is to be exposed: servers, and the gateway in front of them.
type Setup struct {
	Servers []backends.Server
	// Surface is what the gateway says of itself, and Module what is behind it.
	Surface benchmarks.Surface
	Module  *codegen.Module
}

// Tools returns the number of tools of all servers.
func (s Setup) Tools() int {
	n := 0
	for _, server := range s.Servers {
		n += len(server.Tools)
	}
	return n
}

// NewSetup puts a gateway with these options in front of the catalogue, and
// asks it what a client that may see everything is told. Tools and Engine are
// not looked at: no script runs.
func NewSetup(ctx context.Context, cat *backends.Catalogue, o gateway.Options) Setup {
	o.Tools = still{cat}
	o.Clients = nil
	g := gateway.New(o)
	defer g.Close(ctx)
	d, v := g.Definition(gateway.Anonymous()), g.View(gateway.Anonymous())
	return Setup{
		Servers: v.Servers,
		Surface: benchmarks.Surface{Name: d.Name, Description: d.Description, Schema: d.InputSchema, Instructions: d.Instructions},
		Module:  v.Module,
	}
}

// still is a catalogue that does not change, and whose tools nobody calls.
type still struct{ cat *backends.Catalogue }

func (s still) Catalogue() *backends.Catalogue { return s.cat }

func (still) Changed() <-chan struct{} { return nil }

func (still) Ready(context.Context, ...string) error { return nil }

func (still) Call(_ context.Context, c bindery.Call) (bindery.Result, error) {
	return bindery.Result{}, &bindery.Error{Code: bindery.Unavailable, Op: "call " + c.Tool.String(), Hint: "only the definitions are measured"}
}
