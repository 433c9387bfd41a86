package front

import "bytes"

// reserved are the names that are the protocol's in one object.
type reserved uint8

const (
	envelope reserved = iota
	parameters
	metadata
)

var envelopeNames = [...]string{"jsonrpc", "id", "method", "params", "result", "error"}

var parameterNames = [...]string{
	"name", "arguments", "uri", "_meta", "cursor", "level", "requestId", "protocolVersion", "capabilities",
	"clientInfo", "notifications", "inputResponses", "requestState", "ref", "argument", "context", "task",
}

func (r reserved) names() []string {
	switch r {
	case envelope:
		return envelopeNames[:]
	case parameters:
		return parameterNames[:]
	case metadata:
	}
	return nil
}

// names are the members of one object so far.
type names struct {
	first [16][]byte
	more  [][]byte
	count int
}

// add refuses a name that is there already, even if spelled in other case, and
// one that differs from one of the protocol's only in case: decoders disagree
// on which value such an object has.
func (n *names) add(name []byte, r reserved) *Error {
	if n.count++; n.count > maxMembers {
		return refuse(CodeInvalidRequest, "an object of the protocol has more than %d members", maxMembers)
	}
	for _, seen := range n.first[:min(n.count-1, len(n.first))] {
		if bytes.EqualFold(seen, name) {
			return refuse(CodeInvalidRequest, "the member %s is there twice", quoted(string(name)))
		}
	}
	for _, seen := range n.more {
		if bytes.EqualFold(seen, name) {
			return refuse(CodeInvalidRequest, "the member %s is there twice", quoted(string(name)))
		}
	}
	if n.count <= len(n.first) {
		n.first[n.count-1] = name
	} else {
		n.more = append(n.more, name)
	}
	return r.confused(name)
}

func (r reserved) confused(name []byte) *Error {
	for _, ours := range r.names() {
		if len(name) == len(ours) && string(name) == ours {
			return nil
		}
		if bytes.EqualFold(name, []byte(ours)) {
			return refuse(CodeInvalidRequest, "the member %s is not spelled %q", quoted(string(name)), ours)
		}
	}
	return nil
}
