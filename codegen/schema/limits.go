package schema

import (
	"fmt"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

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

// hold reports whether b stays inside l.
func (l limits) hold(b []byte) error {
	if len(b) > l.bytes {
		return &limitError{"bytes", l.bytes}
	}
	switch jsonscan.Exceeds(b, l.depth, l.nodes) {
	case jsonscan.Depth:
		return &limitError{"levels of nesting", l.depth}
	case jsonscan.Nodes:
		return &limitError{"values", l.nodes}
	default:
		return nil
	}
}
