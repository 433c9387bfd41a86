package python

import (
	"encoding/json"
	"slices"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

// members are the properties of one object, whatever parts its schema puts it
// together from.
type members struct {
	props []schema.Property
	// extra are the types of other properties, if the schema names any.
	extra []*schema.Type
	// closed is set if there are no other properties.
	closed bool
}

// The bounds of merging. Parts that refer to each other can double at each
// step, and an object that is merged may hold the like of itself.
const (
	maxMembers = 20_000
	maxMerged  = 4
)

// membersOf returns the properties of an object, of any of several, or of all
// of them at once; false if t is something else, or too large. It takes what
// that costs from left.
func membersOf(t *schema.Type, left *int) (members, bool) {
	budget := max(0, min(*left, maxMembers))
	*left -= budget
	m, ok := collect(t, &budget)
	if budget < 0 {
		return members{}, false
	}
	*left += budget
	return m, ok
}

func collect(t *schema.Type, left *int) (members, bool) {
	if *left--; *left < 0 {
		return members{}, false
	}
	switch t = t.Resolve(); t.Kind {
	case schema.Object:
		*left -= len(t.Props)
		return object(t), true
	case schema.Intersection, schema.Union:
	default:
		return members{}, false
	}
	var parts []members
	for _, u := range t.Of {
		if m, ok := collect(u, left); ok {
			parts = append(parts, m)
		} else if t.Kind == schema.Intersection && u.Resolve().Kind != schema.Unknown {
			return members{}, false
		}
	}
	if len(parts) == 0 {
		return members{}, false
	}
	return merge(parts, t.Kind), true
}

// maxNames is how many names propertyNames may list to count as properties.
const maxNames = 12

func object(t *schema.Type) members {
	m := members{props: t.Props}
	for _, p := range t.Patterns {
		m.extra = append(m.extra, p.Type)
	}
	if t.Extra != nil && t.Extra.Kind != schema.Never {
		m.extra = append(m.extra, t.Extra)
	}
	m.closed = t.Extra != nil && len(m.extra) == 0
	if t.Names == nil || len(t.Props) > 0 || len(m.extra) != 1 {
		return m
	}
	names := t.Names.Resolve()
	if names.Kind != schema.Literal || len(names.Values) > maxNames {
		return m
	}
	listed := members{closed: true}
	for _, raw := range names.Values {
		var name string
		if json.Unmarshal(raw, &name) != nil {
			return m
		}
		listed.props = append(listed.props, schema.Property{Name: name, Type: m.extra[0]})
	}
	return listed
}

// merge returns the properties of all parts, of which an object has all (an
// intersection) or one (a union).
func merge(parts []members, kind schema.Kind) members {
	if len(parts) == 1 {
		return parts[0]
	}
	all := members{closed: kind == schema.Union}
	at := map[string]int{}
	var types [][]*schema.Type
	var required []int
	for _, m := range parts {
		for _, p := range m.props {
			i, ok := at[p.Name]
			if !ok {
				i = len(all.props)
				at[p.Name] = i
				all.props = append(all.props, p)
				types, required = append(types, nil), append(required, 0)
			}
			if !slices.Contains(types[i], p.Type) {
				types[i] = append(types[i], p.Type)
			}
			if p.Required {
				required[i]++
			}
		}
		all.extra = append(all.extra, m.extra...)
		all.closed = all.closed && m.closed || kind == schema.Intersection && m.closed
	}
	for i := range all.props {
		all.props[i].Type = mixed(types[i], kind)
		all.props[i].Required = required[i] == len(parts) || kind == schema.Intersection && required[i] > 0
	}
	return all
}

// mixed returns the type that is one of several, or all.
func mixed(types []*schema.Type, kind schema.Kind) *schema.Type {
	if kind == schema.Intersection {
		// A part that only requires a property knows nothing of its type.
		said := slices.DeleteFunc(slices.Clone(types), func(t *schema.Type) bool { return t.Kind == schema.Unknown })
		if len(said) > 0 {
			types = said
		}
	}
	if len(types) == 1 {
		return types[0]
	}
	t := &schema.Type{Kind: kind, Of: types}
	for _, u := range types {
		if u.Doc.Description != "" {
			t.Doc.Description = u.Doc.Description
			break
		}
	}
	return t
}

// narrowest returns the part of an intersection that says most. An
// intersection has parts.
func narrowest(of []*schema.Type) *schema.Type {
	rank := func(t *schema.Type) int {
		switch t.Resolve().Kind {
		case schema.Never:
			return 0
		case schema.Literal:
			return 1
		case schema.Null, schema.Boolean, schema.Integer:
			return 2
		case schema.Number, schema.String:
			return 3
		case schema.Tuple:
			return 4
		case schema.Array, schema.Object:
			return 5
		case schema.Unknown:
			return 7
		}
		return 6
	}
	return slices.MinFunc(of, func(a, b *schema.Type) int { return rank(a) - rank(b) })
}

// alternatives returns the parts of a union with all its literals in one.
func alternatives(of []*schema.Type) []*schema.Type {
	var all []*schema.Type
	var literals *schema.Type
	for _, t := range of {
		switch {
		case t.Kind != schema.Literal:
			all = append(all, t)
		case literals == nil:
			literals = &schema.Type{Kind: schema.Literal, Values: slices.Clone(t.Values)}
			all = append(all, literals)
		default:
			literals.Values = append(literals.Values, t.Values...)
		}
	}
	return all
}
