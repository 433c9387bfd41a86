package codegen_test

import (
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
)

// sampler makes values that fit a JSON Schema. It reads the schema as
// encoding/json does and shares nothing with package schema, so that neither
// covers for the other's mistakes. It knows what the catalogue's schemas use.
type sampler struct{ root any }

// maxSampled is how deep optional properties are filled in, and how many
// references are followed without looking into a value.
const maxSampled = 8

// flat returns a schema as one object of keywords: references followed, parts
// merged, of alternatives the first that is not null.
func (s sampler) flat(schema any, chain int) map[string]any {
	m, ok := schema.(map[string]any)
	if !ok || chain > maxSampled {
		return map[string]any{}
	}
	flat := map[string]any{}
	for key, v := range m {
		switch key {
		case "$ref", "allOf", "anyOf", "oneOf":
		default:
			flat[key] = v
		}
	}
	if ref, ok := m["$ref"].(string); ok {
		merge(flat, s.flat(s.target(ref), chain+1))
	}
	for _, part := range list(m["allOf"]) {
		merge(flat, s.flat(part, chain+1))
	}
	for _, alternatives := range []any{m["anyOf"], m["oneOf"]} {
		for _, part := range list(alternatives) {
			one := s.flat(part, chain+1)
			if one["type"] == "null" {
				continue
			}
			merge(flat, one)
			break
		}
	}
	return flat
}

// target returns what a reference inside the schema leads to.
func (s sampler) target(ref string) any {
	path, local := strings.CutPrefix(ref, "#")
	if !local {
		return true
	}
	at := s.root
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if path == "" {
			break
		}
		if plain, err := url.PathUnescape(part); err == nil {
			part = plain
		}
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch v := at.(type) {
		case map[string]any:
			at = v[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(v) {
				return true
			}
			at = v[i]
		}
	}
	return at
}

// merge adds the keywords of part to flat: both hold at once.
func merge(flat, part map[string]any) {
	for key, v := range part {
		old, ok := flat[key]
		switch {
		case !ok:
			flat[key] = v
		case key == "required":
			flat[key] = slices.Concat(list(old), list(v))
		case key == "properties":
			both := maps.Clone(object(old))
			for name, p := range object(v) {
				if q, ok := both[name]; ok {
					p = map[string]any{"allOf": []any{q, p}}
				}
				both[name] = p
			}
			flat[key] = both
		}
	}
}

func list(v any) []any               { l, _ := v.([]any); return l }
func object(v any) map[string]any    { m, _ := v.(map[string]any); return m }
func count(v any, otherwise int) int { return int(number(v, float64(otherwise))) }

func number(v any, otherwise float64) float64 {
	if n, ok := v.(json.Number); ok {
		if f, err := n.Float64(); err == nil {
			return f
		}
	}
	return otherwise
}

// value returns a value that fits the schema: with what it requires, or with
// every property that it names.
func (s sampler) value(schema any, every bool, depth int) any {
	m := s.flat(schema, 0)
	if c, ok := m["const"]; ok {
		return c
	}
	if values := list(m["enum"]); len(values) > 0 {
		return values[0]
	}
	switch kind(m) {
	case "object":
		return s.object(m, every, depth)
	case "array":
		return s.array(m, every, depth)
	case "integer", "number":
		return between(m)
	case "boolean":
		return true
	case "null":
		return nil
	}
	return text(m)
}

// kind returns the type of a flat schema, the first if it has several.
func kind(m map[string]any) string {
	types := list(m["type"])
	if t, ok := m["type"].(string); ok {
		types = []any{t}
	}
	for _, t := range types {
		if t, ok := t.(string); ok && t != "null" {
			return t
		}
	}
	switch {
	case len(types) > 0:
		return "null"
	case m["properties"] != nil:
		return "object"
	case m["items"] != nil:
		return "array"
	}
	return "string"
}

func (s sampler) object(m map[string]any, every bool, depth int) map[string]any {
	out := map[string]any{}
	properties := object(m["properties"])
	for name, p := range properties {
		if every && depth < maxSampled && p != false {
			out[name] = s.value(p, every, depth+1)
		}
	}
	for _, r := range list(m["required"]) {
		name, _ := r.(string)
		if _, has := out[name]; !has {
			out[name] = s.value(properties[name], every && depth < maxSampled, depth+1)
		}
	}
	if extra, ok := m["additionalProperties"].(map[string]any); ok && every && len(properties) == 0 && depth < maxSampled {
		key := s.value(m["propertyNames"], false, depth+1)
		if key, ok := key.(string); ok {
			out[key] = s.value(extra, every, depth+1)
		}
	}
	return out
}

func (s sampler) array(m map[string]any, every bool, depth int) []any {
	out := []any{}
	for _, p := range list(m["prefixItems"]) {
		out = append(out, s.value(p, every, depth+1))
	}
	least := count(m["minItems"], 0)
	if every && depth < maxSampled {
		least = max(least, 1)
	}
	for len(out) < min(least, count(m["maxItems"], least)) {
		out = append(out, s.value(m["items"], every, depth+1))
	}
	return out
}

func between(m map[string]any) any {
	v := 1.0
	v = max(v, math.Ceil(number(m["minimum"], v)), math.Floor(number(m["exclusiveMinimum"], v-1))+1)
	v = min(v, math.Floor(number(m["maximum"], v)), math.Ceil(number(m["exclusiveMaximum"], v+1))-1)
	if low := number(m["exclusiveMinimum"], math.Inf(-1)); v <= low { // no whole number is inside
		v = (low + number(m["maximum"], low+1)) / 2
	}
	return v
}

// text returns a string of the right length that matches the pattern.
func text(m map[string]any) string {
	out := "x"
	if pattern, ok := m["pattern"].(string); ok {
		if re, err := syntax.Parse(pattern, syntax.Perl); err == nil {
			out = matching(re.Simplify())
		}
	}
	if least := count(m["minLength"], 0); len(out) < least {
		out += strings.Repeat(out[len(out)-1:], least-len(out))
	}
	return out
}

// matching returns a short string that a regular expression matches.
func matching(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1] && r < 0x7f; r++ {
				if r > ' ' {
					return string(r)
				}
			}
		}
		return ""
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "x"
	case syntax.OpPlus, syntax.OpCapture:
		return matching(re.Sub[0])
	case syntax.OpAlternate:
		return matching(re.Sub[0])
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(matching(sub))
		}
		return b.String()
	case syntax.OpRepeat:
		return strings.Repeat(matching(re.Sub[0]), re.Min)
	}
	return ""
}
