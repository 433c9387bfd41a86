package shape

import "slices"

// kinds is the set of kinds of JSON values that one place had.
type kinds uint16

const (
	null kinds = 1 << iota
	boolean
	integer
	number // that is no integer, or is not written as one
	text
	array
	object
	blocks  // content blocks, whose structure the protocol gives
	unknown // more than is kept: any value
)

func (k kinds) has(some kinds) bool { return k&some != 0 }

// node is what was seen at one place. Nodes are shared between shapes and
// never changed once they are in one.
type node struct {
	kinds kinds
	items *node // of arrays: all elements as one; nil if none had any

	// Objects are records with fields, or dictionaries with values. Both are
	// nil if all objects were empty.
	fields []field // by name; at least one of them not optional
	values *node   // all values as one
	empty  bool    // a record without fields was seen
}

// field is a field of a record.
type field struct {
	name string
	node *node
	// optional: a record that was not empty did not have it.
	optional bool
	// calls that showed it, up to settledCalls.
	calls int
}

// merge returns what accepts everything that a or b accepts.
func merge(a, b *node) *node {
	switch {
	case a == nil || a == b:
		return b
	case b == nil || covers(a, b):
		return a
	case (a.kinds | b.kinds).has(unknown):
		return &node{kinds: unknown}
	}
	n := &node{kinds: a.kinds | b.kinds, items: merge(a.items, b.items), empty: a.empty || b.empty}
	if a.values != nil || b.values != nil {
		n.values, n.empty = merge(a.dictionary(), b.dictionary()), false
		return n
	}
	n.fields = mergeFields(a.fields, b.fields)
	if comeAndGo(n.fields) {
		n.fields, n.values, n.empty = nil, n.dictionary(), false
	}
	return n
}

// dictionary returns all values of n's objects as one.
func (n *node) dictionary() *node {
	all := n.values
	for _, f := range n.fields {
		all = merge(all, f.node)
	}
	return all
}

// mergeFields merges the fields of records that are not empty; nil stands for
// no record at all.
func mergeFields(a, b []field) []field {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := make([]field, 0, max(len(a), len(b)))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].name < b[0].name:
			out = append(out, a[0].made(true))
			a = a[1:]
		case len(a) == 0 || b[0].name < a[0].name:
			out = append(out, b[0].made(true))
			b = b[1:]
		default:
			f := field{name: a[0].name, node: merge(a[0].node, b[0].node), calls: min(a[0].calls+b[0].calls, settledCalls)}
			out = append(out, f.made(a[0].optional || b[0].optional))
			a, b = a[1:], b[1:]
		}
	}
	return out
}

func (f field) made(optional bool) field {
	f.optional = optional
	return f
}

// comeAndGo reports whether fields are more likely the keys of dictionaries.
// Merging only adds fields and makes them optional, so that it does not matter
// in which order records come.
func comeAndGo(fields []field) bool {
	optional := 0
	for _, f := range fields {
		if f.optional {
			optional++
		}
	}
	n := len(fields)
	return n > maxFields || n > 0 && optional == n || n > fewFields && 2*optional > n
}

// covers reports whether merging b into a would change nothing.
func covers(a, b *node) bool {
	switch {
	case b == nil || a == b:
		return true
	case a == nil:
		return false
	case a.kinds == unknown:
		return true
	case a.kinds|b.kinds != a.kinds || !covers(a.items, b.items):
		return false
	case a.values != nil:
		return covers(a.values, b.values) && !slices.ContainsFunc(b.fields, func(f field) bool { return !covers(a.values, f.node) })
	case b.values != nil || b.empty && !a.empty:
		return false
	}
	return len(b.fields) == 0 || coversFields(a.fields, b.fields)
}

func coversFields(a, b []field) bool {
	for _, f := range a {
		if len(b) == 0 || b[0].name != f.name {
			if !f.optional {
				return false
			}
			continue
		}
		counted := b[0].calls == 0 || f.calls == settledCalls
		if !counted || b[0].optional && !f.optional || !covers(f.node, b[0].node) {
			return false
		}
		b = b[1:]
	}
	return len(b) == 0
}

// same reports whether a and b are equal but for what they count.
func same(a, b *node) bool {
	switch {
	case a == b:
		return true
	case a == nil || b == nil:
		return false
	}
	return a.kinds == b.kinds && a.empty == b.empty && same(a.items, b.items) && same(a.values, b.values) &&
		slices.EqualFunc(a.fields, b.fields, func(f, g field) bool {
			return f.name == g.name && f.optional == g.optional && same(f.node, g.node)
		})
}

// children calls do with the nodes right below n.
func (n *node) children(do func(*node)) {
	if n.items != nil {
		do(n.items)
	}
	if n.values != nil {
		do(n.values)
	}
	for _, f := range n.fields {
		do(f.node)
	}
}

// pruned returns n with at most maxNodes places: all places of the upper
// levels, as many levels as fit, and unknown where others were.
func (n *node) pruned() *node {
	if n == nil {
		return nil
	}
	var levels [maxDepth + 1]int
	n.count(levels[:])
	total, depth := 0, 0
	for ; depth < len(levels) && levels[depth] > 0; depth++ {
		if total += levels[depth]; total > maxNodes {
			return n.cut(depth - 1)
		}
	}
	return n
}

// count adds the number of places on each level to levels.
func (n *node) count(levels []int) {
	levels[0]++
	if len(levels) > 1 {
		n.children(func(c *node) { c.count(levels[1:]) })
	}
}

// cut returns n without the places more than depth levels below it.
func (n *node) cut(depth int) *node {
	if !n.kinds.has(array | object) {
		return n
	}
	if depth <= 0 {
		return &node{kinds: unknown}
	}
	c := *n
	if c.items != nil {
		c.items = c.items.cut(depth - 1)
	}
	if c.values != nil {
		c.values = c.values.cut(depth - 1)
	}
	c.fields = slices.Clone(n.fields)
	for i, f := range c.fields {
		c.fields[i].node = f.node.cut(depth - 1)
	}
	return &c
}
