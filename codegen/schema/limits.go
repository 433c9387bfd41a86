package schema

import "fmt"

// The bounds of what [Parse] reads. A schema beyond one of them becomes one
// Unknown type that says which. The largest schema found among 67 public
// servers has 41 kB, and the deepest 13 levels.
const (
	MaxBytes = 1 << 20
	MaxDepth = 128
	MaxNodes = 50_000
)

// The bounds of a value that [Schema.Check] looks into. A value beyond one of
// them is not judged.
const (
	maxValueBytes = 8 << 20
	maxValueNodes = 500_000
)

type limits struct{ bytes, depth, nodes int }

func schemaLimits() limits { return limits{MaxBytes, MaxDepth, MaxNodes} }
func valueLimits() limits  { return limits{maxValueBytes, MaxDepth, maxValueNodes} }

type limitError struct {
	what string
	max  int
}

func (e *limitError) Error() string { return fmt.Sprintf("it has more than %d %s", e.max, e.what) }

// hold reports whether b stays inside l, without recursion and without
// assuming that b is JSON: what it counts is an upper bound of what a reader
// of valid JSON would build.
func (l limits) hold(b []byte) error {
	if len(b) > l.bytes {
		return &limitError{"bytes", l.bytes}
	}
	depth, nodes, inString := 0, 1, false
	for i := 0; i < len(b); i++ {
		c := b[i]
		if inString {
			switch c {
			case '\\':
				i++
			case '"':
				inString = false
			}
			continue
		}
		switch c {
		case '"':
			inString = true
		case '[', '{':
			depth++
			nodes++
		case ']', '}':
			depth--
		case ',':
			nodes++
		}
		if depth > l.depth {
			return &limitError{"levels of nesting", l.depth}
		}
		if nodes > l.nodes {
			return &limitError{"values", l.nodes}
		}
	}
	return nil
}
