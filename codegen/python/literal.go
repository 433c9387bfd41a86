package python

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// maxLineLiterals is how many values of an enumeration are listed on a line.
const maxLineLiterals = 12

// value writes one JSON value as what Literal takes, or, where it takes no
// such value, as a type.
func value(raw json.RawMessage) (text string, literal bool) {
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return quote(s), true
		}
		return "str", false
	case '{':
		return "dict", false
	case '[':
		return "list", false
	case 't':
		return "True", true
	case 'f':
		return "False", true
	case 'n':
		return "None", true
	}
	if len(raw) > 24 || strings.ContainsAny(string(raw), ".eE") || string(raw) == "-0" {
		return "float", false
	}
	return string(raw), true
}

// kindOf writes the type that a JSON value has.
func kindOf(raw json.RawMessage) string {
	switch raw[0] {
	case '"':
		return "str"
	case 't', 'f':
		return "bool"
	}
	text, literal := value(raw)
	if literal && raw[0] != 'n' {
		return "int"
	}
	return text
}

// values writes an enumeration as the literals and as the types of its values.
// More than so many values are only types, and so is a value longer than
// longest.
func values(t *schema.Type, most, longest int) (literals, types []string) {
	seen := map[string]bool{}
	for _, raw := range t.Values {
		text, literal := value(raw)
		if literal && (len(t.Values) > most || len(text) > longest) {
			text, literal = kindOf(raw), false
		}
		switch {
		case seen[text]:
		case literal:
			literals = append(literals, text)
		default:
			types = append(types, text)
		}
		seen[text] = true
	}
	return literals, types
}

// literal writes an enumeration in the notation.
func (n *notation) literal(t *schema.Type) string {
	if n.names != nil {
		literals, types := values(t, form.MaxLiterals, maxDeclaration)
		return strings.Join(append(literals, types...), "|")
	}
	few := *t
	few.Values = t.Values[:min(len(t.Values), maxLineLiterals)]
	literals, types := values(&few, maxLineLiterals, form.MaxLine/4)
	if more := len(t.Values) - maxLineLiterals; more > 0 {
		types = append(types, fmt.Sprintf("…%d more", more))
	}
	return strings.Join(append(literals, types...), "|")
}

// literal writes an enumeration as a type.
func (s *stub) literal(t *schema.Type) []string {
	literals, types := values(t, form.MaxLiterals, maxDeclaration)
	var parts []string
	if i := slices.Index(literals, "None"); i >= 0 {
		literals = slices.Delete(literals, i, i+1)
		types = append(types, "None")
	}
	if len(literals) > 0 {
		parts = append(parts, s.typing("Literal")+"["+strings.Join(literals, ", ")+"]")
	}
	for _, text := range types {
		switch text {
		case "dict":
			text = s.dict(s.typing("Any"))
		case "list":
			text = s.list(s.typing("Any"))
		case "None":
		default:
			text = s.builtin(text)
		}
		parts = append(parts, text)
	}
	return parts
}
