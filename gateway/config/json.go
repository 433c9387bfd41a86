package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"

	"github.com/tailscale/hujson"
)

// hujsonPosition is where hujson names the place of a syntax error, which it
// offers in no other way.
var hujsonPosition = regexp.MustCompile(`^hujson: line (\d+), column (\d+): `)

// readJSON reads JSON that may hold comments and trailing commas. It returns
// nil if that is impossible.
func readJSON(r *report, data []byte) *node {
	if len(bytes.TrimSpace(data)) == 0 {
		return &node{kind: tableNode, pos: Pos{1, 1}}
	}
	v, err := hujson.Parse(data)
	if err != nil {
		reportJSON(r, data, err)
		return nil
	}
	return fromJSON(r, &lines{data: data}, &v, 0)
}

func reportJSON(r *report, data []byte, err error) {
	at, text := Pos{}, err.Error()
	if m := hujsonPosition.FindStringSubmatch(text); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		at.Column, _ = strconv.Atoi(m[2])
		text = text[len(m[0]):]
	} else if errors.Is(err, io.ErrUnexpectedEOF) {
		at = (&lines{data: data}).at(len(data))
	}
	r.add(at, "", "not JSON: "+clip(text, 200), "")
}

func fromJSON(r *report, l *lines, v *hujson.Value, depth int) *node {
	n := &node{pos: l.at(v.StartOffset)}
	if depth > MaxDepth {
		r.add(n.pos, "", "too deeply nested", "")
		return n
	}
	switch x := v.Value.(type) {
	case *hujson.Object:
		n.kind = tableNode
		table := tableBuilder{n: n, r: r}
		for i := range x.Members {
			m := &x.Members[i]
			name, _ := m.Name.Value.(hujson.Literal)
			at := l.at(m.Name.StartOffset)
			table.add(entry{key: name.String(), pos: at, value: fromJSON(r, l, &m.Value, depth+1)})
		}
	case *hujson.Array:
		n.kind = listNode
		for i := range x.Elements {
			n.items = append(n.items, fromJSON(r, l, &x.Elements[i], depth+1))
		}
	case hujson.Literal:
		n.text = x.String()
		switch x.Kind() {
		case 't', 'f':
			n.kind = boolNode
		case '"':
			n.kind = stringNode
		case '0':
			n.kind = intNode
			if bytes.ContainsAny(x, ".eE") {
				n.kind = floatNode
			}
		}
	}
	return n
}
