package paramheader

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Header is one argument that is repeated as a header of the request.
type Header struct {
	Name string   // without "Mcp-Param-"
	Path []string // of the argument, from the top
}

// Of returns the headers of a tool, in the order of their names. The schema's
// depth is bounded by whoever took it from the wire. The error is for a tool
// that the protocol says not to use.
func Of(schema json.RawMessage) ([]Header, error) {
	if !bytes.Contains(schema, []byte("x-mcp-header")) {
		return nil, nil
	}
	found, err := collect(schema, nil, map[string]bool{}, nil)
	slices.SortFunc(found, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	return found, err
}

func collect(schema json.RawMessage, path []string, seen map[string]bool, found []Header) ([]Header, error) {
	for name, raw := range properties(schema) {
		var prop struct {
			Type   json.RawMessage `json:"type"`
			Header json.RawMessage `json:"x-mcp-header"`
		}
		if json.Unmarshal(raw, &prop) != nil {
			continue
		}
		here := slices.Concat(path, []string{name})
		if prop.Header != nil {
			var header string
			if json.Unmarshal(prop.Header, &header) != nil || !isToken(header) {
				return nil, fmt.Errorf("x-mcp-header of %s is not a header name", strings.Join(here, "."))
			}
			if t := string(prop.Type); t != `"string"` && t != `"integer"` && t != `"boolean"` {
				return nil, fmt.Errorf("x-mcp-header of %s is on a value that is no string, integer or boolean", strings.Join(here, "."))
			}
			if seen[strings.ToLower(header)] {
				return nil, fmt.Errorf("x-mcp-header %q is there twice", header)
			}
			seen[strings.ToLower(header)] = true
			found = append(found, Header{header, here})
		}
		var err error
		if found, err = collect(raw, here, seen, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// properties returns none for a boolean schema, or one that is broken.
func properties(schema json.RawMessage) map[string]json.RawMessage {
	var s struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if json.Unmarshal(schema, &s) != nil {
		return nil
	}
	return s.Properties
}

// isToken is the token of RFC 9110, section 5.6.2.
func isToken(s string) bool {
	for _, c := range []byte(s) {
		alnum := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !alnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}
