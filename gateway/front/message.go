package front

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Bounds on what is small in every honest message.
const (
	maxID      = 1024
	maxMethod  = 256
	maxMembers = 256
	maxBatch   = 64
)

type kind uint8

const (
	request kind = iota
	notification
	response
)

// message is one JSON-RPC message, none of it decoded but the method.
type message struct {
	kind   kind
	id     json.RawMessage // nil if it has none
	method string
	params json.RawMessage // an object, or nil
	known  known           // of params
	result json.RawMessage
	failed json.RawMessage // the error of a response
}

// known are the members of params that the protocol itself looks at.
type known struct{ meta, name, uri, arguments json.RawMessage }

// check bounds a text before anything decodes it, and holds that it is JSON.
func (o *Options) check(data []byte) *Error {
	if !utf8.Valid(data) {
		return refuse(CodeParse, "the message is not UTF-8")
	}
	switch jsonscan.Exceeds(data, o.MaxDepth, o.MaxNodes) {
	case jsonscan.Depth:
		return refuse(CodeInvalidRequest, "the message nests deeper than %d", o.MaxDepth)
	case jsonscan.Nodes:
		return refuse(CodeInvalidRequest, "the message holds more than %d values", o.MaxNodes)
	case jsonscan.None:
	}
	if !json.Valid(data) {
		return refuse(CodeParse, "the message is not JSON")
	}
	return nil
}

// batch returns the messages of a batch, none if data is a single one.
func batch(data []byte) (messages [][]byte, is bool, err *Error) {
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); trimmed[0] != '[' {
		return nil, false, nil
	}
	for e := range jsonscan.Elements(data) {
		if messages = append(messages, e); len(messages) > maxBatch {
			return nil, true, refuse(CodeInvalidRequest, "a batch may hold %d messages", maxBatch)
		}
	}
	if len(messages) == 0 {
		return nil, true, refuse(CodeInvalidRequest, "the batch is empty")
	}
	return messages, true, nil
}

// decode takes a checked text apart. Names are matched exactly, where
// encoding/json would take "METHOD" for "method": what looks like a name of
// the protocol and is not one, or is there twice, is refused, so that nobody
// behind it can read the message in another way. With an error, the message
// has the id to answer to, if it could be told.
func decode(data []byte) (message, *Error) {
	var m message
	var version, method []byte
	var names names
	var fault *Error
	for name, value := range jsonscan.Members(data) {
		if err := names.add(name, envelope); err != nil && fault == nil {
			fault = err
		}
		switch string(name) {
		case "jsonrpc":
			version = value
		case "id":
			m.id = value
		case "method":
			method = value
		case "params":
			m.params = value
		case "result":
			m.result = value
		case "error":
			m.failed = value
		}
	}
	null := string(m.id) == "null"
	if m.id != nil && !isID(m.id) {
		m.id = nil
		if fault == nil && (!null || method != nil) {
			fault = refuse(CodeInvalidRequest, "an id is a string or an integer")
		}
	}
	switch {
	case fault != nil:
		return m, fault
	case string(version) != `"2.0"`:
		return m, refuse(CodeInvalidRequest, `the message is no object with "jsonrpc": "2.0"`)
	case method == nil:
		return m.asResponse()
	case m.result != nil || m.failed != nil:
		return m, refuse(CodeInvalidRequest, "the message has a method and a result")
	}
	if m.kind = notification; m.id != nil {
		m.kind = request
	}
	if m.method, fault = text(method, maxMethod); fault != nil || m.method == "" {
		return m, refuse(CodeInvalidRequest, "the method is not a name")
	}
	fault = m.readParams()
	return m, fault
}

func (m message) asResponse() (message, *Error) {
	m.kind = response
	if (m.result == nil) == (m.failed == nil) || m.params != nil {
		return m, refuse(CodeInvalidRequest, "the message has neither a method nor a result")
	}
	return m, nil
}

// readParams finds what the protocol looks at in params.
func (m *message) readParams() *Error {
	if string(m.params) == "null" {
		m.params = nil // some clients' way to have none
	}
	if m.params == nil {
		return nil
	}
	if m.params[0] != '{' {
		return refuse(CodeInvalidParams, "params is not an object")
	}
	var names names
	for name, value := range jsonscan.Members(m.params) {
		if err := names.add(name, parameters); err != nil {
			return err
		}
		switch string(name) {
		case "_meta":
			m.known.meta = value
		case "name":
			m.known.name = value
		case "uri":
			m.known.uri = value
		case "arguments":
			m.known.arguments = value
		}
	}
	if m.known.meta != nil && m.known.meta[0] != '{' {
		return refuse(CodeInvalidParams, "params._meta is not an object")
	}
	return nil
}

// isID holds an id to what the specification allows: a string or an integer.
func isID(raw []byte) bool {
	if len(raw) > maxID {
		return false
	}
	if raw[0] == '"' {
		return true
	}
	digits := bytes.TrimPrefix(raw, []byte("-"))
	return len(digits) > 0 && len(digits) <= 20 && bytes.Trim(digits, "0123456789") == nil
}

// text decodes a string.
func text(raw json.RawMessage, most int) (string, *Error) {
	if len(raw) < 2 || raw[0] != '"' || len(raw) > 6*most {
		return "", refuse(CodeInvalidParams, "not a string of at most %d bytes", most)
	}
	s := string(raw[1 : len(raw)-1])
	if bytes.IndexByte(raw, '\\') >= 0 {
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", refuse(CodeInvalidParams, "not a string")
		}
	}
	if len(s) > most {
		return "", refuse(CodeInvalidParams, "not a string of at most %d bytes", most)
	}
	return s, nil
}
