package codegen

import (
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/python"
	"github.com/bindery-mcp/bindery/codegen/typescript"
)

// Language is one that scripts and declarations are written in.
type Language = form.Language

// The languages.
const (
	TypeScript = form.TypeScript
	Python     = form.Python
)

// ParseLanguage returns the language of a name: "ts" or "py", or the whole
// word.
func ParseLanguage(name string) (Language, bool) {
	switch strings.ToLower(name) {
	case "", "ts", "typescript", "js", "javascript":
		return TypeScript, true
	case "py", "python":
		return Python, true
	}
	return TypeScript, false
}

// writer writes tools in one language.
type writer struct {
	// expression is how a script spells a tool.
	expression func(*form.Function) string
	line       func(f *form.Function, most int) string
	full       func(*form.Function) string
	// signature is a line in at most so many bytes, or nothing.
	signature func(f *form.Function, most int) string
	// file is a whole server, with all documentation or with a sentence for
	// each tool.
	file func(s *form.Server, full bool) string
	// prelude and index are what the files of servers have in common.
	prelude func() string
	index   func([]*form.Server) string
}

func writerOf(l Language) writer {
	if l == Python {
		return writer{
			expression: python.Expression, line: python.Line, full: python.Full,
			signature: python.Signature, file: python.File,
			prelude: python.Prelude, index: python.Index,
		}
	}
	return writer{
		expression: typescript.Expression, line: typescript.Line, full: typescript.Full,
		signature: typescript.Signature, file: typescript.File,
		prelude: typescript.Prelude, index: typescript.Index,
	}
}

// Keywords returns the keyword arguments of a tool that a script has to spell
// differently from the properties they stand for, such as class_ for class. It
// is empty in TypeScript, where a property can have any name.
func Keywords(f *Function, l Language) map[string]string {
	if l != Python {
		return nil
	}
	var keywords map[string]string
	for _, p := range python.Parameters(f) {
		if p.Spelled == "" || p.Spelled == p.Name {
			continue
		}
		if keywords == nil {
			keywords = make(map[string]string)
		}
		keywords[p.Spelled] = p.Name
	}
	return keywords
}

// text returns the tool at a level of detail.
func (m *Module) text(f *Function, l Language, d Detail) string {
	w := writerOf(l)
	f = f.Observing(m.observed(f.ID))
	switch d {
	case Name:
		return named(w.expression(f), f.Summary())
	case Full:
		return w.full(f)
	}
	return w.line(f, form.MaxLine)
}

// Line returns the callable line of a tool; empty for one that is not in the
// module.
func (m *Module) Line(id bindery.ToolID, l Language) string {
	f := m.function(id)
	if f == nil {
		return ""
	}
	return m.text(f, l, Line)
}

// maxNamed bounds a tool's name and sentence together, in bytes; a name of its
// own may be longer.
const maxNamed = 100

func named(expression, summary string) string {
	const between = " - "
	if room := maxNamed - len(expression) - len(between); summary != "" && room >= 16 {
		return expression + between + form.Clip(summary, room)
	}
	return expression
}

// Prelude returns the declarations that those of every server build on:
// tools, Tool, ToolResult and ToolError.
func Prelude(l Language) string { return writerOf(l).prelude() }

// Declarations returns what a reader needs to know to call a server's tools;
// empty for a server that has none. At [Full] it is what [Module.File] returns,
// at [Line] and [Name] a list with a line for each tool.
//
// The server is named by its own name or its identifier.
func (m *Module) Declarations(name string, l Language, d Detail) string {
	if d == Full {
		return m.File(name, l, d)
	}
	s := m.server(name)
	if s == nil {
		return ""
	}
	var b strings.Builder
	for _, f := range s.Tools {
		b.WriteString(m.text(f, l, d) + "\n")
	}
	return b.String()
}

// File returns a server's stub file, a .d.ts or a .pyi, for use beside
// [Prelude] and the files of other servers; empty for a server that has no
// tools. At [Full] it has all documentation, else a sentence for each tool.
//
// All that servers wrote is in comments and string literals.
func (m *Module) File(name string, l Language, d Detail) string {
	s := m.server(name)
	if s == nil {
		return ""
	}
	return writerOf(l).file(s.Observing(m.observed), d == Full)
}

// Index returns what declares the servers together: in TypeScript, the names in
// tools. It refers to the files of all the servers it is given, which are those
// of the module that have these names.
func (m *Module) Index(l Language, names []string) string {
	var servers []*Server
	for _, s := range m.servers {
		if slices.Contains(names, s.Name) {
			servers = append(servers, s)
		}
	}
	return writerOf(l).index(servers)
}

// spellings returns the names that Describe knows a tool by, in any language.
func spellings(f *Function) []string {
	var all []string
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	add(f.ID.String())
	add(f.ID.Name)
	for _, l := range []Language{TypeScript, Python} {
		add(writerOf(l).expression(f))
		if ident := f.In(l).Ident; ident != "" {
			add(f.ID.Server + "." + ident)
			add(ident)
			if server := f.Server.In(l).Ident; server != "" {
				add(server + "." + f.ID.Name)
			}
		}
	}
	add("tools[" + form.Quote(f.ID.Server) + "][" + form.Quote(f.ID.Name) + "]")
	return all
}
