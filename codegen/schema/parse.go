package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parse reads a JSON Schema of any draft. It is total: what cannot be
// expressed becomes an Unknown type with its reason, and so does the whole
// schema if it is not JSON or exceeds [MaxBytes], [MaxDepth] or [MaxNodes].
// References are followed inside the schema only; nothing is ever fetched.
//
// Parse may keep raw, which must not be changed afterwards.
func Parse(raw json.RawMessage) *Schema {
	root, err := read(raw, schemaLimits())
	if err != nil {
		reason := "the schema cannot be used: " + err.Error()
		return &Schema{Root: &Type{Reason: reason}, Notes: []string{reason}}
	}
	p := &parser{root: root, id: strings.TrimSuffix(root.text("$id"), "#"), types: map[*value]*Type{}, defs: map[*value]*Def{}}
	s := &Schema{Root: p.schema(root)}
	// Definitions are queued and not followed in place, so that the depth of
	// the recursion is that of the text, whatever refers to what.
	for i := 0; i < len(p.queue); i++ {
		p.queue[i].Type = p.schema(p.queue[i].source)
	}
	s.Defs = p.queue
	p.breakLoops()
	identify(root, s.Defs)
	for _, d := range s.Defs {
		d.source = nil // a schema need not keep its text in memory
	}
	s.Notes = p.notes
	return s
}

// parser turns values into types, each value once.
type parser struct {
	root  *value
	id    string
	types map[*value]*Type
	defs  map[*value]*Def
	queue []*Def
	notes []string
}

// maxNotes bounds Schema.Notes.
const maxNotes = 16

func (p *parser) note(format string, args ...any) {
	n := fmt.Sprintf(format, args...)
	if len(p.notes) < maxNotes && !slices.Contains(p.notes, n) {
		p.notes = append(p.notes, n)
	}
}

func (p *parser) unknown(format string, args ...any) *Type {
	reason := fmt.Sprintf(format, args...)
	p.note("%s", reason)
	return &Type{Reason: reason}
}

// schema returns the type of the schema v.
func (p *parser) schema(v *value) *Type {
	if t, ok := p.types[v]; ok {
		return t
	}
	var t *Type
	switch v.kind {
	case boolValue:
		t = &Type{Kind: Never}
		if v.raw[0] == 't' {
			t.Kind = Unknown
		}
	case objectValue:
		t = p.keywords(v)
	default:
		t = p.unknown("a schema is an object or a boolean, not %s %s", article(v.kind.String()), v.kind)
	}
	p.types[v] = t
	return t
}

// schemas returns the types of the schemas in an array.
func (p *parser) schemas(v *value) []*Type {
	if v == nil || v.kind != arrayValue {
		return nil
	}
	types := make([]*Type, len(v.items))
	for i, item := range v.items {
		types[i] = p.schema(item)
	}
	return types
}

// keywords returns the type of a schema that is an object: all that its
// keywords say together.
func (p *parser) keywords(v *value) *Type {
	var parts []*Type
	if ref := reference(v); ref != "" {
		parts = append(parts, p.ref(ref))
	}
	if t := p.base(v); t != nil {
		parts = append(parts, t)
	}
	for _, k := range []string{"anyOf", "oneOf"} {
		if t := union(p.schemas(v.get(k))); t != nil {
			parts = append(parts, t)
		}
	}
	parts = append(parts, p.schemas(v.get("allOf"))...)
	if t := p.conditional(v); t != nil {
		parts = append(parts, t)
	}
	for _, k := range unexpressed {
		if v.get(k) != nil {
			p.note("the keyword %q is not expressed", k)
		}
	}
	t := intersection(parts)
	if v.isTrue("nullable") { // OpenAPI 3.0
		t = union([]*Type{t, {Kind: Null}})
	}
	return documented(t, v)
}

// unexpressed are the keywords that constrain values in ways the types cannot
// say. uniqueItems and the like, which merely narrow a type, are not worth a
// note.
var unexpressed = [...]string{"not", "dependentSchemas", "dependentRequired", "dependencies", "$dynamicRef"}

// conditional returns what if, then and else say together: a value is all of if
// and then, or it is of else. That a value of the latter must not fit if is
// left out. Nil if they say nothing.
func (p *parser) conditional(v *value) *Type {
	test, then, or := v.get("if"), v.get("then"), v.get("else")
	if test == nil || then == nil && or == nil {
		return nil
	}
	parts := []*Type{p.schema(test)}
	if then != nil {
		parts = append(parts, p.schema(then))
	}
	if or != nil {
		return union([]*Type{intersection(parts), p.schema(or)})
	}
	// Whatever does not fit if is right, but it may have the properties that
	// then names. (A reference has not been followed yet.)
	rest := &Type{Kind: Object, Loose: true}
	for _, q := range parts[1].Props {
		rest.Props = append(rest.Props, Property{Name: q.Name, Type: &Type{}})
	}
	if len(rest.Props) == 0 {
		return nil
	}
	return union([]*Type{intersection(parts), rest})
}

func reference(v *value) string {
	if ref := v.text("$ref"); ref != "" {
		return ref
	}
	return v.text("$recursiveRef")
}

// union returns the type that is any of types; nil if there are none.
func union(types []*Type) *Type {
	var of []*Type
	for _, t := range types {
		switch {
		case t.Kind == Never:
		case t.Kind == Union && t.Doc.empty():
			of = append(of, t.Of...)
		default:
			of = append(of, t)
		}
	}
	switch len(of) {
	case 0:
		if len(types) > 0 {
			return &Type{Kind: Never}
		}
		return nil
	case 1:
		return of[0]
	}
	return &Type{Kind: Union, Of: of}
}

// intersection returns the type that is all of types at once. Types that say
// nothing beside others are left out.
func intersection(types []*Type) *Type {
	var of, bare []*Type
	for _, t := range types {
		switch {
		case t.Kind == Unknown:
		case t.Kind == Intersection && t.Doc.empty():
			of = append(of, t.Of...)
		case t.bare():
			bare = append(bare, t)
		default:
			of = append(of, t)
		}
	}
	if len(of) == 0 {
		of = bare
	}
	switch {
	case len(of) > 1:
		return &Type{Kind: Intersection, Of: of}
	case len(of) == 1:
		return of[0]
	case len(types) > 0:
		return types[0]
	}
	return &Type{}
}

// bare reports whether t is no more than "an object" or "an array", which the
// parts it is combined with say better.
func (t *Type) bare() bool {
	if t.Bounds != nil || !t.Doc.empty() {
		return false
	}
	switch t.Kind {
	case Object:
		return len(t.Props) == 0 && len(t.Patterns) == 0 && t.Extra == nil && t.Names == nil
	case Array:
		return t.Items == nil
	}
	return false
}

func (d *Doc) empty() bool {
	return d.Title == "" && d.Description == "" && d.Format == "" && d.Default == nil && d.Examples == nil && !d.Deprecated
}

// documented returns t with the annotations of v. The types of values are
// shared, so t is copied where it has some already.
func documented(t *Type, v *value) *Type {
	d := Doc{
		Title:       v.text("title"),
		Description: v.text("description"),
		Format:      v.text("format"),
		Deprecated:  v.isTrue("deprecated"),
	}
	if def := v.get("default"); def != nil {
		d.Default = def.raw
	}
	if ex := v.get("examples"); ex != nil && ex.kind == arrayValue {
		for _, e := range ex.items {
			d.Examples = append(d.Examples, e.raw)
		}
	} else if ex := v.get("example"); ex != nil { // OpenAPI 3.0
		d.Examples = append(d.Examples, ex.raw)
	}
	if d.empty() {
		return t
	}
	c := *t
	c.Doc = d.or(t.Doc)
	return &c
}

// or returns d with what it lacks taken from e.
func (d Doc) or(e Doc) Doc {
	if d.Title == "" {
		d.Title = e.Title
	}
	if d.Description == "" {
		d.Description = e.Description
	}
	if d.Format == "" {
		d.Format = e.Format
	}
	if d.Default == nil {
		d.Default = e.Default
	}
	if d.Examples == nil {
		d.Examples = e.Examples
	}
	d.Deprecated = d.Deprecated || e.Deprecated
	return d
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an"
	}
	return "a"
}

// clip shortens what is quoted in reasons.
func clip(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}
