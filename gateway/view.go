package gateway

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/direct"
	"github.com/bindery-mcp/bindery/gateway/pin"
	"github.com/bindery-mcp/bindery/sandbox"
)

// View is everything one kind of client may see, at one endpoint, of one
// version of the catalogue. It is immutable.
type View struct {
	// Version is the version of the catalogue it was compiled from.
	Version uint64
	Module  *codegen.Module
	// stated is Module with what was known of results when the view was made:
	// what stands in a prompt must not change with every call.
	stated *codegen.Module
	// Servers are the servers of which the client may see at least one tool,
	// and those that are not up yet and may still have some.
	Servers []backends.Server

	// inline is what the description of execute_code says of the tools, made when
	// first asked for.
	inline func() string
	// bindings are made when a script first needs them.
	bindings map[sandbox.Language]func() *sandbox.Bindings
	// then is what was known of results when the view was made.
	then     func(bindery.ToolID) *codegen.Observed
	inOrder  map[bindery.ToolID]bool
	onlyRead map[bindery.ToolID]bool
	source   *backends.Catalogue
	// origin has the tools that are called otherwise here than by their
	// servers, by their names here.
	origin map[bindery.ToolID]bindery.ToolID
	// closed are servers of which it is not known yet whether the client may use a
	// tool, and thereby what they offer besides.
	closed map[string]bool
	// absent are tools that the client may use and that are not there, and why.
	absent map[bindery.ToolID]error
	// table is the tools under wire names, made when first asked for.
	table func() *direct.Table
}

// server returns the server of that name, if something of it is in the view.
func (v *View) server(name string) (backends.Server, bool) {
	for _, s := range v.Servers {
		if s.Name == name {
			return s, true
		}
	}
	return backends.Server{}, false
}

// toOrigin returns what the server calls the tool.
func (v *View) toOrigin(id bindery.ToolID) bindery.ToolID {
	if o, ok := v.origin[id]; ok {
		return o
	}
	return id
}

// ordered reports whether calls of the tool run one at a time.
func (v *View) ordered(id bindery.ToolID) bool { return v.inOrder[id] }

// reads reports whether the tool says, or lets assume, that it changes nothing.
func (v *View) reads(id bindery.ToolID) bool { return v.onlyRead[id] }

// Bindings returns the module's names as a script of that language finds them.
func (v *View) Bindings(l sandbox.Language) *sandbox.Bindings { return v.bindings[l]() }

// newView compiles the catalogue for the client. What the view before it
// compiled from the same tools is taken over: servers that come and go, or
// fail again, cost nothing. Of a client that does not see everything the view is
// a part of that of one who does, whole, and shares what it can with it.
func newView(cat *backends.Catalogue, shown config.View, c Client, o Options, before, whole *View) *View {
	v := &View{Version: cat.Version, source: cat, origin: make(map[bindery.ToolID]bindery.ToolID)}
	absent := o.absent()
	shared := true // whether all tools are in whole
	for _, s := range cat.Servers {
		// Also while nobody knows its tools, a server is nobody's business who can
		// see none of them.
		if !shown.Reaches(s.Name) || !c.rules.Reaches(s.Name) {
			continue
		}
		seen := s
		seen.Tools = nil
		for _, in := range shownTools(s.Tools, shown, c) {
			seen.Tools = append(seen.Tools, in.Tool)
			if in.Origin != in.ID {
				v.origin[in.ID] = in.Origin
			}
			if whole != nil && shared {
				_, shared = whole.Module.Lookup(in.ID)
			}
		}
		if whole != nil {
			// The same tools need not be held once for each client. As many in whole
			// can be others, for whole leaves out those that have one name.
			if all, ok := whole.server(s.Name); ok && shared && len(all.Tools) == len(seen.Tools) {
				seen.Tools = all.Tools
			} else {
				seen.Tools = slices.Clip(seen.Tools)
			}
		}
		if len(seen.Tools) > 0 || c.mayUse(s, shown, absent) {
			v.Servers = append(v.Servers, seen)
		}
	}
	v.absent = c.usable(absent, shown)
	v.closed = v.unknown(c)
	if before != nil && cat.SameTools(before.source) {
		v.Module, v.stated, v.inOrder, v.onlyRead, v.table, v.then = before.Module, before.stated, before.inOrder, before.onlyRead, before.table, before.then
	} else {
		if whole == nil || !shared || !v.part(whole) {
			v.compile(o)
		}
		v.table = sync.OnceValue(func() *direct.Table { return tableOf(cat, shown, c, whole) })
	}
	v.inline = sync.OnceValue(func() string { return v.stubs(o.InlineTokens) })
	v.bindings = make(map[sandbox.Language]func() *sandbox.Bindings)
	for _, l := range []sandbox.Language{sandbox.TypeScript, sandbox.Python} {
		v.bindings[l] = sync.OnceValue(func() *sandbox.Bindings { return v.bind(l, whole) })
	}
	return v
}

// tableOf is the client's tools under wire names. Those of all tools of the
// view are made once, for whole.
func tableOf(cat *backends.Catalogue, shown config.View, c Client, whole *View) *direct.Table {
	if whole != nil {
		return whole.table().Only(c.allows)
	}
	var items []direct.Item
	for _, s := range cat.Servers {
		for _, t := range s.Tools {
			if !shown.Shows(t.ID.Server, t.ID.Name) {
				continue
			}
			item := shownItem(t, shown)
			item.Raw, _ = pin.Strip(item.Raw)
			items = append(items, item)
		}
	}
	table := direct.Compile(items, shown.Prefixes(), reserved(shown.Mode))
	if c.limited() {
		return table.Only(c.allows)
	}
	return table
}

// part takes from whole what the view has of it, if that can be done.
func (v *View) part(whole *View) bool {
	seen := make(map[bindery.ToolID]bool)
	for _, s := range v.Servers {
		for _, t := range s.Tools {
			seen[t.ID] = true
		}
	}
	m, ok := whole.Module.Only(func(id bindery.ToolID) bool { return seen[id] })
	if !ok {
		return false
	}
	v.Module, v.stated, v.then = m, m, whole.then
	if v.then != nil {
		v.stated = m.Observing(v.then)
	}
	v.inOrder, v.onlyRead = whole.inOrder, whole.onlyRead
	return true
}

// absentOf are the names of a server's tools that are not there, for scripts
// that use them to be told why.
func (v *View) absentOf(server string) []sandbox.Tool {
	var tools []sandbox.Tool
	for id, err := range v.absent {
		if id.Server == server {
			why := err.Error()
			if hint := bindery.HintOf(err); hint != "" {
				why += "; " + hint
			}
			tools = append(tools, sandbox.Tool{Name: id.Name, Refused: why})
		}
	}
	slices.SortFunc(tools, func(a, b sandbox.Tool) int { return strings.Compare(a.Name, b.Name) })
	return tools
}

// reserved are the wire names that are the gateway's own.
func reserved(m config.Mode) map[string]string {
	if m == config.Direct {
		return nil
	}
	return map[string]string{toolName: "bindery itself"}
}

func (v *View) compile(o Options) {
	v.inOrder, v.onlyRead = make(map[bindery.ToolID]bool), make(map[bindery.ToolID]bool)
	var tools []bindery.Tool
	for _, s := range v.Servers {
		for _, t := range s.Tools {
			v.inOrder[t.ID] = o.Concurrency[s.Name].ordered(t)
			v.onlyRead[t.ID] = onlyReads(t)
		}
		tools = append(tools, s.Tools...)
	}
	module := codegen.Compile(tools)
	v.Module, v.stated = module, module
	if store := o.Learned; store != nil {
		then := store.Shapes()
		v.Module = module.Observing(func(id bindery.ToolID) *codegen.Observed {
			return codegen.ObservedShape(store.Shapes().Of(v.toOrigin(id)))
		})
		v.then = func(id bindery.ToolID) *codegen.Observed { return codegen.ObservedShape(then.Of(v.toOrigin(id))) }
		v.stated = module.Observing(v.then)
	}
}

// spelling returns the language that names, lines and messages are written in
// for a script.
func spelling(l sandbox.Language) codegen.Language {
	if l == sandbox.Python {
		return codegen.Python
	}
	return codegen.TypeScript
}

// bind lists the module's names for the sandbox, and the servers that would
// have some if they were up: a script that names one is told why it is not.
// What whole has of a server of which both have the same is shared.
func (v *View) bind(in sandbox.Language, whole *View) *sandbox.Bindings {
	l, b := spelling(in), &sandbox.Bindings{Digest: v.Module.Digest()}
	for _, s := range v.Module.Servers() {
		if known, ok := whole.bound(in, s); ok && len(v.absentOf(s.Name)) == 0 {
			b.Servers = append(b.Servers, known)
			continue
		}
		out := sandbox.Server{Name: s.Name, Ident: s.In(l).Ident, Refused: s.In(l).Refused}
		for _, f := range s.Tools {
			out.Tools = append(out.Tools, sandbox.Tool{
				Name: f.ID.Name, Ident: f.In(l).Ident, Refused: f.In(l).Refused, Ordered: v.inOrder[f.ID],
				Params: codegen.Keywords(f, l),
			})
		}
		v.bindAbsent(&out, b)
		b.Servers = append(b.Servers, out)
	}
	for _, s := range v.Servers {
		if len(s.Tools) > 0 {
			continue
		}
		out := sandbox.Server{Name: s.Name, Ident: codegen.ServerIdent(s.Name, l)}
		if v.bindAbsent(&out, b); len(out.Tools) == 0 {
			if s.State == backends.Ready {
				continue
			}
			out.Refused = unavailable(s)
			b.Digest += fmt.Sprintf("|%s: %s", s.Name, out.Refused)
		}
		b.Servers = append(b.Servers, out)
	}
	return b
}

// bindAbsent adds to a server its tools that are not there.
func (v *View) bindAbsent(s *sandbox.Server, b *sandbox.Bindings) {
	for _, t := range v.absentOf(s.Name) {
		s.Tools = append(s.Tools, t)
		b.Digest += fmt.Sprintf("|%s.%s: %s", s.Name, t.Name, t.Refused)
	}
}

// bound returns what scripts find of a server, if it is this one and all its
// tools are there.
func (v *View) bound(l sandbox.Language, s *codegen.Server) (sandbox.Server, bool) {
	if v == nil || !slices.Contains(v.Module.Servers(), s) || len(v.absentOf(s.Name)) > 0 {
		return sandbox.Server{}, false
	}
	for _, known := range v.Bindings(l).Servers {
		if known.Name == s.Name {
			return known, true
		}
	}
	return sandbox.Server{}, false
}

func unavailable(s backends.Server) string {
	if s.Cause == nil {
		return "the server is still starting"
	}
	why := "the server is down: " + s.Cause.Error()
	if s.Cause.Hint != "" {
		why += "; " + s.Cause.Hint
	}
	return why
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

// of returns the client's view, at the endpoint of that name, of the current
// catalogue.
func (vs *views) of(name string, c Client) *View {
	key := name + " " + c.filter
	vs.mu.Lock()
	slot, ok := vs.byID[key]
	if !ok {
		slot = new(viewSlot)
		vs.byID[key] = slot
	}
	vs.mu.Unlock()

	slot.mu.Lock()
	defer slot.mu.Unlock()
	cat := vs.opts.Tools.Catalogue()
	if slot.view == nil || slot.view.Version != cat.Version {
		shown, _ := vs.opts.view(name)
		var whole *View
		if c.limited() {
			whole = vs.of(name, Anonymous())
			cat = whole.source // the same tools, though there may be others by now
		}
		slot.view = newView(cat, shown, c, vs.opts, slot.view, whole)
	}
	return slot.view
}

// View returns what the client may see now at the default endpoint.
func (g *Gateway) View(c Client) *View { return g.views().of(config.DefaultView, c) }
