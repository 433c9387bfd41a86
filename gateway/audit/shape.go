package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

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
	if readable(args) {
		value := bytes.TrimSpace(args)
		form = appendSorted(make([]byte, 0, len(value)), value)
		shape = cut(string(appendShape(nil, value, shapeDepth)), maxShape)
	}
	sum := sha256.Sum256(form)
	return hex.EncodeToString(sum[:]), shape
}

// readable reports whether something from outside is JSON within bounds.
func readable(args json.RawMessage) bool {
	return jsonscan.Exceeds(args, maxDepth, maxNodes) == jsonscan.None && json.Valid(args)
}

// member is one of an object.
type member struct {
	name  string
	value []byte
}

// sorted returns the members of an object by name; of several of one name it
// is the last, as it is for every common decoder.
func sorted(object []byte) []member {
	var list []member
	for name, value := range jsonscan.Members(object) {
		text := string(name)
		if !utf8.ValidString(text) {
			text = string([]rune(text)) // as decoders read it
		}
		list = append(list, member{text, value})
	}
	slices.SortStableFunc(list, func(a, b member) int { return strings.Compare(a.name, b.name) })
	kept := list[:0]
	for i, m := range list {
		if i+1 == len(list) || list[i+1].name != m.name {
			kept = append(kept, m)
		}
	}
	return kept
}

// appendSorted appends a value with its keys sorted and without white space.
func appendSorted(b, value []byte) []byte {
	switch value[0] {
	case '{':
		b = append(b, '{')
		for i, m := range sorted(value) {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendText(b, m.name), ':')
			b = appendSorted(b, m.value)
		}
		return append(b, '}')
	case '[':
		b = append(b, '[')
		first := true
		for element := range jsonscan.Elements(value) {
			if !first {
				b = append(b, ',')
			}
			first = false
			b = appendSorted(b, element)
		}
		return append(b, ']')
	case '"':
		if isPlain(value) {
			return append(b, value...)
		}
		var s string
		if json.Unmarshal(value, &s) != nil {
			return append(b, value...)
		}
		return appendText(b, s)
	}
	return append(b, value...)
}

// isPlain reports whether a string is spelled in the one way it can be.
func isPlain(quoted []byte) bool {
	for _, c := range quoted {
		if c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendText appends a string as encoding/json spells it.
func appendText(b []byte, s string) []byte {
	if isName(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	w := bytes.NewBuffer(b)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return b // strings have no error
	}
	return bytes.TrimSuffix(w.Bytes(), []byte("\n"))
}

// appendShape appends the type of a value. Keys that are not names are data, and
// stay out.
func appendShape(b, value []byte, depth int) []byte {
	switch value[0] {
	case 'n':
		return append(b, "null"...)
	case 't', 'f':
		return append(b, "boolean"...)
	case '"':
		return append(b, "string"...)
	case '[':
		if depth > 0 {
			for element := range jsonscan.Elements(value) {
				b = appendShape(b, element, depth-1)
				break
			}
		}
		return append(b, "[]"...)
	case '{':
		return appendMembers(b, value, depth)
	}
	return append(b, "number"...)
}

func appendMembers(b, object []byte, depth int) []byte {
	b = append(b, '{')
	for i, m := range sorted(object) {
		if i > 0 {
			b = append(b, ", "...)
		}
		if i == shapeMembers || depth == 0 {
			b = append(b, "…"...)
			break
		}
		if isName(m.name) {
			b = append(b, m.name...)
		} else {
			b = append(b, '?')
		}
		b = append(b, ": "...)
		b = appendShape(b, m.value, depth-1)
	}
	return append(b, '}')
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
