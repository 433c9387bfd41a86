package gateway

import (
	"sync"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/sandbox"
)

// View is everything one kind of client may see of one version of the
// catalogue. It is immutable.
type View struct {
	// Version is the version of the catalogue it was compiled from.
	Version uint64
	Module  *codegen.Module
	// Bindings are the module's names as a script finds them.
	Bindings *sandbox.Bindings
	// Servers are the servers of which the client may see at least one tool,
	// and those that are not up yet and may still have some.
	Servers []backends.Server

	inOrder map[bindery.ToolID]bool
}

// ordered reports whether calls of the tool run one at a time.
func (v *View) ordered(id bindery.ToolID) bool { return v.inOrder[id] }

// Globals are the names that a script finds besides the servers; a server
// that is called like one of them is reached through tools["name"] only.
func Globals() []string {
	return []string{"tools", "data", "console", "sleep", "setTimeout", "clearTimeout", "setInterval", "clearInterval"}
}

func newView(cat *backends.Catalogue, c Client, rules map[string]Concurrency) *View {
	v := &View{Version: cat.Version, inOrder: make(map[bindery.ToolID]bool)}
	var visible []bindery.Tool
	for _, s := range cat.Servers {
		seen := s
		seen.Tools = nil
		for _, t := range s.Tools {
			if c.allows(t.ID) {
				seen.Tools = append(seen.Tools, t)
				v.inOrder[t.ID] = rules[s.Name].ordered(t)
			}
		}
		if len(seen.Tools) > 0 || len(s.Tools) == 0 {
			v.Servers = append(v.Servers, seen)
		}
		visible = append(visible, seen.Tools...)
	}
	v.Module = codegen.Compile(visible, codegen.Options{Reserved: Globals()})
	v.Bindings = v.bind()
	return v
}

// bind lists the module's names for the sandbox.
func (v *View) bind() *sandbox.Bindings {
	b := &sandbox.Bindings{Digest: v.Module.Digest()}
	for _, s := range v.Module.Servers() {
		out := sandbox.Server{Name: s.Name, Ident: s.Ident, Refused: s.Refused}
		for _, f := range s.Tools {
			out.Tools = append(out.Tools, sandbox.Tool{
				Name: f.ID.Name, Ident: f.Ident, Refused: f.Refused, Ordered: v.inOrder[f.ID],
			})
		}
		b.Servers = append(b.Servers, out)
	}
	return b
}

// views compiles each view once per version of the catalogue. Clients with
// the same rules share one.
type views struct {
	opts Options
	mu   sync.Mutex
	byID map[string]*viewSlot
}

// viewSlot lets one caller compile while the others wait for it, without
// holding up views of other clients.
type viewSlot struct {
	mu   sync.Mutex
	view *View
}

func newViews(o Options) *views { return &views{opts: o, byID: make(map[string]*viewSlot)} }

// of returns the client's view of the current catalogue.
func (vs *views) of(c Client) *View {
	vs.mu.Lock()
	slot, ok := vs.byID[c.filter()]
	if !ok {
		slot = new(viewSlot)
		vs.byID[c.filter()] = slot
	}
	vs.mu.Unlock()

	slot.mu.Lock()
	defer slot.mu.Unlock()
	cat := vs.opts.Tools.Catalogue()
	if slot.view == nil || slot.view.Version != cat.Version {
		slot.view = newView(cat, c, vs.opts.Concurrency)
	}
	return slot.view
}

// View returns what the client may see now.
func (g *Gateway) View(c Client) *View { return g.views.of(c) }
