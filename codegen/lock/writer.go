package lock

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

// role is what a JSON value is in a schema: the keyword default is one only in
// a schema, not as the name of a property nor inside a const.
type role uint8

const (
	asValue role = iota
	asSchema
	asSchemas // by name
	asDefault
)

// roleOf follows JSON Schema 2020-12, and the earlier drafts where they have
// keywords of their own.
func roleOf(keyword string) role {
	switch keyword {
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies":
		return asSchemas
	case "items", "prefixItems", "additionalItems", "unevaluatedItems", "contains",
		"additionalProperties", "unevaluatedProperties", "propertyNames",
		"anyOf", "oneOf", "allOf", "not", "if", "then", "else", "contentSchema":
		return asSchema
	case "default":
		return asDefault
	default:
		return asValue
	}
}

func isWording(keyword string) bool {
	return keyword == "title" || keyword == "description" || keyword == "$comment"
}

// maxWord is the length in bytes from which a value counts as wording even
// without a space.
const maxWord = 64

// writer brings a schema into a form in which equal schemas are equal bytes
// and different ones are not.
type writer struct {
	rules []byte
	// split keeps titles, descriptions and comments out of rules, and collects
	// wording and fields.
	split   bool
	wording []string
	fields  []string
}

func (w *writer) write(n *node, r role) {
	switch n.kind {
	case scalar:
		w.rules = append(append(w.rules, n.raw...), ' ')
	case text:
		w.text(n, r)
	case array:
		w.rules = append(w.rules, '[')
		for _, item := range n.items {
			w.write(item, r)
		}
		w.rules = append(w.rules, ']')
	case object:
		w.rules = append(w.rules, '{')
		for _, m := range n.members {
			w.member(m, r)
		}
		w.rules = append(w.rules, '}')
	case opaque:
		w.rules = append(append(w.rules, '!'), n.raw...)
	}
}

func (w *writer) text(n *node, r role) {
	if r == asDefault && schema.IsTime(n.raw) {
		w.rules = append(w.rules, '@')
		return
	}
	if w.split && (len(n.text) > maxWord || strings.ContainsAny(n.text, " \t\r\n")) {
		w.wording = append(w.wording, n.text)
	}
	w.string(n.text)
}

func (w *writer) string(s string) {
	w.rules = strconv.AppendInt(append(w.rules, '"'), int64(len(s)), 10)
	w.rules = append(append(w.rules, ':'), s...)
}

func (w *writer) member(m member, r role) {
	switch r {
	case asSchemas:
		r = asSchema
	case asSchema:
		if m.saysNothing() {
			return
		}
		if w.split && isWording(m.name) && m.value.kind == text {
			w.wording = append(w.wording, m.value.text)
			return
		}
		if m.name == "required" && m.value.kind == array {
			w.string(m.name)
			w.set(m.value.items)
			return
		}
		if w.split && (m.name == "properties" || m.name == "patternProperties") {
			for _, field := range m.value.members {
				w.fields = append(w.fields, field.name)
			}
		}
		r = roleOf(m.name)
	case asValue, asDefault:
	}
	w.string(m.name)
	w.write(m.value, r)
}

// saysNothing reports whether a schema is the same without m. Some servers
// send such members at one time and not at another.
func (m member) saysNothing() bool {
	switch m.name {
	case "properties", "patternProperties", "$defs", "definitions":
		return m.value.kind == object && len(m.value.members) == 0
	case "required":
		return m.value.kind == array && len(m.value.items) == 0
	default:
		return false
	}
}

// set writes values whatever their order.
func (w *writer) set(items []*node) {
	forms := make([][]byte, len(items))
	for i, item := range items {
		one := new(writer)
		one.write(item, asValue)
		forms[i] = one.rules
	}
	slices.SortFunc(forms, bytes.Compare)
	w.rules = append(w.rules, '[')
	w.rules = append(append(w.rules, bytes.Join(forms, nil)...), ']')
}
