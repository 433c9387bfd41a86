package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Bounds of what is looked into. Arguments beyond them have the digest of their
// bytes, and no shape.
const (
	maxDepth = 64
	maxNodes = 100_000
)

// Bounds of what a shape shows.
const (
	shapeDepth   = 4
	shapeMembers = 24
	shapeName    = 40
)

// describe returns the SHA-256 of arguments, their keys sorted and without
// white space, numbers as they are spelled; and their structure without values.
func describe(args json.RawMessage) (digest, shape string) {
	if len(bytes.TrimSpace(args)) == 0 {
		args = json.RawMessage("{}")
	}
	form := []byte(args)
	if v, ok := decode(args); ok {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if enc.Encode(v) == nil {
			form = bytes.TrimSuffix(b.Bytes(), []byte("\n"))
		}
		var s strings.Builder
		writeShape(&s, v, shapeDepth)
		shape = cut(s.String(), maxShape)
	}
	sum := sha256.Sum256(form)
	return hex.EncodeToString(sum[:]), shape
}

// decode reads JSON from outside, within bounds.
func decode(args json.RawMessage) (v any, ok bool) {
	if jsonscan.Exceeds(args, maxDepth, maxNodes) != jsonscan.None || !json.Valid(args) {
		return nil, false
	}
	dec := json.NewDecoder(bytes.NewReader(args))
	dec.UseNumber()
	return v, dec.Decode(&v) == nil
}

// writeShape writes the type of a value. Keys that are not names are data, and
// stay out.
func writeShape(b *strings.Builder, v any, depth int) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString("boolean")
	case json.Number:
		b.WriteString("number")
	case string:
		b.WriteString("string")
	case []any:
		if len(v) == 0 || depth == 0 {
			b.WriteString("[]")
			return
		}
		writeShape(b, v[0], depth-1)
		b.WriteString("[]")
	case map[string]any:
		writeMembers(b, v, depth)
	}
}

func writeMembers(b *strings.Builder, v map[string]any, depth int) {
	b.WriteByte('{')
	for i, key := range slices.Sorted(maps.Keys(v)) {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == shapeMembers || depth == 0 {
			b.WriteString("…")
			break
		}
		if isName(key) {
			b.WriteString(key)
		} else {
			b.WriteByte('?')
		}
		b.WriteString(": ")
		writeShape(b, v[key], depth-1)
	}
	b.WriteByte('}')
}

// isName reports whether a key is one that a schema would have.
func isName(key string) bool {
	if key == "" || len(key) > shapeName {
		return false
	}
	digits := 0
	for _, c := range []byte(key) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c == '-', c == '$':
		case '0' <= c && c <= '9':
			digits++
		default:
			return false
		}
	}
	return digits <= 4
}
