package codegen

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

//go:embed bindery.d.ts
var prelude string

// Prelude returns the declarations that those of every server build on:
// tools, Tool, ToolResult and ToolError.
func Prelude() string { return prelude }

// maxDeclaration bounds the declaration of one tool, in bytes. A longer one
// is declared without its types.
const maxDeclaration = 256 << 10

// Declarations returns what a reader needs to know to call a server's tools;
// empty for a server that has none. At [Full] it is what [Module.File] returns,
// at [Line] and [Name] a list with a line for each tool.
//
// The server is named by its own name or its identifier.
func (m *Module) Declarations(name string, d Detail) string {
	if d == Full {
		return m.File(name, d)
	}
	s := m.server(name)
	if s == nil {
		return ""
	}
	var b strings.Builder
	for _, f := range s.Tools {
		b.WriteString(f.text(d) + "\n")
	}
	return b.String()
}

// File returns a server's .d.ts file, for use beside [Prelude] and the files of
// other servers; empty for a server that has no tools. At [Full] it has all
// documentation, else a sentence for each tool.
//
// All that servers wrote is in comments and string literals.
func (m *Module) File(name string, d Detail) string {
	s := m.server(name)
	if s == nil {
		return ""
	}
	return s.file(d)
}

// server returns the server with a name or an identifier; nil if there is
// none. A name counts before another's identifier.
func (m *Module) server(name string) *server {
	var found *server
	for _, s := range m.servers {
		if s.Name == name {
			return s
		}
		if s.Ident == name && name != "" {
			found = s
		}
	}
	return found
}

// file returns the server's .d.ts file.
func (s *server) file(d Detail) string {
	ts := newDeclarations(s.types, s.typeSpace()+".")
	ts.terse = d != Full
	var direct, byName []string
	refused := false
	for _, f := range s.Tools {
		text := ts.declare(f)
		raw := "  " + propertyName(f.ID.Name) + ": " + text + ";\n"
		about := f.document()
		if ts.terse {
			about = f.summary()
		}
		if f.Refused != "" {
			about = clean(about+"\n@note "+f.Refused, maxDescription+1024)
			refused = true
		}
		doc := comment(about, "  ")
		switch {
		case s.Ident == "" || f.Ident == "":
			byName = append(byName, doc+raw)
		default:
			direct = append(direct, doc+"  "+f.Ident+": "+text+";\n")
			if f.Ident != f.ID.Name {
				byName = append(byName, "  "+propertyName(f.ID.Name)+": typeof "+s.Ident+"."+f.Ident+";\n")
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "// %s: %s. Comments are the server's own words.\n", sentence(s.Name), count(len(s.Tools), "tool"))
	if s.Refused != "" || refused {
		b.WriteString("// Where a name could not be given: tools[\"server\"][\"tool\"](args).\n")
	}
	b.WriteString("/// <reference path=\"bindery.d.ts\" />\n\n")
	if types := ts.namespace(s.typeSpace()); types != "" {
		b.WriteString(types + "\n")
	}
	s.constants(&b, direct, byName)
	return b.String()
}

// constants writes the server's global and its entry in tools.
func (s *server) constants(b *strings.Builder, direct, byName []string) {
	entry := "  " + propertyName(s.Name) + ": "
	switch {
	case s.Ident == "":
		if s.Refused != "" {
			b.WriteString(comment(clean(s.Refused, 1024), ""))
		}
		entry += "{\n" + indented(byName) + "  }"
	default:
		fmt.Fprintf(b, "declare const %s: {\n%s};\n", s.Ident, strings.Join(direct, ""))
		entry += "typeof " + s.Ident
		if len(byName) > 0 {
			entry += " & {\n" + indented(byName) + "  }"
		}
	}
	switch s.Name {
	case "search", "describe", "server", "tool":
		return // functions of tools; tools.server(name) gives the server
	}
	fmt.Fprintf(b, "\ninterface Tools {\n%s;\n}\n", entry)
}

// count returns a number of things.
func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// indented moves members two columns to the right.
func indented(members []string) string {
	var b strings.Builder
	for _, m := range members {
		for line := range strings.Lines(m) {
			b.WriteString("  " + line)
		}
	}
	return b.String()
}

func propertyName(name string) string {
	if isIdent(name) {
		return name
	}
	return quoteJS(name)
}

// typeSpace returns the namespace of the server's types.
func (s *server) typeSpace() string {
	if s.Ident != "" {
		return s.Ident
	}
	return fold(s.Name) + "_" + shortHash(s.Name)
}

// declare writes the type of a tool.
func (ts *typescript) declare(f *Function) string {
	before := len(ts.used)
	ts.left = maxTypes
	text := "Tool<{}"
	if !noArguments(f.Input.Root) {
		text = "Tool<" + ts.arguments(f.Input.Root, "  ")
	}
	if f.Output != nil {
		if out := ts.typ(f.Output.Root, "  ", 0); out != "unknown" {
			text += ", " + out
		}
	}
	text += ">"
	if len(text) > maxDeclaration || ts.left < 0 {
		for _, d := range ts.used[before:] {
			delete(ts.seen, d.Key)
		}
		ts.used = ts.used[:before]
		return "Tool<any /* the types are too large to declare */>"
	}
	return text
}

// namespace writes the definitions that were used, and those they use.
func (ts *typescript) namespace(name string) string {
	if len(ts.used) == 0 {
		return ""
	}
	var b strings.Builder
	ts.definitions(func(d *schema.Def, text string) {
		fmt.Fprintf(&b, "%s  type %s = %s;\n", ts.comment(d.Type, "  "), ts.names[d.Key], text)
	}, "  ")
	return fmt.Sprintf("declare namespace %s {\n%s}\n", name, b.String())
}

// definitions calls f with the type of each definition that was used, and then
// of those that these use.
func (ts *typescript) definitions(f func(d *schema.Def, text string), indent string) {
	size := 0
	for i := 0; i < len(ts.used); i++ {
		d := ts.used[i]
		text := "unknown"
		if size < maxDefinitions {
			ts.left = maxTypes
			text = ts.typ(d.Type, indent, 0)
		}
		size += len(text)
		f(d, text)
	}
}

// maxDefinitions bounds the definitions of one server, in bytes.
const maxDefinitions = 4 << 20
