package typescript

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

//go:embed bindery.d.ts
var prelude string // never written to

// Prelude returns the declarations that those of every server build on:
// tools, Tool, ToolResult and ToolError.
func Prelude() string { return prelude }

// maxDeclaration bounds the declaration of one tool, in bytes. A longer one
// is declared without its types.
const maxDeclaration = 256 << 10

// File returns a server's .d.ts file, for use beside [Prelude] and [Index]:
// with all documentation, or with a sentence for each tool.
//
// All that servers wrote is in comments and string literals.
func File(s *form.Server, full bool) string {
	name := s.In(form.TypeScript)
	space := typeSpace(s)
	ts := newDeclarations(s.Types, space+".")
	ts.terse = !full
	var named, unnamed strings.Builder
	for _, f := range s.Tools {
		text := ts.declare(f) + ";\n"
		about := f.Document()
		if ts.terse {
			about = f.LineComment()
		}
		tool := f.In(form.TypeScript)
		if tool.Refused != "" {
			about = form.Clean(about+"\n@note "+tool.Refused, form.MaxDescription+1024)
		}
		if f.Callable(form.TypeScript) {
			named.WriteString(comment(about, "  ") + "  " + tool.Ident + ": " + text)
		} else {
			unnamed.WriteString(comment(about, "  ") + "  " + propertyName(f.ID.Name) + ": " + text)
		}
	}
	var b strings.Builder
	b.WriteString(ts.namespace(space))
	if name.Ident != "" {
		fmt.Fprintf(&b, "declare const %s: {\n%s};\n", name.Ident, named.String())
	}
	if unnamed.Len() > 0 {
		b.WriteString(comment(form.Clean(name.Refused, 1024), ""))
		fmt.Fprintf(&b, "interface %s {\n%s}\n", unnamedSpace(s), unnamed.String())
	}
	return b.String()
}

// Index returns the declaration of all servers by their own names, which is
// what the global tools has besides its functions, for use beside the files of
// these servers.
func Index(servers []*form.Server) string {
	var b strings.Builder
	b.WriteString("interface Tools {\n")
	for _, s := range servers {
		switch s.Name {
		case "search", "describe", "server", "tool":
			continue // functions of tools; tools.server(name) gives the server
		}
		types := []string{}
		name := s.In(form.TypeScript)
		if name.Ident != "" {
			types = append(types, "typeof "+name.Ident)
		}
		spelled := true
		for _, f := range s.Tools {
			if !f.Callable(form.TypeScript) && (len(types) == 0 || types[len(types)-1] != unnamedSpace(s)) {
				types = append(types, unnamedSpace(s))
			}
			spelled = spelled && f.In(form.TypeScript).Ident == f.ID.Name
		}
		if !spelled {
			types = append(types, "NamedTools")
		}
		fmt.Fprintf(&b, "  %s: %s;\n", propertyName(s.Name), strings.Join(types, " & "))
	}
	b.WriteString("}\n")
	return b.String()
}

// unnamedSpace is the interface of a server's tools that only tools["…"] has.
func unnamedSpace(s *form.Server) string { return "Tools_" + form.ShortHash(s.Name) }

func propertyName(name string) string {
	if form.IsIdent(name, form.TypeScript) {
		return name
	}
	return form.Quote(name)
}

// typeSpace returns the namespace of the server's types.
func typeSpace(s *form.Server) string {
	if ident := s.In(form.TypeScript).Ident; ident != "" {
		return ident
	}
	return form.ServerIdent(s.Name, form.TypeScript) + "_" + form.ShortHash(s.Name)
}

// declare writes the type of a tool.
func (ts *typescript) declare(f *form.Function) string {
	before := len(ts.used)
	ts.left = maxTypes
	in, out := nothing, "unknown"
	if !f.NoArguments() {
		in = ts.arguments(f.Input.Root, "  ")
	}
	if result, _ := f.Result(); result != nil {
		out = ts.typ(result, "  ", 0)
	}
	text := "Tool" // both have a default
	switch {
	case out != "unknown":
		text += "<" + in + ", " + out + ">"
	case in != nothing:
		text += "<" + in + ">"
	}
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
	return fmt.Sprintf("declare namespace %s {\n%s}\n\n", name, b.String())
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
