package shape

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// readable reports whether data is JSON inside the bounds.
func readable(data []byte) bool {
	return len(data) <= MaxBytes && jsonscan.Exceeds(data, maxNesting, maxValues) == jsonscan.None && json.Valid(data)
}

// read returns the structure of an answer; false if it, or the arguments, are
// not readable.
func read(a Answer) (*node, bool) {
	if !readable(a.JSON) || len(a.Args) > 0 && !readable(a.Args) {
		return nil, false
	}
	r := reader{data: a.JSON, answer: a, echoes: listen(a), keys: map[string]key{}}
	for k := range scalars {
		r.scalars[k] = &node{kinds: 1 << k}
	}
	root := r.value(0).pruned()
	stamp(root)
	return root, true
}

// stamp counts one call for each field. The nodes belong to the reader yet.
func stamp(n *node) {
	for i := range n.fields {
		n.fields[i].calls = 1
	}
	n.children(stamp)
}

// scalars is how many kinds have no structure below them: the first ones.
const scalars = 5

// reader reads a value of JSON that is known to be valid and not too deep.
type reader struct {
	data    []byte
	pos     int
	answer  Answer
	echoes  echoes
	settled Words
	keys    map[string]key
	scalars [scalars]*node
}

// key is what is known of one key.
type key struct {
	name string
	data bool
}

func (r *reader) space() {
	for strings.IndexByte(" \t\r\n", r.data[r.pos]) >= 0 {
		r.pos++
	}
}

// value reads one value, with depth values around it.
func (r *reader) value(depth int) *node {
	r.space()
	switch r.data[r.pos] {
	case '{':
		return r.object(depth)
	case '[':
		return r.array(depth)
	case '"':
		r.pos = stringEnd(r.data, r.pos)
		return r.scalar(text)
	case 'n':
		r.pos += len("null")
		return r.scalar(null)
	case 't':
		r.pos += len("true")
		return r.scalar(boolean)
	case 'f':
		r.pos += len("false")
		return r.scalar(boolean)
	}
	return r.number()
}

func (r *reader) scalar(k kinds) *node {
	for _, n := range r.scalars {
		if n.kinds == k {
			return n
		}
	}
	return &node{kinds: k}
}

func (r *reader) number() *node {
	kind := integer
	for ; r.pos < len(r.data); r.pos++ {
		switch c := r.data[r.pos]; {
		case c == '.' || c == 'e' || c == 'E':
			kind = number
		case c != '-' && c != '+' && !digit(rune(c)):
			return r.scalar(kind)
		}
	}
	return r.scalar(kind)
}

// more reports whether another element follows, and steps over the comma or
// the closing bracket.
func (r *reader) more(closing byte) bool {
	r.space()
	switch r.data[r.pos] {
	case closing:
		r.pos++
		return false
	case ',':
		r.pos++
	}
	return true
}

func (r *reader) array(depth int) *node {
	r.pos++
	n := &node{kinds: array}
	for r.more(']') {
		n.items = merge(n.items, r.value(depth+1))
	}
	if depth >= maxDepth {
		return &node{kinds: unknown}
	}
	return n
}

func (r *reader) object(depth int) *node {
	r.pos++
	n := &node{kinds: object}
	var fields []field
	dictionary := false
	for r.more('}') {
		r.space()
		k := r.key()
		r.space()
		r.pos++ // ':'
		v := r.value(depth + 1)
		if dictionary = dictionary || k.data || len(fields) == maxFields; dictionary {
			n.values = merge(n.values, v)
			continue
		}
		fields = append(fields, field{name: k.name, node: v})
	}
	switch {
	case depth >= maxDepth:
		return &node{kinds: unknown}
	case dictionary || alike(fields):
		for _, f := range fields {
			n.values = merge(n.values, f.node)
		}
		return n
	}
	n.fields, n.empty = byName(fields), len(fields) == 0
	return n
}

// byName sorts fields, and merges those of one name: JSON allows it.
func byName(fields []field) []field {
	slices.SortStableFunc(fields, func(f, g field) int { return strings.Compare(f.name, g.name) })
	out := fields[:0]
	for _, f := range fields {
		if last := len(out) - 1; last >= 0 && out[last].name == f.name {
			out[last].node = merge(out[last].node, f.node)
			continue
		}
		out = append(out, f)
	}
	return out
}

// key reads a key and judges it, once for each.
func (r *reader) key() key {
	start := r.pos
	r.pos = stringEnd(r.data, start)
	quoted := r.data[start:r.pos]
	if k, ok := r.keys[string(quoted)]; ok {
		return k
	}
	k := key{name: unquoted(quoted)}
	k.data = looksLikeData(k.name) || r.echoed(folded(k.name))
	r.keys[string(quoted)] = k
	return k
}

// echoed reports whether a word is somebody's data in this call, and is not
// known to be more than that.
func (r *reader) echoed(word string) bool {
	if !r.echoes.full && !r.echoes.args.has(word) && !r.echoes.values.has(word) || r.answer.Public.has(word) {
		return false
	}
	if r.settled == nil {
		r.settled = r.answer.Before.settled()
	}
	return !r.settled.has(word)
}

// alike reports whether the values of an object have one structure, as those
// of a dictionary do and those of a record seldom.
func alike(fields []field) bool {
	if len(fields) < 2 {
		return false
	}
	numbers := len(fields) > fewFields
	groups := true
	for _, f := range fields {
		numbers = numbers && f.node.kinds&^(null|boolean|integer|number) == 0
		groups = groups && structured(f.node) && alikeNodes(fields[0].node, f.node)
	}
	return numbers || groups
}

// structured reports whether n is a record or a dictionary with something in
// it, or a list of such.
func structured(n *node) bool {
	switch n.kinds {
	case array:
		return n.items != nil && structured(n.items)
	case object:
		return len(n.fields) > 0 || n.values != nil
	}
	return false
}

// alikeNodes reports whether two structured nodes have the same fields.
func alikeNodes(a, b *node) bool {
	switch {
	case a.kinds != b.kinds:
		return false
	case a.kinds == array:
		return alikeNodes(a.items, b.items)
	case a.values != nil || b.values != nil:
		return a.values != nil && b.values != nil
	}
	return slices.EqualFunc(a.fields, b.fields, func(f, g field) bool { return f.name == g.name })
}
