package session

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Keys of _meta that belong to whoever sends a request (2026-07-28
// basic, "_meta").
const (
	metaPrefix   = "io.modelcontextprotocol/"
	metaVersion  = metaPrefix + "protocolVersion"
	metaClient   = metaPrefix + "clientInfo"
	metaCan      = metaPrefix + "clientCapabilities"
	metaLogLevel = metaPrefix + "logLevel"
)

// firstModern is the protocol version that has no sessions and no questions.
const firstModern = "2026-07-28"

// lastLegacy is the version before it.
const lastLegacy = "2025-11-25"

// Modern reports whether a protocol version is without sessions.
func Modern(version string) bool { return version >= firstModern }

// prepare writes the parameters of x as they go over the wire: its own bytes,
// but for what _meta says of the sender, which is bindery and not its client,
// for the progress token, of which two clients may have the same, and for the
// trace, in which bindery stands between them.
func (s *Session) prepare(x *Exchange, params json.RawMessage) error {
	var meta json.RawMessage
	if len(params) > 0 {
		var err error
		if meta, err = metaOf(params); err != nil {
			return err
		}
	}
	kept, token := own(meta, x.trace)
	modern := Modern(s.info.Protocol)
	if len(token) > 0 {
		x.theirs, x.token = token, s.in.token(x)
		kept = append(kept, `"progressToken":`+strconv.FormatInt(x.token, 10))
	}
	if modern {
		kept = append(kept, s.identity, quote(metaCan)+":"+string(s.o.declare(x.peer)))
		if x.peer != nil && x.peer.Log != "" && x.peer.Log != AnyLevel {
			kept = append(kept, quote(metaLogLevel)+":"+quote(x.peer.Log))
		}
	}
	x.trace.members(func(name, value string) { kept = append(kept, `"`+name+`":`+quote(value)) })
	switch written := "{" + strings.Join(kept, ",") + "}"; {
	case len(kept) == 0 && len(meta) == 0:
		x.Params = params
	case len(params) == 0:
		x.Params = json.RawMessage(`{"_meta":` + written + `}`)
	default:
		x.Params = With(params, "_meta", json.RawMessage(written))
	}
	return nil
}

// metaOf returns params' _meta, nil for none.
func metaOf(params json.RawMessage) (json.RawMessage, error) {
	var meta json.RawMessage
	err := Members(params, func(name, value []byte) {
		if string(name) == "_meta" {
			meta = value
		}
	})
	if err != nil {
		return nil, fmt.Errorf("the parameters are no JSON object: %w", err)
	}
	return meta, nil
}

// own returns the members of a client's _meta that go along as they are, and
// its progress token.
func own(meta json.RawMessage, t *Trace) (kept []string, token json.RawMessage) {
	_ = Members(meta, func(name, value []byte) {
		switch string(name) {
		case "progressToken":
			if string(value) != "null" {
				token = value
			}
		case metaVersion, metaClient, metaCan, metaLogLevel:
		default:
			if t.replaces(string(name)) {
				return
			}
			kept = append(kept, `"`+string(name)+`":`+string(value))
		}
	})
	return kept, token
}

// With returns object, nil for none, with another value for one of its members,
// which stands at the end. The other bytes stay as they are.
func With(object json.RawMessage, name string, value json.RawMessage) json.RawMessage {
	out := others(object, name, len(name)+len(value)+8)
	if len(out) > 1 {
		out = append(out, ',')
	}
	out = append(append(append(append(out, '"'), name...), '"', ':'), value...)
	return append(out, '}')
}

// without returns object without one of its members.
func without(object json.RawMessage, name string) json.RawMessage {
	return append(others(object, name, 1), '}')
}

// others returns object up to its end, without one of its members, and with room
// for more.
func others(object json.RawMessage, name string, room int) []byte {
	object = bytes.TrimSpace(object)
	out := make([]byte, 0, len(object)+room)
	out = append(out, '{')
	_ = Members(object, func(n, v []byte) {
		if string(n) == name {
			return
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(append(out, '"'), n...), '"', ':'), v...)
	})
	return out
}

func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(text)
}

// token registers x under a progress token of its own.
func (b *Inbox) token(x *Exchange) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lastToken++
	b.tokens[b.lastToken] = x
	return b.lastToken
}
