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

// maxLine is how long a line may be before it says less: first of the levels
// inside the result, then of those inside the arguments.
const maxLine = 1000

// Line returns the call with the types of its arguments and result written
// out, and the first sentence about it.
func Line(f *form.Function) string {
	text := ""
	for _, depth := range []struct{ in, out int }{{8, 8}, {8, 2}, {4, 2}, {2, 2}, {2, 1}, {1, 1}, {1, 0}} {
		text = signature(f, depth.in, depth.out)
		if len(text) <= maxLine {
			break
		}
	}
	if about := f.LineComment(); about != "" {
		text += "  # " + about
	}
	return text
}

// Signature returns the call with its types in at most so many bytes, or
// nothing if that cannot be.
func Signature(f *form.Function, most int) string {
	for _, depth := range []struct{ in, out int }{{4, 1}, {2, 0}, {1, 0}} {
		if s := signature(f, depth.in, depth.out); len(s) <= most {
			return s
		}
	}
	return ""
}

// signature returns the call on one line, to the given depths.
func signature(f *form.Function, in, out int) string {
	args := notation{depth: in, left: maxLineTypes}
	text := Expression(f) + "(" + args.arguments(f, "") + ") -> "
	result, _ := f.Result()
	if result == nil {
		return text + "Any"
	}
	n := notation{depth: out, left: maxLineTypes}
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
		text = Line(f)
		n.used = nil
	}
	var b strings.Builder
	b.WriteString("# Comments are the server's own words.\n")
	n.definitions(func(d *schema.Def, text string) {
		b.WriteString(comment(form.Document(d.Type, form.MaxParameter), "") + n.names[d.Key] + " = " + text + "\n")
	})
	b.WriteString(comment(f.Document(), ""))
	b.WriteString(text)
	return b.String()
}
