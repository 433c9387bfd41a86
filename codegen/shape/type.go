package shape

import "github.com/bindery-mcp/bindery/codegen/schema"

// Type returns what s knows as the typed form that stubs are made of. A field
// that every record so far had is required, the elements of lists that were
// all empty are unknown, and so is a value that was always null. The type is
// the caller's own.
func (s *Shape) Type() *schema.Type {
	if root := s.top(); root != nil {
		return root.typ()
	}
	return &schema.Type{Reason: "no result was read so far"}
}

func (n *node) typ() *schema.Type {
	switch n.kinds {
	case unknown:
		return &schema.Type{Reason: "it has more structure than is learned"}
	case null:
		return &schema.Type{Reason: "only null was seen so far"}
	}
	var of []*schema.Type
	add := func(k kinds, t *schema.Type) {
		if n.kinds.has(k) {
			of = append(of, t)
		}
	}
	add(boolean, &schema.Type{Kind: schema.Boolean})
	if n.kinds.has(number) {
		of = append(of, &schema.Type{Kind: schema.Number})
	} else {
		add(integer, &schema.Type{Kind: schema.Integer})
	}
	add(text, &schema.Type{Kind: schema.String})
	if n.kinds.has(array) {
		of = append(of, n.list())
	}
	if n.kinds.has(object) {
		of = append(of, n.record())
	}
	add(blocks, contentBlocks())
	add(null, &schema.Type{Kind: schema.Null})
	if len(of) == 1 {
		return of[0]
	}
	return &schema.Type{Kind: schema.Union, Of: of}
}

func (n *node) list() *schema.Type {
	t := &schema.Type{Kind: schema.Array}
	if n.items != nil {
		t.Items = n.items.typ()
	}
	return t
}

func (n *node) record() *schema.Type {
	t := &schema.Type{Kind: schema.Object}
	if n.values != nil {
		t.Extra = n.values.typ()
	}
	for _, f := range n.fields {
		t.Props = append(t.Props, schema.Property{Name: f.name, Type: f.node.typ(), Required: !f.optional && !n.empty})
	}
	return t
}

// contentBlocks is the type of content blocks, which the MCP specification
// gives (ContentBlock): nothing of it is learned.
func contentBlocks() *schema.Type {
	block := &schema.Type{Kind: schema.Object}
	for _, name := range []string{"type", "text", "data", "mimeType"} {
		block.Props = append(block.Props, schema.Property{
			Name: name, Type: &schema.Type{Kind: schema.String}, Required: name == "type",
		})
	}
	return &schema.Type{Kind: schema.Array, Items: block}
}
