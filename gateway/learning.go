package gateway

import (
	"context"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway/learned"
)

// learning has the store look at what tools answered.
func (g *Gateway) learning(next bindery.Caller) bindery.Caller {
	if g.opts().Learned == nil {
		return next
	}
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		r, err := next.Call(ctx, c)
		if err == nil {
			g.opts().Learned.Observe(c, r)
		}
		return r, err
	})
}

// track tells the store which tools there are.
func (g *Gateway) track(ctx context.Context) {
	if g.opts().Learned == nil {
		return
	}
	if err := g.opts().Learned.Track(ctx, Tracked(g.opts().Tools.Catalogue())); err != nil && ctx.Err() == nil {
		g.opts().Logger.Warn("result types are not learned", "error", err)
	}
}

// Tracked returns the servers of a catalogue as the store of learned types
// takes them.
func Tracked(cat *backends.Catalogue) []learned.Server {
	servers := make([]learned.Server, len(cat.Servers))
	for i, s := range cat.Servers {
		servers[i] = learned.Server{Name: s.Name, Identity: s.Identity, Tools: s.Tools}
	}
	return servers
}

// Observing returns the module with what the store knows now, and knows later
// on; the module itself if there is no store.
func Observing(m *codegen.Module, store *learned.Store) *codegen.Module {
	if store == nil {
		return m
	}
	return m.Observing(func(id bindery.ToolID) *codegen.Observed { return codegen.ObservedShape(store.Shapes().Of(id)) })
}
