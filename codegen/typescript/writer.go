package typescript

import (
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// typescript writes types as TypeScript, in one of two manners. For a
// declaration it names definitions, spreads objects over lines and documents
// their properties; on one line it writes everything in place, and objects
// that are too deep or too many as "object".
type typescript struct {
	// names are the names of definitions; nil to write them in place.
	names map[string]string
	// terse declarations have no documentation, and objects on one line.
	terse bool
	// prefix stands before each name.
	prefix string
	// used are the definitions named so far, in order and by key.
	used []*schema.Def
	seen map[string]bool
	// depth is how many levels of objects a one-line type may have, and most
	// after how many bytes the rest of an object is only counted.
	depth, most int
	// result is set for the type of a result, of which nothing must be said.
	result bool
	// left is how many types may still be written: references written in
	// place can double at each step.
	left int
}

// The bounds of what is written for one tool.
const (
	maxTypes     = 60_000
	maxLineTypes = 2_000
)

// newDeclarations returns a writer of declarations with the given names.
func newDeclarations(names map[string]string, prefix string) *typescript {
	return &typescript{names: names, prefix: prefix, seen: map[string]bool{}}
}

// declared reports whether t is written as a declaration.
func (ts *typescript) declared() bool { return ts.names != nil }

// arguments writes the type of a tool's arguments, which are an object even if
// the schema does not say so.
func (ts *typescript) arguments(t *schema.Type, indent string) string {
	text := ts.typ(t, indent, 0)
	switch {
	case text != "unknown":
		return text
	case ts.declared():
		return "Record<string, unknown>"
	}
	return "object"
}

// typ writes t. The indent is that of the line it begins on; level counts the
// objects around it.
func (ts *typescript) typ(t *schema.Type, indent string, level int) string {
	ts.left--
	if ts.left < 0 {
		return "unknown"
	}
	switch t.Kind {
	case schema.Never:
		return "never"
	case schema.Null:
		return "null"
	case schema.Boolean:
		return "boolean"
	case schema.Integer, schema.Number:
		return "number"
	case schema.String:
		return "string"
	case schema.Literal:
		return ts.literal(t)
	case schema.Array:
		return ts.array(t, indent, level)
	case schema.Tuple:
		return ts.tuple(t, indent, level)
	case schema.Object:
		return ts.object(t, indent, level)
	case schema.Union:
		return ts.join(t.Of, " | ", indent, level)
	case schema.Intersection:
		return ts.join(t.Of, " & ", indent, level)
	case schema.Ref:
		return ts.ref(t.Def, indent, level)
	}
	return "unknown"
}

func (ts *typescript) ref(d *schema.Def, indent string, level int) string {
	name := ts.names[d.Key]
	if name != "" {
		if !ts.seen[d.Key] {
			ts.seen[d.Key] = true
			ts.used = append(ts.used, d)
		}
		return ts.prefix + name
	}
	if !d.Recursive {
		return ts.typ(d.Type, indent, level)
	}
	if level > 0 {
		return "object"
	}
	return ts.typ(d.Type, indent, level+1)
}

// join writes the parts of a union or an intersection, each text once.
func (ts *typescript) join(of []*schema.Type, with, indent string, level int) string {
	var parts []string
	seen := map[string]bool{}
	for _, t := range of {
		p := ts.typ(t, indent, level)
		if with == " & " && strings.Contains(p, " | ") {
			p = "(" + p + ")"
		}
		if p == nothing && with == " & " {
			p = "{}" // which leaves the other parts their properties
		}
		if p == "unknown" && with == " | " {
			return p // whatever else it may be
		}
		if !seen[p] {
			seen[p] = true
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, with)
}

func (ts *typescript) array(t *schema.Type, indent string, level int) string {
	if t.Items == nil {
		return "unknown[]"
	}
	if t.Items.Kind == schema.Never {
		return "[]"
	}
	item := ts.typ(t.Items, indent, level)
	if compound(item) {
		item = "(" + item + ")"
	}
	return item + "[]"
}

// compound reports whether a type's text needs parentheses before [].
func compound(text string) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '{' || c == '[' || c == '(' || c == '<':
			depth++
		case c == '}' || c == ']' || c == ')' || c == '>':
			depth--
		case depth == 0 && (c == '|' || c == '&'):
			return true
		case c == '/' && strings.HasPrefix(text[i:], "/*"):
			// A comment may hold quotes and braces of its own.
			end := strings.Index(text[i+2:], "*/")
			if end < 0 {
				return true
			}
			i += 2 + end + 1
		}
	}
	return false
}

func (ts *typescript) tuple(t *schema.Type, indent string, level int) string {
	parts := make([]string, 0, len(t.Prefix)+1)
	for _, item := range t.Prefix {
		parts = append(parts, ts.typ(item, indent, level))
	}
	if t.Items != nil && t.Items.Kind != schema.Never {
		rest := ts.typ(t.Items, indent, level)
		if compound(rest) {
			rest = "(" + rest + ")"
		}
		parts = append(parts, "..."+rest+"[]")
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// maxIndent bounds how far deep objects are indented, so that the text stays
// in proportion to the schema.
const maxIndent = 32

// object writes an object type.
func (ts *typescript) object(t *schema.Type, indent string, level int) string {
	if len(t.Props) == 0 {
		return ts.dictionary(t, indent, level)
	}
	if !ts.declared() {
		if level >= ts.depth {
			return "object"
		}
		return ts.inline(t, level)
	}
	inner := indent
	if len(indent) < maxIndent {
		inner += "  "
	}
	members := make([]string, 0, len(t.Props)+1)
	documented := false
	for _, p := range t.Props {
		doc := ts.comment(p.Type, inner)
		documented = documented || doc != ""
		ts.left -= len(doc) / 64
		members = append(members, doc+inner+property(p)+ts.typ(p.Type, inner, level+1))
	}
	// Properties of any type are only allowed, not meant; to say so at every
	// object would be noise.
	if t.Extra != nil && t.Extra.Kind != schema.Never && t.Extra.Kind != schema.Unknown || len(t.Patterns) > 0 {
		members = append(members, inner+"[key: string]: unknown")
	}
	if ts.terse {
		for i, m := range members {
			members[i] = strings.TrimPrefix(m, inner)
		}
		return "{" + strings.Join(members, "; ") + "}"
	}
	return spread(members, documented, inner, indent)
}

// comment returns the documentation of a type.
func (ts *typescript) comment(t *schema.Type, indent string) string {
	if ts.terse {
		return ""
	}
	return comment(form.Document(t, form.MaxParameter), indent)
}

// inline writes an object type on one line. Properties that may be left out and
// would make it longer than it may be are only counted.
func (ts *typescript) inline(t *schema.Type, level int) string {
	var b strings.Builder
	var left []schema.Property
	write := func(text string) {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(text)
	}
	for _, p := range t.Props {
		size := b.Len() + len(p.Name)
		if size > ts.most && (!p.Required || ts.result || size > 2*form.MaxLine) {
			left = append(left, p)
			continue
		}
		write(property(p) + ts.typ(p.Type, "", level+1))
	}
	switch count := fmt.Sprintf("…%d more", len(left)); len(left) {
	case 0:
	case 1:
		// To count one may take as much room as to write it.
		if text := property(left[0]) + ts.typ(left[0].Type, "", level+1); len(text) < 2*len(count) {
			count = text
		}
		write(count)
	default:
		write(count)
	}
	return "{" + b.String() + "}"
}

// spread puts members on lines of their own, or, if they are few and short,
// on one.
func spread(members []string, documented bool, inner, indent string) string {
	if !documented {
		short := make([]string, len(members))
		size := 0
		for i, m := range members {
			short[i] = strings.TrimPrefix(m, inner)
			size += len(short[i])
		}
		if one := "{" + strings.Join(short, "; ") + "}"; size < 80 && !strings.Contains(one, "\n") {
			return one
		}
	}
	return "{\n" + strings.Join(members, ";\n") + ";\n" + indent + "}"
}

// property writes the name of a property.
func property(p schema.Property) string {
	name := p.Name
	if !form.IsIdent(name, form.TypeScript) {
		name = form.Quote(name)
	}
	if !p.Required {
		name += "?"
	}
	return name + ": "
}

// nothing is the type of an object without properties. To {} any object could be
// assigned.
const nothing = "Record<string, never>"

// dictionary writes an object type without named properties.
func (ts *typescript) dictionary(t *schema.Type, indent string, level int) string {
	var of []*schema.Type
	for _, p := range t.Patterns {
		of = append(of, p.Type)
	}
	if t.Extra != nil && t.Extra.Kind != schema.Never {
		of = append(of, t.Extra)
	}
	if len(of) == 0 {
		switch {
		case t.Extra != nil && ts.declared():
			return nothing
		case t.Extra != nil:
			return "{}"
		case !ts.declared():
			return "object"
		}
		return "Record<string, unknown>"
	}
	item := ts.join(of, " | ", indent, level)
	if t.Names != nil {
		if names := t.Names.Resolve(); names.Kind == schema.Literal && len(names.Values) <= maxLineLiterals {
			return "{[K in " + ts.literal(names) + "]?: " + item + "}"
		}
	}
	switch {
	case item != "unknown":
		// Record<string, T> would be shorter, but may not refer to itself.
		return "{[key: string]: " + item + "}"
	case !ts.declared():
		return "object"
	}
	return "Record<string, unknown>"
}
