package typescript

import (
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// Expression returns how a script spells the tool.
func Expression(f *form.Function) string {
	if !f.Callable(form.TypeScript) {
		return "tools[" + form.Quote(f.ID.Server) + "][" + form.Quote(f.ID.Name) + "]"
	}
	return f.Server.In(form.TypeScript).Ident + "." + f.In(form.TypeScript).Ident
}

// Line returns the call with the types of its arguments and result written
// out, and the first sentence about it: in at most so many bytes, as far as
// the required arguments allow.
func Line(f *form.Function, most int) string {
	return f.Line(most, "//", func(c form.Cut) string { return signature(f, c) })
}

// Signature returns the call with its types in at most so many bytes, or
// nothing if that cannot be.
func Signature(f *form.Function, most int) string {
	return form.Signature(most, func(c form.Cut) string { return signature(f, c) })
}

func signature(f *form.Function, c form.Cut) string {
	text := Expression(f) + "("
	if !f.NoArguments() {
		ts := typescript{depth: c.In, most: c.Most, left: maxLineTypes}
		text += ts.arguments(f.Input.Root, "")
	}
	text += "): "
	result, _ := f.Result()
	if result == nil {
		return text + "unknown"
	}
	ts := typescript{depth: c.Out, most: c.Most, result: true, left: maxLineTypes}
	return text + ts.typ(result, "", 0)
}

// Full returns the call with all that is known about it.
func Full(f *form.Function) string {
	ts := newDeclarations(f.Server.Types, "")
	ts.left = maxTypes
	text := Expression(f) + "("
	if !f.NoArguments() {
		text += ts.arguments(f.Input.Root, "")
	}
	text += "): "
	if result, _ := f.Result(); result != nil {
		text += ts.typ(result, "", 0)
	} else {
		text += "unknown"
	}
	if len(text) > maxDeclaration || ts.left < 0 {
		text = Line(f, form.MaxLine)
		ts.used = nil
	}
	var b strings.Builder
	b.WriteString("// Comments are the server's own words.\n")
	ts.definitions(func(d *schema.Def, text string) {
		b.WriteString(ts.comment(d.Type, "") + "type " + ts.names[d.Key] + " = " + text + ";\n")
	}, "")
	b.WriteString(comment(f.Document(), ""))
	b.WriteString(text)
	return b.String()
}

// Type returns the type of a value on one line in at most so many bytes, or
// nothing if that cannot be.
func Type(t *schema.Type, most int) string {
	return form.Signature(most, func(c form.Cut) string {
		ts := typescript{depth: c.Out, most: c.Most, result: true, left: maxLineTypes}
		return ts.typ(t, "", 0)
	})
}
