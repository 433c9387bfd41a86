package gateway

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
)

// setting is one configuration with what follows from it. It is immutable but
// for the caches inside.
type setting struct {
	opts    Options
	clients *clients
	views   *views
	gates   *gates
}

// newSetting keeps of the one before, which may be nil, whose turn it is at each
// server.
func newSetting(o Options, before *setting) *setting {
	s := &setting{opts: o, clients: newClients(o), views: newViews(o)}
	if before != nil {
		s.gates = newGates(o.Concurrency, before.gates)
	} else {
		s.gates = newGates(o.Concurrency, nil)
	}
	return s
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Limits == (sandbox.Limits{}) {
		o.Limits = sandbox.DefaultLimits()
	}
	o.Startup = cmp.Or(o.Startup, 20*time.Second)
	o.Patience = cmp.Or(o.Patience, 50*time.Second)
	o.Keep.Age = cmp.Or(o.Keep.Age, time.Hour)
	o.Version = cmp.Or(o.Version, "dev")
	return o
}

func (g *Gateway) opts() *Options { return &g.now.Load().opts }

func (g *Gateway) views() *views { return g.now.Load().views }

// Apply makes another configuration the gateway's own, for what begins from now
// on: clients, views, limits, concurrency and what the description says. Where
// tools, scripts and learned types come from, what is kept, and the log stay.
func (g *Gateway) Apply(o Options) {
	o = o.withDefaults()
	before := g.now.Load()
	o.Tools, o.Servers, o.Engine, o.Learned = before.opts.Tools, before.opts.Servers, before.opts.Engine, before.opts.Learned
	o.Absent, o.Denied, o.Audit = before.opts.Absent, before.opts.Denied, before.opts.Audit
	o.Quotas, o.Telemetry = before.opts.Quotas, before.opts.Telemetry
	o.Python, o.NoPython = before.opts.Python, before.opts.NoPython
	o.Keep, o.Logger, o.Version, o.Status = before.opts.Keep, before.opts.Logger, before.opts.Version, before.opts.Status
	g.now.Store(newSetting(o, before))
	g.endpoints.refresh()
}
