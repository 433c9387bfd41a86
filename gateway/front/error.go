package front

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/bindery-mcp/bindery"
)

// What goes wrong, as JSON-RPC and the specification number it.
const (
	CodeParse              = -32700
	CodeInvalidRequest     = -32600
	CodeMethodNotFound     = -32601
	CodeInvalidParams      = -32602
	CodeInternal           = -32603
	CodeHeaderMismatch     = -32020
	CodeMissingCapability  = -32021
	CodeUnsupportedVersion = -32022
)

// ErrCannotAsk is what [Request.Ask] returns if this client cannot be asked
// this.
var ErrCannotAsk = errors.New("the client cannot be asked this")

// Error is an error of JSON-RPC.
type Error struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

func (e *Error) Error() string { return e.Message }

func refuse(code int, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// quoted shows a value of the client's in a message.
func quoted(s string) string {
	const most = 100
	if len(s) > most {
		s = s[:most] + "…"
	}
	return fmt.Sprintf("%q", s)
}

// asError makes what a handler failed with an error for the client.
func asError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	text := err.Error()
	if hint := bindery.HintOf(err); hint != "" {
		text += "\n" + hint
	}
	return &Error{Code: CodeInternal, Message: text}
}

// status is the HTTP status of a modern answer that is a handler's error. The
// specification names one for these codes only; others are answers like any.
func (e *Error) status() int {
	switch e.Code {
	case CodeMethodNotFound:
		return http.StatusNotFound
	case CodeHeaderMismatch, CodeMissingCapability, CodeUnsupportedVersion:
		return http.StatusBadRequest
	}
	return http.StatusOK
}
