package lock

import (
	"slices"
	"strconv"
	"strings"
)

// maxParameters is how many parameters a lock tells apart. Those beyond count
// as part of the rest of the input schema.
const maxParameters = 1000

func partOf(schema *node) Part {
	w := &writer{split: true}
	w.write(schema, asSchema)
	return Part{Type: typeOf(schema), Wording: shortOf(w.wording), Fields: shortOf(w.fields), Rules: short(w.rules)}
}

// shortOf digests texts whatever their order.
func shortOf(texts []string) string {
	slices.Sort(texts)
	var b []byte
	for _, t := range texts {
		b = strconv.AppendInt(b, int64(len(t)), 10)
		b = append(append(b, ':'), t...)
	}
	return short(b)
}

const typeSeparator = "|"

func typeNames() []string {
	return []string{"array", "boolean", "integer", "null", "number", "object", "string"}
}

// typeOf keeps nothing of a schema but the names that JSON Schema defines.
func typeOf(schema *node) string {
	var types []string
	for _, m := range schema.members {
		if m.name != "type" {
			continue
		}
		for _, t := range slices.Concat(m.value.items, []*node{m.value}) {
			if slices.Contains(typeNames(), t.text) {
				types = append(types, t.text)
			}
		}
	}
	slices.Sort(types)
	return strings.Join(slices.Compact(types), typeSeparator)
}

// parts takes the parameters out of an input schema. Whatever is in it is in
// one of them or in the rest: the second property of a name too, and a
// required name that is no property.
func parts(input *node) (parameters map[string]Parameter, rest Part) {
	if input == nil {
		return nil, Part{}
	}
	if input.kind != object {
		return nil, partOf(input)
	}
	parameters = map[string]Parameter{}
	other := &node{kind: object}
	for _, m := range input.members {
		left := m.value
		switch {
		case m.name == "properties" && m.value.kind == object:
			left = &node{kind: object, members: addParameters(parameters, m.value.members)}
		case m.name == "required" && m.value.kind == array:
			left = &node{kind: array, items: markRequired(parameters, m.value.items)}
		}
		other.members = append(other.members, member{m.name, left})
	}
	if len(parameters) == 0 {
		parameters = nil
	}
	return parameters, partOf(other)
}

func addParameters(to map[string]Parameter, properties []member) (left []member) {
	for _, m := range properties {
		name := key(m.name)
		if _, ok := to[name]; ok || len(to) == maxParameters {
			left = append(left, m)
			continue
		}
		to[name] = Parameter{Part: partOf(m.value)}
	}
	return left
}

func markRequired(in map[string]Parameter, names []*node) (left []*node) {
	for _, n := range names {
		name := key(n.text)
		p, ok := in[name]
		if !ok || n.kind != text || p.Required {
			left = append(left, n)
			continue
		}
		p.Required = true
		in[name] = p
	}
	return left
}
