package python

import (
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// notation writes types for a reader, in one of two manners. In full it names
// definitions, spreads objects over lines and documents their properties; on
// one line it writes everything in place, and objects that are too deep or too
// many as "dict".
type notation struct {
	// names are the names of definitions; nil to write them in place.
	names map[string]string
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
	// merged counts the objects around that are merged from parts.
	merged int
}

// The bounds of what is written for one tool.
const (
	maxTypes     = 60_000
	maxLineTypes = 2_000
)

// arguments writes the parameters of a tool.
func (n *notation) arguments(f *form.Function, indent string) string {
	m := arguments(f)
	names := parameters(m.props)
	list := n.list(indent, "")
	var unspelled []schema.Property
	for i, p := range m.props {
		if names[i].Spelled == "" {
			unspelled = append(unspelled, p)
			continue
		}
		list.add(n, p, names[i].Spelled+optional(p))
	}
	if len(unspelled) > 0 {
		list.members = append(list.members, list.inner()+"**"+n.members(unspelled, indent, 0))
	}
	if len(m.extra) > 0 {
		rest := n.union(m.extra, indent, 1)
		if len(m.props) == 0 && rest == "Any" {
			list.members = append(list.members, list.inner()+"**arguments")
		} else {
			list.members = append(list.members, list.inner()+"**dict[str, "+rest+"]")
		}
	}
	return list.close()
}

func optional(p schema.Property) string {
	if p.Required {
		return ": "
	}
	return "?: "
}

// typ writes t. The indent is that of the line it begins on; level counts the
// objects around it.
func (n *notation) typ(t *schema.Type, indent string, level int) string {
	n.left--
	if n.left < 0 {
		return "Any"
	}
	switch t.Kind {
	case schema.Never:
		return "Never"
	case schema.Null:
		return "None"
	case schema.Boolean:
		return "bool"
	case schema.Integer:
		return "int"
	case schema.Number:
		return "float"
	case schema.String:
		return "str"
	case schema.Literal:
		return n.literal(t)
	case schema.Array:
		return n.array(t, indent, level)
	case schema.Tuple:
		return n.tuple(t, indent, level)
	case schema.Object:
		return n.object(object(t), indent, level)
	case schema.Union:
		return n.union(t.Of, indent, level)
	case schema.Intersection:
		return n.intersection(t, indent, level)
	case schema.Ref:
		return n.ref(t.Def, indent, level)
	}
	return "Any"
}

func (n *notation) ref(d *schema.Def, indent string, level int) string {
	if name := n.names[d.Key]; name != "" {
		if !n.seen[d.Key] {
			n.seen[d.Key] = true
			n.used = append(n.used, d)
		}
		return name
	}
	if !d.Recursive {
		return n.typ(d.Type, indent, level)
	}
	switch {
	case level == 0:
		return n.typ(d.Type, indent, level+1)
	case d.Type.Resolve().Kind == schema.Object:
		return "dict"
	}
	return "Any"
}

// union writes the parts of a union, each text once.
func (n *notation) union(of []*schema.Type, indent string, level int) string {
	var parts []string
	seen := map[string]bool{}
	for _, t := range of {
		p := n.typ(t, indent, level)
		if p == "Any" {
			return p // whatever else it may be
		}
		if !seen[p] {
			seen[p] = true
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "|")
}

func (n *notation) intersection(t *schema.Type, indent string, level int) string {
	m, ok := membersOf(t, &n.left)
	switch {
	case !ok:
		return n.typ(narrowest(t.Of), indent, level)
	case n.merged == maxMerged:
		return "dict"
	}
	n.merged++
	defer func() { n.merged-- }()
	return n.object(m, indent, level)
}

func (n *notation) array(t *schema.Type, indent string, level int) string {
	if t.Items == nil {
		return "list"
	}
	switch item := n.typ(t.Items, indent, level); item {
	case "Any":
		return "list"
	case "Never":
		return "[]"
	default:
		return "list[" + item + "]"
	}
}

func (n *notation) tuple(t *schema.Type, indent string, level int) string {
	parts := make([]string, 0, len(t.Prefix)+1)
	for _, item := range t.Prefix {
		parts = append(parts, n.typ(item, indent, level))
	}
	if t.Items != nil && t.Items.Kind != schema.Never {
		parts = append(parts, "*list["+n.typ(t.Items, indent, level)+"]")
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// object writes an object type.
func (n *notation) object(m members, indent string, level int) string {
	switch {
	case len(m.props) > 0 && n.names == nil && level >= n.depth:
		return "dict"
	case len(m.props) > 0:
		return n.members(m.props, indent, level)
	case len(m.extra) == 0 && m.closed:
		return "{}"
	case len(m.extra) == 0:
		return "dict"
	}
	item := n.union(m.extra, indent, level)
	if item == "Any" {
		return "dict"
	}
	return "dict[str, " + item + "]"
}

// members writes properties as the keys of a dictionary.
func (n *notation) members(props []schema.Property, indent string, level int) string {
	list := n.list(indent, "{")
	list.level = level
	for _, p := range props {
		list.add(n, p, quote(p.Name)+optional(p))
	}
	return list.open + list.close() + "}"
}

// definitions calls f with the type of each definition that was used, and then
// of those that these use.
func (n *notation) definitions(f func(d *schema.Def, text string)) {
	size := 0
	for i := 0; i < len(n.used); i++ {
		d := n.used[i]
		text := "Any"
		if size < maxDefinitions {
			n.left = maxTypes
			text = n.typ(d.Type, "", 0)
		}
		size += len(text)
		f(d, text)
	}
}

// list returns an empty list of members behind a bracket.
func (n *notation) list(indent, open string) *memberList {
	return &memberList{open: open, indent: indent, spread: n.names != nil}
}

// memberList is a list of parameters or keys being written.
type memberList struct {
	open       string
	indent     string
	level      int
	members    []string
	documented bool
	// spread lists put their members on lines of their own, if they are many,
	// long or documented.
	spread bool
	size   int
	cut    int
}

// maxIndent bounds how far deep objects are indented, so that the text stays
// in proportion to the schema.
const maxIndent = 32

func (l *memberList) inner() string {
	if !l.spread || len(l.indent) >= maxIndent {
		return l.indent
	}
	return l.indent + "  "
}

// add writes a member. On one line, those that may be left out and would make
// it longer than it may be are only counted.
func (l *memberList) add(n *notation, p schema.Property, name string) {
	if size := l.size + len(p.Name); !l.spread && size > n.most && (!p.Required || n.result || size > 2*form.MaxLine) {
		l.cut++
		return
	}
	inner, doc := l.inner(), ""
	if l.spread {
		doc = comment(document(p.Type), inner)
		n.left -= len(doc) / 64
		l.documented = l.documented || doc != ""
	}
	text := doc + inner + name + n.typ(p.Type, inner, l.level+1)
	l.size += len(text) + len(", ")
	l.members = append(l.members, text)
}

// close returns the members.
func (l *memberList) close() string {
	if l.cut > 0 {
		l.members = append(l.members, fmt.Sprintf("…%d more", l.cut))
	}
	inner := l.inner()
	if l.spread && (l.documented || l.size > 80) {
		return "\n" + strings.Join(l.members, ",\n") + ",\n" + l.indent
	}
	for i, m := range l.members {
		l.members[i] = strings.TrimPrefix(m, inner)
	}
	one := strings.Join(l.members, ", ")
	if strings.Contains(one, "\n") {
		return "\n" + inner + strings.Join(l.members, ",\n"+inner) + ",\n" + l.indent
	}
	return one
}
