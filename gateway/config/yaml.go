package config

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

// readYAML reads a document of YAML. It returns nil if that is impossible.
func readYAML(r *report, data []byte) *node {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		r.add(Pos{}, "", "the YAML parser does not start: "+err.Error(), "")
		return nil
	}
	var doc, more yaml.Node
	if err := loader.Load(&doc); errors.Is(err, io.EOF) {
		return &node{kind: tableNode, pos: Pos{1, 1}}
	} else if err != nil {
		reportYAML(r, err)
		return nil
	}
	if err := loader.Load(&more); !errors.Is(err, io.EOF) {
		r.add(Pos{Line: more.Line, Column: more.Column}, "", "the file holds more than one document", "remove the line ---")
		return nil
	}
	return fromYAML(r, &doc, 0)
}

func reportYAML(r *report, err error) {
	if le, ok := errors.AsType[*yaml.LoadError](err); ok {
		r.add(Pos{Line: le.Mark.Line, Column: le.Mark.Column}, "", "not YAML: "+clip(le.Message, 200), "")
		return
	}
	r.add(Pos{}, "", "not YAML: "+clip(err.Error(), 200), "")
}

func fromYAML(r *report, y *yaml.Node, depth int) *node {
	n := &node{pos: Pos{Line: y.Line, Column: y.Column}}
	if depth > MaxDepth {
		r.add(n.pos, "", "too deeply nested", "")
		return n
	}
	switch y.Kind {
	case yaml.DocumentNode:
		if len(y.Content) == 1 {
			return fromYAML(r, y.Content[0], depth)
		}
	case yaml.AliasNode:
		// An alias can make a small file into an endless one.
		r.add(n.pos, "", "aliases are not supported", "write the value out")
	case yaml.SequenceNode:
		n.kind = listNode
		for _, item := range y.Content {
			n.items = append(n.items, fromYAML(r, item, depth+1))
		}
	case yaml.MappingNode:
		n.kind = tableNode
		table := tableBuilder{n: n, r: r}
		for i := 0; i+1 < len(y.Content); i += 2 {
			key := y.Content[i]
			at := Pos{Line: key.Line, Column: key.Column}
			if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" {
				r.add(at, "", "a key must be a plain word", "")
				continue
			}
			table.add(entry{key: key.Value, pos: at, value: fromYAML(r, y.Content[i+1], depth+1)})
		}
	case yaml.ScalarNode:
		n.text = y.Value
		switch tag := y.ShortTag(); tag {
		case "!!null":
			n.kind = nullNode
		case "!!bool":
			n.kind = boolNode
			n.text = strings.ToLower(n.text)
		case "!!int":
			n.kind = intNode
		case "!!float":
			n.kind = floatNode
		case "!!str":
			n.kind = stringNode
		default:
			n.kind = otherNode
		}
	}
	return n
}
