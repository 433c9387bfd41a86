package worker

import (
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// binding is a set of bindings made ready for the worker and for checking
// what the worker calls. It is immutable.
type binding struct {
	bindings *sandbox.Bindings
	frame    frame
	names    map[bindery.ToolID]struct{}
}

func newBinding(b *sandbox.Bindings) (*binding, error) {
	body, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encode bindings: %w", err)
	}
	n := &binding{
		bindings: b, frame: newFrame(kindBindings, bindingsHead{Digest: b.Digest}, body),
		names: make(map[bindery.ToolID]struct{}),
	}
	if size := n.frame.size(); size > maxFrame {
		return nil, fmt.Errorf("bindings of %s are over %s: bind fewer tools",
			sandbox.FormatBytes(size), sandbox.FormatBytes(maxFrame))
	}
	for _, s := range b.Servers {
		for _, t := range s.Tools {
			n.names[bindery.ToolID{Server: s.Name, Name: t.Name}] = struct{}{}
		}
	}
	return n, nil
}

// same tells whether b and other are known to bind the same. Either may be nil.
func (b *binding) same(other *binding) bool {
	if b == nil || other == nil {
		return b == other
	}
	return b.holds(other.bindings)
}

// holds tells whether b is known to be made of s.
func (b *binding) holds(s *sandbox.Bindings) bool {
	if b == nil || s == nil {
		return false
	}
	return b.bindings == s || s.Digest != "" && b.bindings.Digest == s.Digest
}

// has tells whether a script may name the tool. What the host itself offers
// is for the host to know.
func (b *binding) has(id bindery.ToolID) bool {
	if id.Server == sandbox.Builtin {
		return true
	}
	if b == nil {
		return false
	}
	_, ok := b.names[id]
	return ok
}
