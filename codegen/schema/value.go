package schema

import (
	"encoding/json"
	"errors"
	"unicode/utf8"
)

var errNotJSON = errors.New("it is not valid JSON")

// valueKind is the kind of a JSON value.
type valueKind uint8

const (
	nullValue valueKind = iota
	boolValue
	numberValue
	stringValue
	arrayValue
	objectValue
	unknownValue // of a Partial: it may be of any kind
)

var valueKindNames = [...]string{"null", "boolean", "number", "string", "array", "object", "unknown"}

func (k valueKind) String() string { return valueKindNames[k] }

// value is a JSON value that keeps what encoding/json's maps lose: the order
// of properties, the digits of numbers and the source text.
type value struct {
	kind  valueKind
	raw   json.RawMessage
	str   string   // of a string
	keys  []string // of an object, without duplicates
	items []*value // of an array, or of an object by key
	index map[string]int
	// open objects and arrays may have more than these, and partial values are
	// open or unknown or have such a value somewhere inside.
	open, partial bool
}

// manyKeys is the size from which an object is searched by index.
const manyKeys = 8

// read reads one JSON value inside l.
func read(b []byte, l limits) (*value, error) {
	if err := l.hold(b); err != nil {
		return nil, err
	}
	if !json.Valid(b) {
		return nil, errNotJSON
	}
	r := reader{b: b}
	return r.value(), nil
}

// get returns the value of an object's property, or nil.
func (v *value) get(key string) *value {
	if i := v.find(key); i >= 0 {
		return v.items[i]
	}
	return nil
}

func (v *value) find(key string) int {
	if v.kind != objectValue {
		return -1
	}
	if v.index != nil {
		if i, ok := v.index[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range v.keys {
		if k == key {
			return i
		}
	}
	return -1
}

// text returns the string at a property, or "".
func (v *value) text(key string) string {
	if s := v.get(key); s != nil && s.kind == stringValue {
		return s.str
	}
	return ""
}

// isTrue reports whether a property is the value true.
func (v *value) isTrue(key string) bool {
	b := v.get(key)
	return b != nil && b.kind == boolValue && b.raw[0] == 't'
}

func (v *value) put(key string, item *value) {
	if i := v.find(key); i >= 0 {
		v.items[i] = item // as in JavaScript, the last duplicate wins
		return
	}
	v.keys = append(v.keys, key)
	v.items = append(v.items, item)
	switch {
	case v.index != nil:
		v.index[key] = len(v.keys) - 1
	case len(v.keys) > manyKeys:
		v.index = make(map[string]int, 2*len(v.keys))
		for i, k := range v.keys {
			v.index[k] = i
		}
	}
}

// reader reads JSON that is known to be valid and not deep.
type reader struct {
	b []byte
	i int
}

func (r *reader) space() {
	for r.i < len(r.b) {
		switch r.b[r.i] {
		case ' ', '\t', '\n', '\r':
			r.i++
		default:
			return
		}
	}
}

func (r *reader) value() *value {
	r.space()
	start := r.i
	v := new(value)
	switch r.b[r.i] {
	case '{':
		v.kind = objectValue
		r.members(v)
	case '[':
		v.kind = arrayValue
		r.elements(v)
	case '"':
		v.kind = stringValue
		v.str = r.string()
	case 't', 'f':
		v.kind = boolValue
		r.word()
	case 'n':
		v.kind = nullValue
		r.word()
	default:
		v.kind = numberValue
		r.word()
	}
	v.raw = r.b[start:r.i:r.i]
	return v
}

func (r *reader) members(v *value) {
	r.i++
	for {
		r.space()
		switch r.b[r.i] {
		case '}':
			r.i++
			return
		case ',':
			r.i++
			continue
		}
		key := r.string()
		r.space()
		r.i++ // the colon
		v.put(key, r.value())
	}
}

func (r *reader) elements(v *value) {
	r.i++
	for {
		r.space()
		switch r.b[r.i] {
		case ']':
			r.i++
			return
		case ',':
			r.i++
			continue
		}
		v.items = append(v.items, r.value())
	}
}

func (r *reader) word() {
	for r.i < len(r.b) {
		switch r.b[r.i] {
		case ' ', '\t', '\n', '\r', ',', ']', '}':
			return
		}
		r.i++
	}
}

func (r *reader) string() string {
	start, plain := r.i, true
	r.i++
	for r.b[r.i] != '"' {
		if r.b[r.i] == '\\' {
			plain = false
			r.i++
		}
		r.i++
	}
	r.i++
	token := r.b[start:r.i]
	if plain && utf8.Valid(token) {
		return string(token[1 : len(token)-1])
	}
	var s string
	// The token is valid JSON, and Unmarshal replaces broken UTF-8, so this
	// cannot fail.
	_ = json.Unmarshal(token, &s)
	return s
}
