package learned

import (
	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/shape"
)

// Snapshot is what is known at one time. It is immutable; nil knows nothing.
type Snapshot struct {
	version uint64
	shapes  map[bindery.ToolID]*shape.Shape
}

// Of returns the shape of a tool's results, or nil if there is none: the tool
// is not among those tracked, declares an output schema, or was not called.
func (s *Snapshot) Of(id bindery.ToolID) *shape.Shape {
	if s == nil {
		return nil
	}
	return s.shapes[id]
}

// Version grows whenever the type of a tool changes within the life of a
// [Store]. More calls that show the same do not change it, so counts may be
// newer in a later snapshot of the same version; they lag by a minute at most.
func (s *Snapshot) Version() uint64 {
	if s == nil {
		return 0
	}
	return s.version
}
