package execution

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
)

// Record is one call of a script and how it went.
type Record struct {
	Tool bindery.ToolID
	Seq  int
	Line int
	// Args is the beginning of the arguments, as JSON.
	Args string
	// Started is when the script made the call.
	Started time.Time
	Took    time.Duration
	// Bytes is the size of the result as it came from the server.
	Bytes int
	State State
	// Replayed says that the answer is that of an earlier execution.
	Replayed bool
}

// State is how far a call got.
type State string

// The states of a call. A call that is Unknown was sent and not answered: it
// may have taken effect.
const (
	Completed State = "completed"
	Failed    State = "failed"
	Refused   State = "refused" // never sent
	Unknown   State = "unknown"
)

// stateOf tells a call that never reached its server from one that failed
// there and from one whose fate nobody knows. A result that was too large to
// be read comes from a call that did run.
func stateOf(code bindery.Code) State {
	switch code {
	case bindery.Invalid, bindery.NotFound, bindery.Denied:
		return Refused
	case bindery.Timeout, bindery.Cancelled, bindery.Unavailable, bindery.Internal, bindery.Limit:
		return Unknown
	default:
		return Failed
	}
}

// maxArgs is how much of a call's arguments a record shows, in bytes.
const maxArgs = 80

// short returns the beginning of a call's arguments.
func short(args json.RawMessage) string {
	s := string(args[:min(len(args), maxArgs+1)])
	if len(s) > maxArgs {
		s = strings.ToValidUTF8(s[:maxArgs-len("…")], "") + "…"
	}
	if s == "{}" {
		return ""
	}
	return s
}

// String returns the call as a script would write it, its arguments cut.
func (r Record) String() string { return r.Tool.String() + "(" + r.Args + ")" }

// identity is what makes two calls the same one: the tool, and the arguments
// with the order of their keys and white space put aside.
type identity struct {
	tool bindery.ToolID
	args [sha256.Size]byte
}

func identify(tool bindery.ToolID, args json.RawMessage) identity {
	return identity{tool, sha256.Sum256(canonical(args))}
}

// canonical writes JSON with sorted keys and no white space, numbers as they
// are spelled. Its input comes from an encoder and is bounded in size and depth
// by who checked it; what is not JSON stands for itself.
func canonical(args json.RawMessage) []byte {
	if len(bytes.TrimSpace(args)) == 0 {
		return []byte("{}")
	}
	dec := json.NewDecoder(bytes.NewReader(args))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return args
	}
	out, err := json.Marshal(v)
	if err != nil {
		return args
	}
	return out
}
