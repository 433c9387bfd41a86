package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// The bounds of one check, in steps of about one comparison, and of how many
// problems it looks for.
const (
	maxSteps    = 200_000
	maxProblems = 20
)

// Check returns the ways in which value does not fit the schema, as far as
// that is certain; none for a value that fits, or that cannot be judged
// within a fixed amount of work. It rejects no value that a server's own
// validation would plausibly accept: formats are not checked, a missing
// property that has a default is no problem, 3.0 is an integer, and patterns
// count only if RE2 knows them.
func (s *Schema) Check(raw json.RawMessage) []Problem {
	return s.CheckPartial(Partial{JSON: raw})
}

// CheckPartial returns what [Schema.Check] would return of p whatever its
// unknown parts are. Only the name of an unknown property counts as certain:
// where no such property may be, it is a problem, though a script may leave it
// out in the end.
func (s *Schema) CheckPartial(p Partial) []Problem {
	v, err := p.read()
	if errors.Is(err, errNotJSON) {
		return []Problem{{Want: "JSON", Got: "text that is not JSON"}}
	}
	if err != nil {
		return nil
	}
	c := checker{steps: maxSteps}
	found := c.check(s.Root, v, nil, 0)
	if c.steps <= 0 {
		return nil
	}
	var problems []Problem
	for _, f := range found[:min(len(found), maxProblems)] {
		problems = append(problems, f.problem())
	}
	return problems
}

// finding is a problem before it is worded.
type finding struct {
	at   *path
	want func() string
	got  func() string
	hint string
	// other marks a value of quite another kind, or another literal, than
	// the type accepts.
	other bool
	// extra is the name of a property that an object type does not have.
	extra string
}

func (f finding) problem() Problem {
	return Problem{Path: f.at.String(), Want: f.want(), Got: f.got(), Hint: f.hint}
}

func say(format string, args ...any) func() string {
	return func() string { return fmt.Sprintf(format, args...) }
}

// checker checks one value.
type checker struct{ steps int }

// check returns what is wrong with v. The chain counts the references that
// led to t without looking into the value.
func (c *checker) check(t *Type, v *value, at *path, chain int) []finding {
	c.steps--
	if c.steps <= 0 || chain > maxChain || v.kind == unknownValue {
		return nil
	}
	switch t.Kind {
	case Ref:
		return c.check(t.Def.Type, v, at, chain+1)
	case Union:
		return c.union(t, v, at, chain)
	case Intersection:
		return c.intersection(t, v, at, chain)
	case Literal:
		return c.literal(t, v, at)
	case Unknown:
		return nil
	}
	if !t.accepts(v) {
		if t.Loose {
			return nil
		}
		return []finding{{at: at, want: func() string { return t.want(2) }, got: v.got, other: true}}
	}
	found := c.bounds(t, v, at)
	switch t.Kind {
	case Array, Tuple:
		found = append(found, c.elements(t, v, at)...)
	case Object:
		found = append(found, c.object(t, v, at)...)
	}
	return found
}

// accepts reports whether v is of the kind of t.
func (t *Type) accepts(v *value) bool {
	switch t.Kind {
	case Null:
		return v.kind == nullValue
	case Boolean:
		return v.kind == boolValue
	case Integer:
		return v.kind == numberValue && whole(v.raw)
	case Number:
		return v.kind == numberValue
	case String:
		return v.kind == stringValue
	case Array, Tuple:
		return v.kind == arrayValue
	case Object:
		return v.kind == objectValue
	}
	return false
}

func (c *checker) literal(t *Type, v *value, at *path) []finding {
	var strings []string
	for _, raw := range t.Values {
		c.steps -= 1 + len(raw)/32
		if c.steps <= 0 {
			return nil
		}
		lit, err := read(raw, valueLimits())
		if err != nil || equal(lit, v) || v.partial && lit.kind == v.kind {
			return nil
		}
		if lit.kind == stringValue {
			strings = append(strings, lit.str)
		}
	}
	f := finding{at: at, want: func() string { return t.want(0) }, got: v.got, other: true}
	if v.kind == stringValue {
		if near, ok := Nearest(v.str, strings); ok {
			f.hint = "did you mean " + quoteShort(near) + "?"
		}
	}
	return []finding{f}
}

// union returns nothing if v fits any part, and otherwise what is wrong with
// it as the part it comes nearest to.
func (c *checker) union(t *Type, v *value, at *path, chain int) []finding {
	var nearest []finding
	best := -1
	for _, part := range t.Of {
		found := c.check(part, v, at, chain)
		if len(found) == 0 || c.steps <= 0 {
			return nil
		}
		// A part of another kind is no candidate. Of the others, a wrong
		// literal, such as the discriminator of a tagged union, weighs most.
		score := 0
		for _, f := range found {
			switch {
			case f.other && f.at == at:
				score = -1
			case f.other && score >= 0:
				score += 100
			case score >= 0:
				score++
			}
			if score < 0 {
				break
			}
		}
		if score >= 0 && (best < 0 || score < best) {
			best, nearest = score, found
		}
	}
	if best >= 0 {
		return nearest
	}
	f := finding{at: at, want: func() string { return t.want(2) }, got: v.got, other: true}
	if v.kind == stringValue {
		if near, ok := Nearest(v.str, t.strings()); ok {
			f.hint = "did you mean " + quoteShort(near) + "?"
		}
	}
	return []finding{f}
}

// strings returns the string literals among the parts of a union.
func (t *Type) strings() []string {
	var all []string
	for _, part := range t.Of {
		if part.Kind != Literal {
			continue
		}
		for _, raw := range part.Values {
			if lit, err := read(raw, valueLimits()); err == nil && lit.kind == stringValue {
				all = append(all, lit.str)
			}
		}
	}
	return all
}

// intersection returns what is wrong with v as any part. A property that one
// part forbids and another names is no problem: strictly it is one, but that
// is the commonest mistake in combining closed objects.
func (c *checker) intersection(t *Type, v *value, at *path, chain int) []finding {
	var all []finding
	for _, part := range t.Of {
		all = append(all, c.check(part, v, at, chain)...)
	}
	return slices.DeleteFunc(all, func(f finding) bool {
		return f.extra != "" && f.at.up == at && slices.ContainsFunc(t.Of, func(part *Type) bool {
			return part.knows(f.extra, 0)
		})
	})
}

// knows reports whether t names a property, in any of its parts.
func (t *Type) knows(name string, depth int) bool {
	if depth > shown {
		return true
	}
	switch t.Kind {
	case Object:
		return slices.ContainsFunc(t.Props, func(p Property) bool { return p.Name == name })
	case Ref:
		return t.Def.Type.knows(name, depth+1)
	case Union, Intersection:
		return slices.ContainsFunc(t.Of, func(u *Type) bool { return u.knows(name, depth+1) })
	}
	return false
}

func (c *checker) elements(t *Type, v *value, at *path) []finding {
	var all []finding
	for i, item := range v.items {
		if len(all) >= maxProblems || c.steps <= 0 {
			break
		}
		of := t.Items
		if i < len(t.Prefix) {
			of = t.Prefix[i]
		}
		if of != nil {
			all = append(all, c.check(of, item, at.element(i), 0)...)
		}
	}
	return all
}
