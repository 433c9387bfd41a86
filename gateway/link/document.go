package link

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Bounds of a file that is edited. The parser is recursive, and takes time in
// the square of the number of keys.
const (
	maxFile  = 1 << 20
	maxKeys  = 10_000
	maxDepth = 1000
)

// document is a TOML file as bytes, with the places of its tables and keys.
type document struct {
	data    []byte
	newline string
	tables  []table
	keys    []key
}

// table is a header and the lines up to the next one. The first table is the
// root, which has no header.
type table struct {
	path       []string
	start, end int // of the header's line, its line break included
	array      bool
}

// key is one key with its value, in a table or in an inline table.
type key struct {
	path       []string // from the root
	table      int      // index of the table it stands in
	start, end int      // of key and value
	value      int      // where the value begins
	kind       unstable.Kind
	items      []item // of an array
	inline     bool   // stands in an inline table
	depth      int    // of inline tables around it
}

type item struct {
	start, end int
	text       string
	isString   bool
}

// open reads a document. The error is for text that is not TOML.
func open(data []byte) (*document, error) {
	if err := bounded(data); err != nil {
		return nil, err
	}
	var discard map[string]any
	if err := toml.Unmarshal(data, &discard); err != nil {
		if de, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := de.Position()
			return nil, fmt.Errorf("line %d, column %d: not valid TOML: %w", line, column, err)
		}
		return nil, fmt.Errorf("not valid TOML: %w", err)
	}
	d := &document{data: data, newline: "\n", tables: []table{{}}}
	if i := bytes.IndexByte(data, '\n'); i > 0 && data[i-1] == '\r' {
		d.newline = "\r\n"
	}
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			path, start, _ := pathOf(e.Key())
			start = lineStart(data, start)
			d.tables = append(d.tables, table{path: path, start: start, end: lineEnd(data, start), array: e.Kind == unstable.ArrayTable})
		case unstable.KeyValue:
			d.addKey(e, d.tables[len(d.tables)-1].path, 0)
		}
	}
	if err := p.Error(); err != nil {
		return nil, fmt.Errorf("not valid TOML: %w", err)
	}
	return d, nil
}

func bounded(data []byte) error {
	if len(data) > maxFile {
		return fmt.Errorf("the file is larger than %d bytes", maxFile)
	}
	if bytes.Count(data, []byte("="))+bytes.Count(data, []byte("\n[")) > maxKeys {
		return fmt.Errorf("the file has more than %d keys", maxKeys)
	}
	depth := 0
	for _, c := range data {
		switch c {
		case '[', '{':
			depth++
			if depth > maxDepth {
				return errors.New("the file is too deeply nested")
			}
		case ']', '}':
			depth = max(depth-1, 0)
		}
	}
	return nil
}

func (d *document) addKey(e *unstable.Node, base []string, depth int) {
	rel, _, last := pathOf(e.Key())
	v := e.Value()
	k := key{
		path: slices.Concat(base, rel), table: len(d.tables) - 1,
		start: int(e.Raw.Offset), end: int(e.Raw.Offset + e.Raw.Length),
		kind: v.Kind, depth: depth, inline: depth > 0,
	}
	k.value = last + bytes.IndexByte(d.data[last:], '=') + 1
	for k.value < len(d.data) && (d.data[k.value] == ' ' || d.data[k.value] == '\t') {
		k.value++
	}
	if v.Kind == unstable.Array {
		for it := v.Children(); it.Next(); {
			n := it.Node()
			k.items = append(k.items, item{
				start: int(n.Raw.Offset), end: int(n.Raw.Offset + n.Raw.Length),
				text: string(n.Data), isString: n.Kind == unstable.String,
			})
		}
	}
	d.keys = append(d.keys, k)
	if v.Kind == unstable.InlineTable {
		for it := v.Children(); it.Next(); {
			d.addKey(it.Node(), k.path, depth+1)
		}
	}
}

// pathOf returns a key's parts, where the first begins and the last ends.
func pathOf(it unstable.Iterator) (path []string, start, end int) {
	for it.Next() {
		n := it.Node()
		if path == nil {
			start = int(n.Raw.Offset)
		}
		path = append(path, string(n.Data))
		end = int(n.Raw.Offset + n.Raw.Length)
	}
	return path, start, end
}

func lineStart(data []byte, at int) int { return bytes.LastIndexByte(data[:at], '\n') + 1 }

func lineEnd(data []byte, at int) int {
	if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(data)
}

// find returns the key with this path, or nil.
func (d *document) find(path []string) *key {
	for i := range d.keys {
		if slices.Equal(d.keys[i].path, path) {
			return &d.keys[i]
		}
	}
	return nil
}

// header returns the index of the table with this path, or -1.
func (d *document) header(path []string) int {
	for i, t := range d.tables {
		if i > 0 && !t.array && slices.Equal(t.path, path) {
			return i
		}
	}
	return -1
}

// bodyEnd returns where a line can be added to a table: after its last key,
// or else after its header.
func (d *document) bodyEnd(t int) int {
	end := d.tables[t].end
	for _, k := range d.keys {
		if k.table == t && !k.inline {
			end = max(end, lineEnd(d.data, k.end))
		}
	}
	return end
}

func (d *document) splice(start, end int, text string) []byte {
	return slices.Concat(d.data[:start], []byte(text), d.data[end:])
}

// insertLine puts a line of its own at a place where a line begins or the
// file ends.
func (d *document) insertLine(at int, line string) []byte {
	if at > 0 && d.data[at-1] != '\n' {
		line = d.newline + line
	}
	return d.splice(at, at, line+d.newline)
}

// errNoPlace is a key for which the file has no place that this package knows
// how to write to.
var errNoPlace = errors.New("no place to write")

// set gives the key at path a value, and returns the file with it. Where the
// table is spelled with dotted keys or as an inline table, so is the new key.
func (d *document) set(path []string, value string) ([]byte, error) {
	if k := d.find(path); k != nil {
		return d.splice(k.value, k.end, value), nil
	}
	parent, name := path[:len(path)-1], path[len(path)-1]
	if t := d.header(parent); t >= 0 {
		return d.insertLine(d.bodyEnd(t), name+" = "+value), nil
	}
	var dotted, inline *key
	for i := range d.keys {
		k := &d.keys[i]
		switch {
		case hasPrefix(path, k.path) && k.kind == unstable.InlineTable:
			if inline == nil || len(k.path) > len(inline.path) {
				inline = k
			}
		case hasPrefix(path, k.path):
			return nil, fmt.Errorf("%w: %s is not a table", errNoPlace, strings.Join(k.path, "."))
		case hasPrefix(k.path, parent) && !k.inline && len(d.tables[k.table].path) < len(parent):
			dotted = k
		}
	}
	if inline != nil {
		return d.setInline(inline, strings.Join(path[len(inline.path):], "."), value), nil
	}
	if dotted != nil {
		rest := path[len(d.tables[dotted.table].path):]
		return d.insertLine(lineEnd(d.data, dotted.end), strings.Join(rest, ".")+" = "+value), nil
	}
	for _, t := range d.tables[1:] {
		if t.array && hasPrefix(parent, t.path) {
			return nil, fmt.Errorf("%w: %s is a list of tables", errNoPlace, strings.Join(t.path, "."))
		}
	}
	before := ""
	if len(d.data) > 0 {
		before = d.newline
	}
	return d.insertLine(len(d.data), before+"["+strings.Join(parent, ".")+"]"+d.newline+name+" = "+value), nil
}

func (d *document) setInline(k *key, name, value string) []byte {
	text, before := name+" = "+value, ", "
	inner := bytes.TrimRight(d.data[k.value+1:k.end-1], " \t\r\n")
	at := k.value + 1 + len(inner)
	if len(inner) == 0 {
		return d.splice(k.value, k.end, "{ "+text+" }")
	}
	return d.splice(at, at, before+text)
}

// add puts a string at the end of the list at path, making the list if need
// be; a list that has it already is left alone.
func (d *document) add(path []string, text string) ([]byte, error) {
	k := d.find(path)
	if k == nil {
		return d.set(path, "["+quote(text)+"]")
	}
	if k.kind != unstable.Array {
		return nil, fmt.Errorf("%w: %s is not a list", errNoPlace, strings.Join(path, "."))
	}
	if len(k.items) == 0 {
		return d.splice(k.value+1, k.value+1, quote(text)), nil
	}
	last := k.items[len(k.items)-1]
	if !last.isString {
		return nil, fmt.Errorf("%w: %s is not a list of strings", errNoPlace, strings.Join(path, "."))
	}
	if slices.ContainsFunc(k.items, func(i item) bool { return i.text == text }) {
		return d.data, nil
	}
	return d.splice(last.end, last.end, ", "+quote(text)), nil
}

// hasPrefix reports whether path lies in the table prefix.
func hasPrefix(path, prefix []string) bool {
	return len(path) > len(prefix) && slices.Equal(path[:len(prefix)], prefix)
}

// quote writes a TOML basic string. Control characters do not occur: options
// are checked for them.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
