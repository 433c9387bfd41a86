package config

import (
	"fmt"
	"unicode/utf8"
)

// Bounds of what is read from outside.
const (
	MaxFile      = 1 << 20  // bytes of one configuration file
	MaxReference = 64 << 10 // bytes of one file named by ${file:…}
	MaxDepth     = 32       // tables and lists within one another
)

// node is a value of a configuration file, whatever its format. Every reader
// makes a tree no deeper than MaxDepth, in which no table has a key twice.
type node struct {
	kind    nodeKind
	pos     Pos
	text    string  // of a string, or a number or truth value as it was written
	entries []entry // of a table, in the order of the file
	items   []*node // of a list
}

type entry struct {
	key   string
	pos   Pos
	value *node
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	intNode
	floatNode
	stringNode
	listNode
	tableNode
	otherNode // a date, or binary data: nothing here is configured with one
)

var kindNames = [...]string{
	nullNode: "nothing", boolNode: "true or false", intNode: "a whole number", floatNode: "a number",
	stringNode: "a string", listNode: "a list", tableNode: "a table", otherNode: "a date or binary data",
}

func (k nodeKind) String() string { return kindNames[k] }

// get returns the value of a key of a table, or nil.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i := range n.entries {
		if n.entries[i].key == key {
			return n.entries[i].value
		}
	}
	return nil
}

// tableBuilder adds entries to a table and reports keys that come twice.
type tableBuilder struct {
	n    *node
	seen map[string]Pos
	r    *report
}

func (b *tableBuilder) add(e entry) {
	if first, ok := b.seen[e.key]; ok {
		b.r.add(e.pos, "", "key "+quote(e.key)+" is there twice",
			fmt.Sprintf("the first one is in line %d", first.Line))
		return
	}
	if b.seen == nil {
		b.seen = map[string]Pos{}
	}
	b.seen[e.key] = e.pos
	b.n.entries = append(b.n.entries, e)
}

// lines turns offsets into positions; successive offsets that do not go back
// cost one pass over the text in all, however long its lines are.
type lines struct {
	data   []byte
	offset int
	line   int
	column int
}

func (l *lines) at(offset int) Pos {
	offset = min(max(offset, 0), len(l.data))
	if offset < l.offset {
		l.offset, l.line, l.column = 0, 0, 0
	}
	for ; l.offset < offset; l.offset++ {
		switch c := l.data[l.offset]; {
		case c == '\n':
			l.line++
			l.column = 0
		case utf8.RuneStart(c):
			l.column++
		}
	}
	return Pos{Line: l.line + 1, Column: l.column + 1}
}

// tooNested looks at brackets alone, also within strings, with a bound that no
// honest file comes near: it is there so that no recursive parser runs out of
// stack before the depth of the tree can be counted.
func tooNested(data []byte) (offset int, bad bool) {
	depth := 0
	for i, c := range data {
		switch c {
		case '{', '[':
			depth++
			if depth > 32*MaxDepth {
				return i, true
			}
		case '}', ']':
			depth = max(depth-1, 0)
		}
	}
	return 0, false
}
