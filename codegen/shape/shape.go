package shape

import (
	"encoding/json"
	"math"
)

// Source says what an answer was.
type Source uint8

const (
	// Text is text that is not JSON.
	Text Source = iota
	// Structured is structured content.
	Structured
	// JSONText is text that is JSON.
	JSONText
	// Blocks are content blocks, as they are where a script gets no value.
	Blocks
)

// Answer is one successful result of a tool with what it is judged by. Results
// with isError set are no answers: a script never gets them as values.
type Answer struct {
	Source Source
	// JSON is the value of Structured and JSONText; the others need none.
	JSON json.RawMessage
	// Args are the arguments of the call as JSON; nil for none. Their words
	// are the user's, so a key among them is data.
	Args json.RawMessage
	// Public are words that tell nothing about the user.
	Public Words
	// Before is the shape so far, or nil: a field that it shows from many
	// calls stays a field even if a later call says its name.
	Before *Shape
}

// Counts are numbers of answers.
type Counts struct {
	Structured, JSONText, Text, Blocks int64
	// Unread answers were too large or too deep to look into, or no JSON.
	Unread int64
}

// Calls returns the number of answers that the shape rests on.
func (c Counts) Calls() int64 {
	return plus(plus(c.Structured, c.JSONText), plus(c.Text, c.Blocks))
}

func (c Counts) plus(d Counts) Counts {
	return Counts{
		Structured: plus(c.Structured, d.Structured), JSONText: plus(c.JSONText, d.JSONText),
		Text: plus(c.Text, d.Text), Blocks: plus(c.Blocks, d.Blocks), Unread: plus(c.Unread, d.Unread),
	}
}

// plus adds numbers that are not negative, as far as they go.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// Shape is the structure of a tool's answers. It is immutable, but for
// [Shape.UnmarshalJSON], and safe for concurrent use; nil is a shape of
// nothing.
type Shape struct {
	counts Counts
	root   *node // nil if no answer was read
}

// Of returns the shape of one answer. It keeps nothing of a and takes time in
// proportion to its size.
func Of(a Answer) *Shape {
	switch a.Source {
	case Text:
		return &Shape{counts: Counts{Text: 1}, root: &node{kinds: text}}
	case Blocks:
		return &Shape{counts: Counts{Blocks: 1}, root: &node{kinds: blocks}}
	}
	root, ok := read(a)
	switch {
	case !ok:
		return Unread()
	case a.Source == Structured:
		return &Shape{counts: Counts{Structured: 1}, root: root}
	}
	return &Shape{counts: Counts{JSONText: 1}, root: root}
}

// Unread returns the shape of an answer that was not looked into. It counts
// and says nothing.
func Unread() *Shape { return &Shape{counts: Counts{Unread: 1}} }

// Merge returns the shape of the answers of both. Its type accepts what theirs
// accept.
func Merge(a, b *Shape) *Shape {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	root := merge(a.root, b.root)
	if root != a.root {
		root = root.pruned()
	}
	return &Shape{counts: a.counts.plus(b.counts), root: root}
}

// Counts returns how many answers s has seen.
func (s *Shape) Counts() Counts {
	if s == nil {
		return Counts{}
	}
	return s.counts
}

// Same reports whether s and o have the same type, however many answers each
// has seen.
func (s *Shape) Same(o *Shape) bool { return same(s.top(), o.top()) }

func (s *Shape) top() *node {
	if s == nil {
		return nil
	}
	return s.root
}

// settled returns the names of the fields that settledCalls calls or more have
// shown.
func (s *Shape) settled() Words {
	w := Words{}
	var walk func(*node)
	walk = func(n *node) {
		for _, f := range n.fields {
			if f.calls >= settledCalls {
				w[folded(f.name)] = struct{}{}
			}
		}
		n.children(walk)
	}
	if root := s.top(); root != nil {
		walk(root)
	}
	return w
}
