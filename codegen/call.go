package codegen

import (
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

// expression returns how a script spells the tool.
func (f *Function) expression() string {
	if f.server.Ident == "" || f.Ident == "" {
		return "tools[" + quoteJS(f.ID.Server) + "][" + quoteJS(f.ID.Name) + "]"
	}
	return f.server.Ident + "." + f.Ident
}

// spellings returns the names that Describe knows the tool by.
func (f *Function) spellings() []string {
	all := []string{f.ID.String(), f.expression(), f.ID.Name}
	add := func(s string) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if f.Ident != "" {
		add(f.ID.Server + "." + f.Ident)
		add(f.Ident)
		if f.server.Ident != "" {
			add(f.server.Ident + "." + f.ID.Name)
		}
	}
	add("tools[" + quoteJS(f.ID.Server) + "][" + quoteJS(f.ID.Name) + "]")
	return all
}

// summary returns the first sentence about the tool.
func (f *Function) summary() string {
	if s := sentence(f.Tool.Description); s != "" {
		return s
	}
	return sentence(f.Tool.Title)
}

// text returns the tool at a level of detail.
func (f *Function) text(d Detail) string {
	switch d {
	case Name:
		if s := f.summary(); s != "" {
			return f.expression() + " - " + s
		}
		return f.expression()
	case Full:
		return f.full()
	}
	return f.line()
}

// maxLine is how long a line may be before it says less: first of the levels
// inside the result, then of those inside the arguments.
const maxLine = 1000

// line returns the call with its types on one line.
func (f *Function) line() string {
	text := ""
	for _, depth := range []struct{ in, out int }{{8, 8}, {8, 2}, {4, 2}, {2, 2}, {2, 1}, {1, 1}, {1, 0}} {
		text = f.signature(depth.in, depth.out)
		if len(text) <= maxLine {
			break
		}
	}
	if s := f.summary(); s != "" {
		text += " // " + s
	}
	return text
}

// signature returns the call on one line, to the given depths.
func (f *Function) signature(in, out int) string {
	text := f.expression() + "("
	if !noArguments(f.Input.Root) {
		ts := typescript{depth: in, left: maxLineTypes}
		text += ts.arguments(f.Input.Root, "")
	}
	text += "): "
	if f.Output == nil {
		return text + "unknown"
	}
	ts := typescript{depth: out, left: maxLineTypes}
	if result := ts.typ(f.Output.Root, "", 0); result != "unknown" {
		return text + "Promise<" + result + ">"
	}
	return text + "unknown"
}

// noArguments reports whether a tool's schema names no argument.
func noArguments(t *schema.Type) bool {
	t = t.Resolve()
	return t.Kind == schema.Object && len(t.Props) == 0 && len(t.Patterns) == 0 &&
		(t.Extra == nil || t.Extra.Kind == schema.Never)
}

// full returns the call with all that is known about it.
func (f *Function) full() string {
	ts := newDeclarations(f.server.types, "")
	ts.left = maxTypes
	text := f.expression() + "("
	if !noArguments(f.Input.Root) {
		text += ts.arguments(f.Input.Root, "")
	}
	text += "): "
	result := "unknown"
	if f.Output != nil {
		result = ts.typ(f.Output.Root, "", 0)
	}
	if result != "unknown" {
		result = "Promise<" + result + ">"
	}
	text += result
	if len(text) > maxDeclaration || ts.left < 0 {
		text = f.line()
		ts.used = nil
	}
	var b strings.Builder
	b.WriteString("// Comments are the server's own words.\n")
	ts.definitions(func(d *schema.Def, text string) {
		b.WriteString(ts.comment(d.Type, "") + "type " + ts.names[d.Key] + " = " + text + ";\n")
	}, "")
	b.WriteString(comment(f.document(), ""))
	b.WriteString(text)
	return b.String()
}
