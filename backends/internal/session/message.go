package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// Message is one JSON-RPC message, taken apart and not decoded: its raw members
// are parts of the text it came in, nil where there are none.
type Message struct {
	ID, Params, Result, Error json.RawMessage
	Method                    string
	call                      bool // it has a method, if only ""
}

var errNotMessage = errors.New("the server's answer is not valid JSON-RPC")

// Parse takes a message apart. All of text is checked: what a Message is made
// of is valid JSON within the limits.
func Parse(text []byte) (Message, error) {
	var m Message
	var version []byte
	err := Members(text, func(name, value []byte) {
		switch string(name) {
		case "jsonrpc":
			version = value
		case "id":
			m.ID = value
		case "method":
			m.call, m.Method = true, String(value)
		case "params":
			m.Params = value
		case "result":
			m.Result = value
		case "error":
			m.Error = value
		}
	})
	switch {
	case errors.Is(err, errNotJSON):
		return Message{}, errNotMessage
	case err != nil:
		return Message{}, err
	case string(version) != `"2.0"`:
		return Message{}, errNotMessage
	}
	if string(m.ID) == "null" {
		m.ID = nil
	}
	if string(m.Error) == "null" {
		m.Error = nil
	}
	if !m.call && (m.ID == nil || m.Result == nil && m.Error == nil) {
		return Message{}, errNotMessage
	}
	return m, nil
}

// split returns the messages of a text: one, or those of a JSON-RPC batch, which
// belongs to protocol 2025-03-26 alone and does no harm in others.
func split(text []byte) ([]json.RawMessage, error) {
	if i := skipSpace(text, 0); i >= len(text) || text[i] != '[' {
		return []json.RawMessage{text}, nil
	}
	var texts []json.RawMessage
	switch err := Elements(text, func(m []byte) { texts = append(texts, m) }); {
	case errors.Is(err, errNotJSON):
		return nil, errNotMessage
	case err != nil:
		return nil, err
	}
	return texts, nil
}

// TakeAll is Take for a text that may be a batch.
func (b *Inbox) TakeAll(text []byte, on *Exchange) ([]jsonrpc.Message, error) {
	texts, err := split(text)
	if err != nil {
		return nil, err
	}
	var found []jsonrpc.Message
	for _, text := range texts {
		m, err := b.Take(text, on)
		if err != nil {
			return found, err
		}
		if m != nil {
			found = append(found, m)
		}
	}
	return found, nil
}

// number returns an id or a token of ours: they are small whole numbers.
func number(raw []byte) (int64, bool) {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	return n, err == nil && n > 0
}

// DecodeError returns the JSON-RPC error that raw is, as tolerantly as can be.
func DecodeError(raw json.RawMessage) error { return rpcError(raw) }

// rpcError reads the error of a response as tolerantly as can be.
func rpcError(raw json.RawMessage) *jsonrpc.Error {
	e := &jsonrpc.Error{Code: jsonrpc.CodeInternalError}
	_ = Members(raw, func(name, value []byte) {
		switch string(name) {
		case "code":
			if n, err := strconv.ParseFloat(string(value), 64); err == nil {
				e.Code = int64(n)
			}
		case "message":
			e.Message = String(value)
		case "data":
			e.Data = value
		}
	})
	if e.Message == "" {
		e.Message = "the server gave no reason"
	}
	return e
}

// answer writes the response to a question of the server.
func answer(id, result json.RawMessage) []byte {
	return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"result":%s}`, id, result)
}

// refusal writes the error to a question of the server.
func refusal(id json.RawMessage, code int, message string, data json.RawMessage) []byte {
	quoted, err := json.Marshal(message)
	if err != nil {
		quoted = []byte(`""`)
	}
	text := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%s`, id, code, quoted)
	if len(data) > 0 {
		text = fmt.Appendf(text, `,"data":%s`, data)
	}
	return append(text, "}}"...)
}

// Encode returns a message of the SDK as it goes over the wire. ctx tells
// whether it is a request of ours: then the answer will be taken for it.
func (b *Inbox) Encode(ctx context.Context, m jsonrpc.Message) (text []byte, x *Exchange, err error) {
	if r, ok := m.(*jsonrpc.Request); ok && r.Method == requestMethod {
		x = ExchangeOf(ctx)
		if id, ok := r.ID.Raw().(int64); ok && x != nil {
			return b.begin(id, x), x, nil
		}
	}
	if text, err = jsonrpc.EncodeMessage(m); err != nil {
		return nil, nil, fmt.Errorf("encode a message: %w", err)
	}
	return text, nil, nil
}

// Recode is Encode for a transport of the SDK's own, which hands over what it
// has encoded itself.
func (b *Inbox) Recode(ctx context.Context, text []byte) ([]byte, *Exchange) {
	x := ExchangeOf(ctx)
	if x == nil {
		return text, nil
	}
	m, err := Parse(text)
	id, ok := number(m.ID)
	if err != nil || !ok || m.Method != requestMethod {
		return text, nil
	}
	return b.begin(id, x), x
}
