package python

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
)

// scope is what the names in one stub file mean. The tools have theirs first;
// what else would have the same gets another.
type scope struct {
	tools map[string]bool
	// types are the names that types are written with. No key of a class may
	// be one: inside the class it would mean the key.
	types map[string]bool
	// defs are the names of definitions by key.
	defs map[string]string
	// imports are the names imported so far, in order, each once.
	imports []imported
}

// imported is a name of a module.
type imported struct{ module, name string }

// vocabulary is what a stub may import, and the built-in names it uses.
func vocabulary() []string {
	return []string{
		"tool",
		"bool", "dict", "float", "int", "list", "str",
		"Any", "Literal", "Never", "NotRequired", "TypeAlias", "TypedDict",
	}
}

func newScope(s *form.Server) *scope {
	c := &scope{tools: map[string]bool{}, types: map[string]bool{}, defs: map[string]string{}}
	for _, f := range s.Tools {
		if ident := f.In(form.Python).Ident; ident != "" {
			c.tools[ident] = true
		}
	}
	for _, name := range vocabulary() {
		c.types[c.alias(name)] = true
	}
	keys := slices.SortedFunc(maps.Keys(s.Types), func(a, b string) int { return strings.Compare(s.Types[a], s.Types[b]) })
	for _, key := range keys {
		c.defs[key] = c.claim(s.Types[key])
	}
	return c
}

// alias returns what an imported name is called beside the tools.
func (c *scope) alias(name string) string {
	for c.tools[name] {
		name = "_" + name
	}
	return name
}

// name returns what a name of a module is called, and sees to it that it is
// imported.
func (c *scope) name(module, name string) string {
	alias := c.alias(name)
	if i := (imported{module, name}); (module != "builtins" || alias != name) && !slices.Contains(c.imports, i) {
		c.imports = append(c.imports, i)
	}
	return alias
}

// maxClassName bounds the names of classes without a name of their own.
const maxClassName = 80

// claim returns a name like this one that nothing else has.
func (c *scope) claim(name string) string {
	name = strings.TrimLeft(name[:min(len(name), maxClassName)], "0123456789")
	if name == "" || !form.IsIdent(name, form.Python) {
		name += "Type"
	}
	base := name
	for n := 2; c.tools[name] || c.types[name]; n++ {
		name = fmt.Sprintf("%s%d", base, n)
	}
	c.types[name] = true
	return name
}

// field reports whether a key can be written as an attribute of a class.
func (c *scope) field(name string) bool {
	return form.IsIdent(name, form.Python) && !strings.HasPrefix(name, "__") && !c.types[name]
}

// header writes the imports.
func (c *scope) header() string {
	names := map[string][]string{}
	for _, i := range c.imports {
		name := i.name
		if alias := c.alias(name); alias != name {
			name += " as " + alias
		}
		names[i.module] = append(names[i.module], name)
	}
	var b strings.Builder
	for _, module := range slices.Sorted(maps.Keys(names)) {
		slices.Sort(names[module])
		b.WriteString("from " + module + " import " + strings.Join(names[module], ", ") + "\n")
	}
	return b.String()
}
