package js

import (
	"fmt"
	"strings"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/spelling"
	"github.com/bindery-mcp/bindery/sandbox"
)

// toolbox is the global tools: every server by its own name, and the host's
// search and describe. A server that has the name of one of the functions is
// reached with tools.server(name).
type toolbox struct {
	x         *execution
	functions map[string]goja.Value
	servers   map[string]goja.Value
}

func (x *execution) newToolbox() *toolbox {
	b := &toolbox{x: x, servers: make(map[string]goja.Value)}
	b.functions = map[string]goja.Value{
		"search":   x.named("search", b.search),
		"describe": x.named("describe", b.describe),
		"server":   x.named("server", b.serverFunction),
		"tool":     x.named("tool", b.toolFunction),
	}
	return b
}

// String describes the tools where a script prints or returns them.
func (b *toolbox) String() string { return "[servers: " + listed(b.Keys()) + "]" }

func (b *toolbox) find(key string) *sandbox.Server { return b.x.script.Bindings.Server(key) }

func (b *toolbox) server(key string) goja.Value {
	if v, ok := b.servers[key]; ok {
		return v
	}
	s := b.find(key)
	if s == nil {
		return nil
	}
	v := b.x.realm.rt.NewDynamicObject(&namespace{x: b.x, server: s, byName: true, known: make(map[string]goja.Value)})
	b.servers[key] = v
	return v
}

var _ goja.DynamicObject = (*toolbox)(nil)

// Get implements [goja.DynamicObject].
func (b *toolbox) Get(key string) goja.Value {
	if f, ok := b.functions[key]; ok {
		return f
	}
	if implicit(key) {
		return b.x.implied(key)
	}
	if v := b.server(key); v != nil {
		return v
	}
	if inherited(key) {
		return nil
	}
	b.x.realm.throwType("%s", b.unknown(key))
	return nil
}

func (b *toolbox) unknown(key string) string {
	servers := b.x.servers()
	names := make([]string, len(servers))
	for i := range servers {
		names[i] = servers[i].Name
	}
	what := fmt.Sprintf("tools[%s] is not a server", quoted(clip(key, spelling.MaxName)))
	if near := spelling.Resembling(key, names); len(near) > 0 {
		for i, n := range near {
			near[i] = "tools[" + quoted(n) + "]"
		}
		return what + "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return what + "; the servers are " + listed(names)
}

// listed joins names, up to maxNamed of them.
func listed(names []string) string {
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > maxNamed:
		return strings.Join(names[:maxNamed], ", ") + fmt.Sprintf(" and %d more", len(names)-maxNamed)
	}
	return strings.Join(names, ", ")
}

// Set implements [goja.DynamicObject]: nothing can be set.
func (b *toolbox) Set(key string, _ goja.Value) bool {
	b.x.realm.throwType("tools is read-only: %s cannot be set", quoted(clip(key, spelling.MaxName)))
	return false
}

// Has implements [goja.DynamicObject].
func (b *toolbox) Has(key string) bool {
	_, function := b.functions[key]
	return function || (!implicit(key) && b.find(key) != nil)
}

// Delete implements [goja.DynamicObject]: nothing can be deleted.
func (b *toolbox) Delete(key string) bool {
	b.x.realm.throwType("tools is read-only: %s cannot be deleted", quoted(clip(key, spelling.MaxName)))
	return false
}

// Keys implements [goja.DynamicObject]: the servers.
func (b *toolbox) Keys() []string {
	servers := b.x.servers()
	keys := make([]string, 0, len(servers))
	for i := range servers {
		keys = append(keys, servers[i].Name)
	}
	return keys
}

// serverFunction is tools.server(name).
func (b *toolbox) serverFunction(c goja.FunctionCall) goja.Value {
	name := c.Argument(0).String()
	if v := b.server(name); v != nil {
		return v
	}
	b.x.realm.throwType("%s", b.unknown(name))
	return nil
}

// toolFunction is tools.tool(server, name), which reaches the few tools whose
// names the language claims.
func (b *toolbox) toolFunction(c goja.FunctionCall) goja.Value {
	s := b.find(c.Argument(0).String())
	if s == nil {
		b.x.realm.throwType("%s", b.unknown(c.Argument(0).String()))
	}
	n := &namespace{x: b.x, server: s, byName: true}
	key := c.Argument(1).String()
	t, _ := n.find(key)
	switch {
	case t == nil && n.down():
		panic(n.unavailable(key))
	case t == nil:
		b.x.realm.throwType("%s", n.unknown(key))
	}
	return b.x.function(target{id: bindery.ToolID{Server: s.Name, Name: t.Name}, spelling: spellTool(n.spelling(), t)})
}

// search is tools.search(query, {server, limit, detail}).
func (b *toolbox) search(c goja.FunctionCall) goja.Value {
	return b.builtin(c, "search", "query", `tools.search("what it should do", {server, limit})`)
}

// describe is tools.describe(name).
func (b *toolbox) describe(c goja.FunctionCall) goja.Value {
	return b.builtin(c, "describe", "name", `tools.describe("server.tool")`)
}

// builtin starts a call of the host's own function of that name; its first
// argument is a string, the rest come in an object.
func (b *toolbox) builtin(c goja.FunctionCall, name, first, usage string) goja.Value {
	rt := b.x.realm.rt
	subject := c.Argument(0)
	if !goja.IsString(subject) {
		return b.x.rejectType("tools.%s takes a string: %s", name, usage)
	}
	args := rt.NewObject()
	if err := args.DefineDataProperty(first, subject, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE); err != nil {
		panic(err)
	}
	if options, ok := c.Argument(1).(*goja.Object); ok {
		for _, key := range options.Keys() {
			if key != first {
				if err := args.DefineDataProperty(key, options.Get(key), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE); err != nil {
					panic(err)
				}
			}
		}
	} else if !goja.IsUndefined(c.Argument(1)) {
		return b.x.rejectType("tools.%s takes its options as an object: %s", name, usage)
	}
	return b.x.call(target{id: bindery.ToolID{Server: sandbox.Builtin, Name: name}, spelling: "tools." + name}, []goja.Value{args})
}
