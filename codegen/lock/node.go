package lock

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bindery-mcp/bindery/codegen/schema"
	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// node is a JSON value that keeps what encoding/json's maps lose and a digest
// must see: members with one name, the digits of numbers, strings that no Go
// string can hold.
type node struct {
	kind    kind
	raw     []byte // the source text; of opaque, all there is
	text    string // of a text: what it stands for
	members []member
	items   []*node
}

// member is a property of an object. They are sorted by name; those with one
// name are in the order of the source.
type member struct {
	name  string
	value *node
}

type kind uint8

const (
	scalar kind = iota // null, a boolean or a number
	text
	array
	object
	opaque // not JSON, or more than may be taken apart
)

// read returns nil for no bytes at all.
func read(raw json.RawMessage) *node {
	switch {
	case len(raw) == 0:
		return nil
	case len(raw) > schema.MaxBytes,
		jsonscan.Exceeds(raw, schema.MaxDepth, schema.MaxNodes) != jsonscan.None,
		!json.Valid(raw):
		return &node{kind: opaque, raw: raw}
	}
	r := reader{rest: raw}
	return r.value()
}

// reader takes apart JSON that is known to be valid and not deep.
type reader struct{ rest []byte }

const space = " \t\r\n"

// peek returns the next byte that means something.
func (r *reader) peek() byte {
	r.rest = bytes.TrimLeft(r.rest, space)
	return r.rest[0]
}

func (r *reader) value() *node {
	switch r.peek() {
	case '{':
		n := &node{kind: object}
		r.each('}', func() {
			name := r.string()
			r.peek()
			r.rest = r.rest[1:] // the colon
			n.members = append(n.members, member{name.text, r.value()})
		})
		slices.SortStableFunc(n.members, func(a, b member) int { return cmp.Compare(a.name, b.name) })
		return n
	case '[':
		n := &node{kind: array}
		r.each(']', func() { n.items = append(n.items, r.value()) })
		return n
	case '"':
		return r.string()
	default:
		end := bytes.IndexAny(r.rest, space+",]}")
		if end < 0 {
			end = len(r.rest)
		}
		return &node{kind: scalar, raw: r.take(end)}
	}
}

// each calls read at every element up to the closing bracket.
func (r *reader) each(closing byte, read func()) {
	r.rest = r.rest[1:]
	for {
		switch r.peek() {
		case closing:
			r.rest = r.rest[1:]
			return
		case ',':
			r.rest = r.rest[1:]
			r.peek()
		}
		if r.rest[0] != closing {
			read()
		}
	}
}

func (r *reader) string() *node {
	r.peek()
	end := 1
	for r.rest[end] != '"' {
		if r.rest[end] == '\\' {
			end++
		}
		end++
	}
	n := &node{kind: text, raw: r.take(end + 1)}
	inside := n.raw[1 : len(n.raw)-1]
	if bytes.IndexByte(inside, '\\') < 0 && utf8.Valid(inside) {
		n.text = string(inside)
		return n
	}
	// The token is valid JSON, and Unmarshal replaces what is not Unicode, so
	// this cannot fail.
	_ = json.Unmarshal(n.raw, &n.text)
	if strings.ContainsRune(n.text, utf8.RuneError) {
		// Different strings may have become this one. No other string begins
		// with this byte.
		n.text = "\xff" + string(n.raw)
	}
	return n
}

func (r *reader) take(n int) []byte {
	token := r.rest[:n:n]
	r.rest = r.rest[n:]
	return token
}
