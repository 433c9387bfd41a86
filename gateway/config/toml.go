package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// readTOML reads a TOML document. The syntax tree of the library gives the
// positions; that tables and keys are not defined twice is left to its decoder.
func readTOML(r *report, data []byte) *node {
	t := tomlReader{r: r, l: &lines{data: data}, root: &node{kind: tableNode, pos: Pos{1, 1}}, index: map[*node]map[string]*node{}}
	t.p.Reset(data)
	table, depth := t.root, 0
	for t.p.NextExpression() {
		switch e := t.p.Expression(); e.Kind {
		case unstable.KeyValue:
			t.keyValue(table, e, depth)
		case unstable.Table, unstable.ArrayTable:
			table, depth = t.header(e)
		}
		if t.count > maxKeys {
			t.r.add(table.pos, "", fmt.Sprintf("the file has more than %d keys", maxKeys), "")
			return nil
		}
	}
	if err := t.p.Error(); err != nil {
		t.syntaxError(data)
		return nil
	}
	var discard map[string]any
	if err := toml.Unmarshal(data, &discard); err != nil {
		t.decodeError(err)
	}
	return t.root
}

// maxKeys keeps the check for keys that come twice, which takes the
// library time in the square of their number, under a second.
const maxKeys = 10_000

type tomlReader struct {
	r    *report
	l    *lines
	p    unstable.Parser
	root *node
	// count is the number of keys and headers seen.
	count int
	// index finds the entries of each table, of which there may be many.
	index map[*node]map[string]*node
}

// syntaxError asks the decoder, whose errors have positions.
func (t *tomlReader) syntaxError(data []byte) {
	var discard map[string]any
	err := toml.Unmarshal(data, &discard)
	if err == nil {
		err = t.p.Error()
	}
	t.decodeError(err)
}

func (t *tomlReader) decodeError(err error) {
	var at Pos
	if de, ok := errors.AsType[*toml.DecodeError](err); ok {
		at.Line, at.Column = de.Position()
	}
	t.r.add(at, "", "not valid TOML: "+clip(strings.TrimPrefix(err.Error(), "toml: "), 200), "")
}

func (t *tomlReader) header(e *unstable.Node) (*node, int) {
	t.count++
	keys := t.keys(e.Key())
	table := t.root
	for i, k := range keys {
		if i == MaxDepth {
			t.r.add(k.pos, "", "too deeply nested", "")
			break
		}
		last := i == len(keys)-1
		if !last || e.Kind == unstable.Table {
			table = t.child(table, k, tableNode)
			continue
		}
		list := t.child(table, k, listNode)
		table = &node{kind: tableNode, pos: k.pos}
		list.items = append(list.items, table)
	}
	return table, len(keys)
}

func (t *tomlReader) keyValue(table *node, e *unstable.Node, depth int) {
	t.count++
	keys := t.keys(e.Key())
	if len(keys) == 0 {
		return
	}
	if depth+len(keys) > MaxDepth {
		t.r.add(keys[0].pos, "", "too deeply nested", "")
		return
	}
	for _, k := range keys[:len(keys)-1] {
		table = t.child(table, k, tableNode)
	}
	k := keys[len(keys)-1]
	k.value = t.value(e.Value(), k.pos, depth+len(keys))
	if t.index[table][k.key] == nil {
		t.add(table, k)
	}
}

func (t *tomlReader) add(table *node, e entry) {
	if t.index[table] == nil {
		t.index[table] = map[string]*node{}
	}
	t.index[table][e.key] = e.value
	table.entries = append(table.entries, e)
}

// child returns the table or list under a key, making it if need be. In a
// list of tables it is the last table: TOML 1.0, "Array of Tables".
func (t *tomlReader) child(table *node, k entry, kind nodeKind) *node {
	n := t.index[table][k.key]
	if n == nil {
		n = &node{kind: kind, pos: k.pos}
		t.add(table, entry{key: k.key, pos: k.pos, value: n})
	}
	if kind == tableNode && n.kind == listNode && len(n.items) > 0 {
		return n.items[len(n.items)-1]
	}
	return n
}

func (t *tomlReader) keys(it unstable.Iterator) []entry {
	var keys []entry
	for it.Next() {
		n := it.Node()
		keys = append(keys, entry{key: string(n.Data), pos: t.l.at(int(n.Raw.Offset))})
	}
	return keys
}

// value reads e; at is where to place what the library gives no position for.
func (t *tomlReader) value(e *unstable.Node, at Pos, depth int) *node {
	if e.Raw.Length > 0 {
		at = t.l.at(int(e.Raw.Offset))
	}
	n := &node{pos: at, text: string(e.Data)}
	if depth > MaxDepth {
		t.r.add(at, "", "too deeply nested", "")
		return n
	}
	switch e.Kind {
	case unstable.String:
		n.kind = stringNode
	case unstable.Bool:
		n.kind = boolNode
	case unstable.Integer:
		n.kind = intNode
		n.text = strings.ReplaceAll(n.text, "_", "")
	case unstable.Float:
		n.kind = floatNode
		n.text = strings.ReplaceAll(n.text, "_", "")
	case unstable.Array:
		n.kind = listNode
		for it := e.Children(); it.Next(); {
			n.items = append(n.items, t.value(it.Node(), at, depth+1))
		}
	case unstable.InlineTable:
		n.kind = tableNode
		for it := e.Children(); it.Next(); {
			t.keyValue(n, it.Node(), depth)
		}
	default:
		n.kind = otherNode
	}
	return n
}
