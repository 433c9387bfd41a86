package lock

import (
	"strconv"

	"github.com/bindery-mcp/bindery"
)

// hint is one of the hints of a tool.
type hint struct {
	name   string
	claims *bool
	// guarded is the answer that has a call treated with care. It is what the
	// MCP specification takes a missing hint for.
	guarded bool
	// lost is what the tool no longer says when its answer becomes guarded.
	lost string
}

func hints(h bindery.Hints) [4]hint {
	return [4]hint{
		{name: "readOnlyHint", claims: h.ReadOnly, guarded: false, lost: "the tool no longer says that it only reads"},
		{name: "destructiveHint", claims: h.Destructive, guarded: true, lost: "the tool no longer says that it destroys nothing"},
		{name: "idempotentHint", claims: h.Idempotent, guarded: false},
		{name: "openWorldHint", claims: h.OpenWorld, guarded: true, lost: "the tool no longer says that it keeps to a closed world"},
	}
}

// value returns "true", "false" or "unspecified".
func (h hint) value() string {
	if h.claims == nil {
		return "unspecified"
	}
	return strconv.FormatBool(*h.claims)
}

func (h hint) isGuarded() bool { return h.claims == nil || *h.claims == h.guarded }

// harm says what could be harmful about h having become next.
func (h hint) harm(next hint) string {
	switch {
	case h.isGuarded() && !next.isGuarded():
		return "calls would be guarded less, on the server's word alone"
	case !h.isGuarded() && next.isGuarded():
		return next.lost
	default:
		return ""
	}
}
