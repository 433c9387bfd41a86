package sandbox

import (
	"encoding/json"

	"github.com/bindery-mcp/bindery"
)

// Precheck names the [Builtin] function that an engine calls at most once,
// before the first statement of a script, with the calls whose arguments stand
// in the script's text: a JSON array of [Draft]. The host answers with a JSON
// array of [Objection] as structured content, and makes no call. An engine
// takes any other answer for "nothing to object".
const Precheck = "precheck"

// IsPrecheck reports whether a call of id is a [Precheck]. It is part of
// starting a script: it has no place among the script's own calls, and the
// first of a run counts against no budget of them.
func IsPrecheck(id bindery.ToolID) bool {
	return id.Server == Builtin && id.Name == Precheck
}

// MaxDrafts bounds how many drafts of a script are checked, and
// MaxObjections how many of what is wrong with them is told.
const (
	MaxDrafts     = 200
	MaxObjections = 8
)

// Draft is a call as it stands in a script's text. What the text does not say
// is in two lists of JSON Pointers (RFC 6901).
type Draft struct {
	Tool bindery.ToolID `json:"tool"`
	// Args is a JSON object.
	Args json.RawMessage `json:"args"`
	// Unknown are the places of values that only running the script tells;
	// Args has null there.
	Unknown []string `json:"unknown,omitempty"`
	// Open are the places of objects and arrays that may hold more.
	Open []string `json:"open,omitempty"`
}

// Objection says why a draft is certain to be refused.
type Objection struct {
	// Draft is the position of the draft in the list, from 0.
	Draft   int    `json:"draft"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}
