package backends

import "encoding/json"

// ServerError is a JSON-RPC error that a server answered with, or, from
// [Peer].Ask, that it is to be answered with.
type ServerError struct {
	Code    int
	Message string
	Data    json.RawMessage

	err error // as the connection returned it
}

// Error returns the server's message.
func (e *ServerError) Error() string { return e.Message }

// Unwrap returns the cause, if there is one.
func (e *ServerError) Unwrap() error { return e.err }

// RPC returns the error's parts.
func (e *ServerError) RPC() (code int, message string, data json.RawMessage) {
	return e.Code, e.Message, e.Data
}
