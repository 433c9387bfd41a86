package lock

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/bindery-mcp/bindery"
)

// Lock is what servers advertised at one time, as digests. It holds none of
// their texts but names and hints, so that it can be kept where others read
// it. The zero Lock knows no server.
type Lock struct {
	Servers map[string]Tools
}

// Tools are the tools of one server by name. A name of more than 256 bytes is
// cut, with a digest of the whole in place of its end.
type Tools map[string]Tool

// Tool is what one tool was. Digest alone decides whether it changed; the
// other fields are there to say what did, and are shorter digests.
type Tool struct {
	// Digest is of all that the tool is, its server's name apart: "sha256:"
	// and 64 hexadecimal digits. It does not depend on the order of
	// properties, white space or escapes in the schemas, nor on defaults that
	// are times (see schema.IsTime). Numbers count as they are spelled: 1.0
	// is not 1.
	Digest      string        `json:"digest"`
	Title       string        `json:"title,omitempty"`
	Description string        `json:"description,omitempty"`
	Hints       bindery.Hints `json:"hints,omitzero"`
	// Parameters are the properties of the input schema's root, named as
	// tools are, and Input is the rest of that schema.
	Parameters map[string]Parameter `json:"parameters,omitempty"`
	Input      Part                 `json:"input,omitzero"`
	// Output is nil for a tool that does not say what it returns.
	Output *Part `json:"output,omitempty"`
}

// Parameter is one parameter of a tool.
type Parameter struct {
	Required bool `json:"required,omitempty"`
	Part
}

// Part is a part of a schema, split by who cares. A digest is 12 hexadecimal
// digits, or empty for nothing at all.
type Part struct {
	// Type is the value of the keyword type, such as "string" or
	// "null|string"; empty if it does not name types.
	Type string `json:"type,omitempty"`
	// Wording is a digest of what a model reads as sentences: titles,
	// descriptions, comments, and values that are more than a word.
	Wording string `json:"wording,omitempty"`
	// Fields is a digest of the names of the properties inside, at any depth.
	Fields string `json:"fields,omitempty"`
	// Rules is a digest of everything but titles, descriptions and comments.
	Rules string `json:"rules,omitempty"`
}

// Of returns the lock of tools. It accepts everything: a schema that is not
// JSON, or is beyond the bounds of package schema, counts byte by byte. Of two
// tools with one ID the first counts, as in a compiled module. A server
// without tools is not in the lock.
func Of(tools []bindery.Tool) *Lock {
	l := &Lock{Servers: map[string]Tools{}}
	for _, t := range tools {
		server, name := key(t.ID.Server), key(t.ID.Name)
		if l.Servers[server] == nil {
			l.Servers[server] = Tools{}
		}
		if _, ok := l.Servers[server][name]; !ok {
			l.Servers[server][name] = lockTool(t)
		}
	}
	return l
}

func lockTool(t bindery.Tool) Tool {
	input, output := read(t.Input), read(t.Output)
	locked := Tool{
		Digest:      digest(t, input, output),
		Title:       short([]byte(t.Title)),
		Description: short([]byte(t.Description)),
		Hints:       t.Hints,
	}
	locked.Parameters, locked.Input = parts(input)
	if output != nil {
		p := partOf(output)
		locked.Output = &p
	}
	return locked
}

// digest is over every field of a tool that its server chose.
func digest(t bindery.Tool, input, output *node) string {
	h := sha256.New()
	field(h, []byte(t.ID.Name))
	field(h, []byte(t.Title))
	field(h, []byte(t.Description))
	for _, n := range []*node{input, output} {
		if n == nil {
			field(h, nil)
			continue
		}
		w := new(writer)
		w.write(n, asSchema)
		field(h, w.rules)
	}
	for _, hint := range hints(t.Hints) {
		field(h, []byte(hint.value()))
	}
	return digestPrefix + hex.EncodeToString(h.Sum(nil))
}

const (
	digestPrefix = "sha256:"
	digestLen    = len(digestPrefix) + 2*sha256.Size
	shortLen     = 12
)

// field hashes b so that no two lists of fields look the same.
func field(h hash.Hash, b []byte) {
	_, _ = fmt.Fprintf(h, "%d:", len(b)) // a hash never fails
	h.Write(b)
}

// short is long enough to tell the parts of two tools apart whose whole
// digests already differ, and too short to prove anything.
func short(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])[:shortLen]
}
