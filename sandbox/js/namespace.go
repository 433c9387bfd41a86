package js

import (
	"fmt"
	"strings"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/jsonstring"
	"github.com/bindery-mcp/bindery/internal/spelling"
	"github.com/bindery-mcp/bindery/sandbox"
)

// namespace is the object that stands for one server. Nothing is made for a
// tool before a script asks for it, so that the size of the catalogue costs a
// run nothing; a name is looked up by a scan, once.
type namespace struct {
	x      *execution
	server *sandbox.Server
	// byName is set for tools["server"], where a tool's own name comes first.
	byName bool
	known  map[string]goja.Value
}

// spelling is how a script writes the server.
func (n *namespace) spelling() string {
	if n.byName {
		return "tools[" + quoted(n.server.Name) + "]"
	}
	return spellServer(n.server)
}

// spellServer is the shortest way to write a server.
func spellServer(s *sandbox.Server) string {
	if s.Ident != "" {
		return s.Ident
	}
	return "tools[" + quoted(s.Name) + "]"
}

// String describes the namespace where a script prints or returns it.
func (n *namespace) String() string {
	return fmt.Sprintf("[server %s: %s]", n.server.Name, count(len(n.server.Tools), "tool"))
}

func spellTool(namespace string, t *sandbox.Tool) string {
	if t.Ident != "" {
		return namespace + "." + t.Ident
	}
	return namespace + "[" + quoted(t.Name) + "]"
}

func quoted(s string) string { return string(jsonstring.Append(nil, s)) }

// find returns the tool that key names; refused says why a key that would
// name one does not.
func (n *namespace) find(key string) (tool *sandbox.Tool, refused string) {
	tool = n.server.Tool(key, n.byName)
	if tool != nil && !n.byName && tool.Ident == "" && isIdentifier(key) && tool.Refused != "" {
		return nil, tool.Refused
	}
	return tool, ""
}

// isIdentifier reports whether s is a plain ASCII identifier.
func isIdentifier(s string) bool {
	for i, c := range s {
		if c != '_' && c != '$' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// implicit reports whether the language itself asks objects for key: await
// asks for then, String for toString, JSON.stringify for toJSON. A tool of
// such a name must not run because of that; tools.tool reaches it. Get answers
// undefined, so that the prototype does, except for toString: a script can
// take the prototype away, and goja's error would then show a pointer.
func implicit(key string) bool {
	switch key {
	case "then", "toJSON", "toString", "valueOf":
		return true
	}
	return false
}

// implied is what a namespace answers for an implicit key.
func (x *execution) implied(key string) goja.Value {
	if key != "toString" {
		return nil
	}
	return x.named(key, func(goja.FunctionCall) goja.Value { return x.realm.rt.ToValue("[object Tools]") })
}

// inherited reports whether every object has key.
func inherited(key string) bool {
	switch key {
	case "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "__proto__",
		"__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__":
		return true
	}
	return implicit(key)
}

var _ goja.DynamicObject = (*namespace)(nil)

// Get implements [goja.DynamicObject].
func (n *namespace) Get(key string) goja.Value {
	if v, ok := n.known[key]; ok {
		return v
	}
	if implicit(key) {
		return n.x.implied(key)
	}
	t, refused := n.find(key)
	switch {
	case t != nil:
		v := n.x.function(target{
			id: bindery.ToolID{Server: n.server.Name, Name: t.Name}, spelling: spellTool(n.spelling(), t),
		})
		n.known[key] = v
		return v
	case inherited(key):
		return nil
	case n.down():
		panic(n.unavailable(key))
	case refused != "":
		n.x.realm.throwType("%s", n.refusal(key, refused))
	}
	n.x.realm.throwType("%s", n.unknown(key))
	return nil
}

// refusal says why key, which would name a tool, does not.
func (n *namespace) refusal(key, why string) string {
	return fmt.Sprintf("%s.%s is not available: %s; write tools[%s][%s](…)", n.spelling(), clip(key, spelling.MaxName),
		why, quoted(n.server.Name), quoted(key))
}

// down reports whether the server is not available: it has a name in scripts,
// and a reason for having no tools.
func (n *namespace) down() bool {
	return n.server.Ident != "" && n.server.Refused != "" && len(n.server.Tools) == 0
}

// unavailable is the error that any use of a server that is down throws.
func (n *namespace) unavailable(key string) *goja.Object {
	t := target{id: bindery.ToolID{Server: n.server.Name, Name: key}, spelling: n.spelling()}
	return n.x.toolError(t, n.x.here(), fmt.Sprintf("%s is not available: %s", n.server.Name, n.server.Refused), bindery.Unavailable, "", nil)
}

func (n *namespace) unknown(key string) string {
	names := make([]string, 0, 2*len(n.server.Tools))
	spell := make(map[string]string, len(n.server.Tools))
	for i := range n.server.Tools {
		t := &n.server.Tools[i]
		s := spellTool(n.spelling(), t)
		for _, name := range []string{t.Ident, t.Name} {
			if _, seen := spell[name]; name != "" && !seen {
				names = append(names, name)
				spell[name] = s
			}
		}
	}
	near := spelling.Resembling(key, names)
	seen := make(map[string]bool, len(near))
	unique := near[:0]
	for _, name := range near {
		if s := spell[name]; !seen[s] {
			seen[s] = true
			unique = append(unique, s)
		}
	}
	what := fmt.Sprintf("%s.%s is not a tool", n.spelling(), clip(key, spelling.MaxName))
	if len(unique) > 0 {
		return what + "; did you mean " + strings.Join(unique, " or ") + "?"
	}
	return fmt.Sprintf("%s; %s has %d tools: find them with await tools.search(%s, {server: %s})", what, n.spelling(),
		len(n.server.Tools), quoted(clip(strings.ReplaceAll(key, "_", " "), spelling.MaxName)), quoted(n.server.Name))
}

// Set implements [goja.DynamicObject]: nothing can be set.
func (n *namespace) Set(key string, _ goja.Value) bool {
	n.x.realm.throwType("%s is read-only: %s cannot be set", n.spelling(), quoted(clip(key, spelling.MaxName)))
	return false
}

// Has implements [goja.DynamicObject].
func (n *namespace) Has(key string) bool {
	if implicit(key) {
		return false
	}
	t, _ := n.find(key)
	return t != nil
}

// Delete implements [goja.DynamicObject]: nothing can be deleted.
func (n *namespace) Delete(key string) bool {
	n.x.realm.throwType("%s is read-only: %s cannot be deleted", n.spelling(), quoted(clip(key, spelling.MaxName)))
	return false
}

// Keys implements [goja.DynamicObject].
func (n *namespace) Keys() []string {
	keys := make([]string, 0, len(n.server.Tools))
	for i := range n.server.Tools {
		t := &n.server.Tools[i]
		key := t.Ident
		if key == "" || n.byName {
			key = t.Name
		}
		if n.Has(key) {
			keys = append(keys, key)
		}
	}
	return keys
}
