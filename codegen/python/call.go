package python

import (
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// Expression returns how a script spells the tool.
func Expression(f *form.Function) string {
	if !f.Callable(form.Python) {
		return "tools[" + quote(f.ID.Server) + "][" + quote(f.ID.Name) + "]"
	}
	return f.Server.In(form.Python).Ident + "." + f.In(form.Python).Ident
}

// Line returns the call with the types of its arguments and result written
// out, and the first sentence about it: in at most so many bytes, as far as
// the required arguments allow.
func Line(f *form.Function, most int) string {
	return f.Line(most, " #", func(c form.Cut) string { return signature(f, c) })
}

// Signature returns the call with its types in at most so many bytes, or
// nothing if that cannot be.
func Signature(f *form.Function, most int) string {
	return form.Signature(most, func(c form.Cut) string { return signature(f, c) })
}

func signature(f *form.Function, c form.Cut) string {
	args := notation{depth: c.In, most: c.Most, left: maxLineTypes}
	text := Expression(f) + "(" + args.arguments(f, "") + ") -> "
	result, _ := f.Result()
	if result == nil {
		return text + "Any"
	}
	n := notation{depth: c.Out, most: c.Most, result: true, left: maxLineTypes}
	return text + n.typ(result, "", 0)
}

// Full returns the call with all that is known about it.
func Full(f *form.Function) string {
	n := notation{names: f.Server.Types, seen: map[string]bool{}, left: maxTypes}
	text := Expression(f) + "(" + n.arguments(f, "") + ") -> "
	if result, _ := f.Result(); result != nil {
		text += n.typ(result, "", 0)
	} else {
		text += "Any"
	}
	if len(text) > maxDeclaration || n.left < 0 {
		text = Line(f, form.MaxLine)
		n.used = nil
	}
	var b strings.Builder
	b.WriteString("# Comments are the server's own words.\n")
	n.definitions(func(d *schema.Def, text string) {
		b.WriteString(comment(document(d.Type), "") + n.names[d.Key] + " = " + text + "\n")
	})
	b.WriteString(comment(f.Document(), ""))
	b.WriteString(text)
	return b.String()
}
