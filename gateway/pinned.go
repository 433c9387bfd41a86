package gateway

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/pin"
)

// Pinned are tools that are held against what they were when they were first
// seen: those that are another thing now are named and, if the pins quarantine
// them, are not there.
type Pinned struct {
	Tools
	pins *pin.Pins
	log  *slog.Logger

	mu      sync.Mutex
	from    *backends.Catalogue // that cat was made from
	cat     *backends.Catalogue
	lists   map[string]pinnedList
	changed map[string][]pin.Change // by server
	looks   uint64                  // how often everything was looked at again
}

// pinnedList is the tools of one server, and what was kept of them: a list that
// did not change is the same list again.
type pinnedList struct{ all, kept []bindery.Tool }

// NewPinned returns tools as the pins have them.
func NewPinned(tools Tools, pins *pin.Pins, log *slog.Logger) *Pinned {
	return &Pinned{Tools: tools, pins: pins, log: log, lists: make(map[string]pinnedList), changed: make(map[string][]pin.Change)}
}

// Catalogue implements [Tools].
func (p *Pinned) Catalogue() *backends.Catalogue {
	now := p.Tools.Catalogue()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.from == now {
		return p.cat
	}
	cat := &backends.Catalogue{Version: now.Version + p.looks, Servers: slices.Clone(now.Servers)}
	for i, s := range now.Servers {
		cat.Servers[i].Tools = p.kept(s.Name, s.Tools)
	}
	p.from, p.cat = now, cat
	return cat
}

// kept returns those tools of a server that are there. The lock is held.
func (p *Pinned) kept(server string, tools []bindery.Tool) []bindery.Tool {
	if len(tools) == 0 {
		return nil
	}
	if l, ok := p.lists[server]; ok && len(l.all) == len(tools) && &l.all[0] == &tools[0] {
		return l.kept
	}
	v, err := p.pins.Judge(tools)
	if err != nil {
		p.log.Error("what tools were cannot be kept", "error", err)
	}
	p.changed[server] = v.Changed
	kept := v.Kept
	if len(kept) == len(tools) {
		kept = tools
	}
	p.lists[server] = pinnedList{tools, kept}
	return kept
}

// Changes returns the tools that are not what they were, by name, and whether
// they are set aside or not.
func (p *Pinned) Changes() []pin.Change {
	p.Catalogue()
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []pin.Change
	for _, server := range slices.Sorted(maps.Keys(p.changed)) {
		list = append(list, p.changed[server]...)
	}
	return list
}

// Rejudge has all tools looked at again, after an approval.
func (p *Pinned) Rejudge() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.from, p.lists = nil, make(map[string]pinnedList)
	p.looks++
}

// Absent returns the tools that the servers have and that are not there, and why.
func (p *Pinned) Absent() map[bindery.ToolID]error {
	absent := make(map[bindery.ToolID]error)
	for _, c := range p.pins.Quarantined() {
		absent[c.Tool] = p.pins.Denied(c.Tool)
	}
	return absent
}

// Denied returns why a tool in quarantine is not to be called, nil for any other.
func (p *Pinned) Denied(id bindery.ToolID) error { return p.pins.Denied(id) }

// Call implements [bindery.Caller]: a tool in quarantine is not called, whatever
// the caller knows of it.
func (p *Pinned) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	if err := p.pins.Denied(c.Tool); err != nil {
		return bindery.Result{}, err
	}
	return p.Tools.Call(ctx, c)
}
