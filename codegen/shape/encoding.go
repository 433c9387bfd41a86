package shape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// version is that of the encoding. Another one is an error: what was learned
// is learned again.
const version = 1

// maxCount bounds what may be read as a count: it is exact in any JSON reader.
const maxCount = 1 << 53

// letters stand for the kinds, in their order.
const letters = "zbinsaocu"

type encodedShape struct {
	Version int `json:"v"`
	// Counts are of structured content, text that is JSON, text, blocks, and
	// answers not read.
	Counts [5]int64     `json:"n"`
	Root   *encodedNode `json:"t,omitempty"`
}

type encodedNode struct {
	Kinds  string         `json:"k"`
	Items  *encodedNode   `json:"i,omitempty"`
	Fields []encodedField `json:"f,omitempty"`
	Values *encodedNode   `json:"d,omitempty"`
	Empty  bool           `json:"e,omitempty"`
}

type encodedField struct {
	Name     string      `json:"n"`
	Node     encodedNode `json:"t"`
	Optional bool        `json:"o,omitempty"`
	Calls    int         `json:"c,omitempty"`
}

// MarshalJSON returns the compact encoding of s: the same bytes for the same
// answers. It has the names of fields and no other text.
func (s *Shape) MarshalJSON() ([]byte, error) {
	c := s.Counts()
	e := encodedShape{Version: version, Counts: [5]int64{c.Structured, c.JSONText, c.Text, c.Blocks, c.Unread}}
	for i, n := range e.Counts {
		e.Counts[i] = min(n, maxCount)
	}
	if root := s.top(); root != nil {
		n := encode(root)
		e.Root = &n
	}
	return json.Marshal(e)
}

func encode(n *node) encodedNode {
	e := encodedNode{Empty: n.empty}
	for i := range letters {
		if n.kinds.has(1 << i) {
			e.Kinds += letters[i : i+1]
		}
	}
	if n.items != nil {
		items := encode(n.items)
		e.Items = &items
	}
	if n.values != nil {
		values := encode(n.values)
		e.Values = &values
	}
	for _, f := range n.fields {
		e.Fields = append(e.Fields, encodedField{Name: f.name, Node: encode(f.node), Optional: f.optional, Calls: f.calls})
	}
	return e
}

// UnmarshalJSON sets s to what [Shape.MarshalJSON] wrote. Anything that it
// cannot have written is an error, above all a name that would not be kept
// today: s is then unchanged.
func (s *Shape) UnmarshalJSON(data []byte) error {
	if len(data) > maxEncoding || jsonscan.Exceeds(data, 3*maxDepth+8, 16*maxNodes) != jsonscan.None {
		return errors.New("read a learned shape: it is larger than any that is written")
	}
	var v struct {
		Version int `json:"v"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return fmt.Errorf("read a learned shape: %w", err)
	}
	if v.Version != version {
		return fmt.Errorf("read a learned shape: it has version %d of the format, and this program reads version %d", v.Version, version)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var e encodedShape
	if err := dec.Decode(&e); err != nil {
		return fmt.Errorf("read a learned shape: %w", err)
	}
	decoded, err := e.decode()
	if err != nil {
		return fmt.Errorf("read a learned shape: %w", err)
	}
	*s = decoded
	return nil
}

func (e encodedShape) decode() (Shape, error) {
	for _, n := range e.Counts {
		if n < 0 || n > maxCount {
			return Shape{}, errors.New("a count is out of range")
		}
	}
	s := Shape{counts: Counts{
		Structured: e.Counts[0], JSONText: e.Counts[1], Text: e.Counts[2], Blocks: e.Counts[3], Unread: e.Counts[4],
	}}
	if e.Root == nil {
		return s, nil
	}
	d := decoder{left: maxNodes}
	s.root = d.node(*e.Root, 0)
	return s, d.err
}

// decoder checks nodes while it makes them.
type decoder struct {
	left int
	err  error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
}

func (d *decoder) node(e encodedNode, depth int) *node {
	if d.left--; d.left < 0 || depth > maxDepth {
		d.fail("it has more places or levels than a shape can have")
	}
	if d.err != nil {
		return nil
	}
	n := &node{kinds: d.kinds(e.Kinds), empty: e.Empty}
	if e.Items != nil && !n.kinds.has(array) || (e.Fields != nil || e.Values != nil || e.Empty) && !n.kinds.has(object) ||
		e.Values != nil && (e.Fields != nil || e.Empty) {
		d.fail("a place of the kinds %q has what these do not have", e.Kinds)
	}
	if e.Items != nil {
		n.items = d.node(*e.Items, depth+1)
	}
	if e.Values != nil {
		n.values = d.node(*e.Values, depth+1)
	}
	for i, f := range e.Fields {
		switch {
		case looksLikeData(f.Name):
			d.fail("field %d has a name that would not be kept", i+1)
		case i > 0 && f.Name <= e.Fields[i-1].Name:
			d.fail("field %d is out of order", i+1)
		case f.Calls < 0 || f.Calls > settledCalls:
			d.fail("field %d has a count out of range", i+1)
		}
		n.fields = append(n.fields, field{name: f.Name, node: d.node(f.Node, depth+1), optional: f.Optional, calls: f.Calls})
	}
	if comeAndGo(n.fields) {
		d.fail("a record has fields that only dictionaries have")
	}
	return n
}

func (d *decoder) kinds(s string) kinds {
	var k kinds
	rest := letters
	for _, c := range s {
		at := strings.IndexRune(rest, c)
		if at < 0 {
			d.fail("%q is not a set of kinds", s)
			return 0
		}
		k |= 1 << (len(letters) - len(rest) + at)
		rest = rest[at+1:]
	}
	if k == 0 || k.has(unknown) && k != unknown {
		d.fail("%q is not a set of kinds", s)
	}
	return k
}
