package typescript

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

// literal writes the values of an enumeration.
func (ts *typescript) literal(t *schema.Type) string {
	most := form.MaxLiterals
	if !ts.declared() {
		most = maxLineLiterals
	}
	parts := make([]string, 0, min(len(t.Values), most)+1)
	for i, raw := range t.Values {
		if i == most {
			if ts.declared() {
				return widest(t.Values)
			}
			parts = append(parts, fmt.Sprintf("…%d more", len(t.Values)-most))
			break
		}
		p := literal(raw)
		if len(p) > form.MaxLine/4 && !ts.declared() {
			p = widest([]json.RawMessage{raw})
		}
		if !slices.Contains(parts, p) {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " | ")
}

// literal writes one JSON value as a type.
func literal(raw json.RawMessage) string {
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return form.Quote(s)
		}
		return "string"
	case '{':
		return "Record<string, unknown>"
	case '[':
		return "unknown[]"
	case 't', 'f', 'n':
		return string(raw)
	}
	if len(raw) > 24 {
		return "number"
	}
	return string(raw)
}

// widest writes the type of an enumeration too long to list.
func widest(values []json.RawMessage) string {
	var parts []string
	for _, raw := range values {
		p := "number"
		switch raw[0] {
		case '"':
			p = "string"
		case 't', 'f':
			p = "boolean"
		case '{', '[', 'n':
			p = literal(raw)
		}
		if !slices.Contains(parts, p) {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " | ")
}
