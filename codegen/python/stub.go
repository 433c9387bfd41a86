package python

import (
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// stub writes types as type checkers take them. Each object with properties
// becomes a class.
type stub struct {
	scope *scope
	// terse stubs have a sentence for each tool and no other documentation.
	terse bool
	// classes are those without a name of their own, in order.
	classes []class
	// shared are the names of classes by what they hold.
	shared map[string]string
	// used are the definitions named so far, in order and by key.
	used []*schema.Def
	seen map[string]bool
	// left is how many types may still be written for one tool.
	left int
	// merged counts the objects around that are merged from parts.
	merged int
}

// The bounds of one type: pyright reads no more than 256 nested expressions,
// of which each part of a union is one.
const (
	maxNesting = 48
	maxParts   = 64
)

func newStub(s *form.Server, full bool) *stub {
	return &stub{scope: newScope(s), terse: !full, shared: map[string]string{}, seen: map[string]bool{}}
}

func (s *stub) builtin(name string) string { return s.scope.name("builtins", name) }
func (s *stub) typing(name string) string  { return s.scope.name("typing", name) }

func (s *stub) list(item string) string { return s.builtin("list") + "[" + item + "]" }
func (s *stub) dict(item string) string {
	return s.builtin("dict") + "[" + s.builtin("str") + ", " + item + "]"
}

// mark is a state of the stub.
type mark struct{ classes, used, imports int }

func (s *stub) mark() mark { return mark{len(s.classes), len(s.used), len(s.scope.imports)} }

// undo takes back what was named since: type checkers complain of an import
// that nothing uses.
func (s *stub) undo(m mark) {
	for _, c := range s.classes[m.classes:] {
		delete(s.shared, c.text(""))
	}
	for _, d := range s.used[m.used:] {
		delete(s.seen, d.Key)
	}
	s.classes, s.used, s.scope.imports = s.classes[:m.classes], s.used[:m.used], s.scope.imports[:m.imports]
}

// typ writes t. The path leads to t from its tool and names its classes.
func (s *stub) typ(t *schema.Type, path string, nesting int) string {
	before := s.mark()
	parts := s.parts(t, path, nesting)
	if len(parts) > maxParts || slices.Contains(parts, s.scope.alias("Any")) {
		s.undo(before)
		return s.typing("Any")
	}
	return strings.Join(parts, " | ")
}

// parts writes the types that a value of t has one of, each once.
func (s *stub) parts(t *schema.Type, path string, nesting int) []string {
	s.left--
	if s.left < 0 || nesting > maxNesting {
		return []string{s.typing("Any")}
	}
	var one string
	switch t.Kind {
	case schema.Never:
		one = s.typing("Never")
	case schema.Null:
		one = "None"
	case schema.Boolean:
		one = s.builtin("bool")
	case schema.Integer:
		one = s.builtin("int")
	case schema.Number:
		one = s.builtin("float")
	case schema.String:
		one = s.builtin("str")
	case schema.Literal:
		return s.literal(t)
	case schema.Array:
		one = s.array(t, path, nesting)
	case schema.Tuple:
		one = s.tuple(t, path, nesting)
	case schema.Object:
		one = s.object(object(t), path, nesting)
	case schema.Union:
		return s.union(t.Of, path, nesting)
	case schema.Intersection:
		return s.intersection(t, path, nesting)
	case schema.Ref:
		return s.ref(t.Def, path, nesting)
	default:
		one = s.typing("Any")
	}
	return []string{one}
}

func (s *stub) ref(d *schema.Def, path string, nesting int) []string {
	if name := s.scope.defs[d.Key]; name != "" {
		if !s.seen[d.Key] {
			s.seen[d.Key] = true
			s.used = append(s.used, d)
		}
		return []string{name}
	}
	if d.Recursive {
		return []string{s.typing("Any")}
	}
	return s.parts(d.Type, path, nesting+1)
}

func (s *stub) union(of []*schema.Type, path string, nesting int) []string {
	var parts []string
	seen := map[string]bool{}
	for _, t := range alternatives(of) {
		for _, p := range s.parts(t, path, nesting+1) {
			if !seen[p] {
				seen[p] = true
				parts = append(parts, p)
			}
		}
	}
	return parts
}

func (s *stub) intersection(t *schema.Type, path string, nesting int) []string {
	m, ok := membersOf(t, &s.left)
	switch {
	case !ok:
		return s.parts(narrowest(t.Of), path, nesting+1)
	case s.merged == maxMerged:
		return []string{s.dict(s.typing("Any"))}
	}
	s.merged++
	defer func() { s.merged-- }()
	return []string{s.object(m, path, nesting)}
}

func (s *stub) array(t *schema.Type, path string, nesting int) string {
	if t.Items == nil {
		return s.list(s.typing("Any"))
	}
	return s.list(s.typ(t.Items, path+"Item", nesting+1))
}

func (s *stub) tuple(t *schema.Type, path string, nesting int) string {
	of := t.Prefix
	if t.Items != nil && t.Items.Kind != schema.Never {
		of = append(slices.Clone(of), t.Items)
	}
	return s.list(s.typ(&schema.Type{Kind: schema.Union, Of: of}, path+"Item", nesting+1))
}

// object writes an object type: the name of a class, or a dictionary.
func (s *stub) object(m members, path string, nesting int) string {
	switch {
	case len(m.props) > 0:
		return s.named(s.class(m, path, nesting), path)
	case len(m.extra) > 0:
		return s.dict(s.typ(&schema.Type{Kind: schema.Union, Of: m.extra}, path+"Value", nesting+1))
	case m.closed:
		return s.dict(s.typing("Never"))
	}
	return s.dict(s.typing("Any"))
}

// named returns the name of a class, which is that of an equal one if there is
// one already.
func (s *stub) named(c class, path string) string {
	key := c.text("")
	if name, ok := s.shared[key]; ok {
		return name
	}
	c.name = s.scope.claim(path)
	s.shared[key] = c.name
	s.classes = append(s.classes, c)
	return c.name
}

// class collects the keys of an object.
func (s *stub) class(m members, path string, nesting int) class {
	c := class{typedDict: s.typing("TypedDict"), fields: make([]field, 0, len(m.props))}
	for _, p := range m.props {
		if p.Name == "" {
			continue // no TypedDict has such a key
		}
		f := field{name: p.Name, typ: s.typ(p.Type, path+camel(p.Name), nesting+1), required: p.Required}
		if !s.terse {
			f.doc = document(p.Type)
			s.left -= len(f.doc) / 64
		}
		c.optional = c.optional || !p.Required
		c.mixed = c.mixed || p.Required
		c.fields = append(c.fields, f)
	}
	c.functional = slices.ContainsFunc(c.fields, func(f field) bool { return !s.scope.field(f.name) })
	c.mixed = c.mixed && c.optional
	if c.mixed {
		c.notRequired = s.typing("NotRequired")
	}
	return c
}

// definitions writes the definitions that were used, and those they use.
func (s *stub) definitions() string {
	var b strings.Builder
	for i := 0; i < len(s.used); i++ {
		d := s.used[i]
		name := s.scope.defs[d.Key]
		before := len(s.classes)
		s.left = maxTypes
		doc := ""
		if !s.terse {
			doc = document(d.Type)
		}
		var text string
		switch m, ok := membersOf(d.Type, &s.left); {
		case b.Len() > maxDefinitions:
			text = name + ": " + s.typing("TypeAlias") + " = " + s.typing("Any") + "\n"
		case ok && len(m.props) > 0 && d.Type.Kind != schema.Union && d.Type.Kind != schema.Ref:
			c := s.class(m, name, 0)
			c.name, c.doc = name, doc
			text = c.text(name)
		default:
			text = comment(doc, "") + name + ": " + s.typing("TypeAlias") + " = " + s.typ(d.Type, name, 0) + "\n"
		}
		b.WriteString(classes(s.classes[before:]) + text + "\n")
		s.classes = s.classes[:before]
	}
	return b.String()
}
