package worker

import (
	"errors"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// version is the version of the protocol. Both ends are the same binary,
// unless it was replaced while the gateway runs.
const version = 2

// readyHead says that the worker is confined and waits for a script.
type readyHead struct {
	Version int `json:"version"`
	// CPU is the processor time, in nanoseconds, that start-up took: no
	// script is to be charged for it.
	CPU int64 `json:"cpu"`
}

// bindingsHead goes before an encoded sandbox.Bindings.
type bindingsHead struct {
	Digest string `json:"digest"`
}

// startHead starts the script whose source is the first Source bytes of the
// body; the rest is its data.
type startHead struct {
	Language sandbox.Language `json:"language"`
	Source   int              `json:"source"`
	// Bound tells that the script is bound to the Bindings sent last.
	Bound bool `json:"bound"`
	// Keep tells that the worker may serve another script of the same owner
	// after this one, if nothing speaks against it.
	Keep   bool           `json:"keep,omitempty"`
	Limits sandbox.Limits `json:"limits"`
}

// logHead goes before the text of a line, which is the body.
type logHead struct {
	Level string `json:"level"`
}

// callHead asks for a call. IDs count from 1 without a gap.
type callHead struct {
	ID   uint64         `json:"id"`
	Tool bindery.ToolID `json:"tool"`
	Line int            `json:"line,omitempty"`
}

// answerHead answers the call ID: with an error, or else with a result whose
// bulk is in the body.
type answerHead struct {
	ID         uint64      `json:"id"`
	Error      *wireError  `json:"error,omitempty"`
	IsError    bool        `json:"isError,omitempty"`
	Raw        *span       `json:"raw,omitempty"`
	Structured *span       `json:"structured,omitempty"`
	Content    []blockHead `json:"content,omitempty"`
}

// blockHead is a content block whose bulk is in the body.
type blockHead struct {
	Type string `json:"type"`
	MIME string `json:"mime,omitempty"`
	Text *span  `json:"text,omitempty"`
	Data *span  `json:"data,omitempty"`
	Raw  *span  `json:"raw,omitempty"`
}

// span is an offset into a body, and a length.
type span [2]int

// doneHead ends a run. The value is the body; an empty body is no value.
type doneHead struct {
	Failure     *sandbox.Failure `json:"failure,omitempty"`
	LogsDropped int              `json:"logsDropped,omitempty"`
	Notes       []string         `json:"notes,omitempty"`
	// Error tells that the engine could not do its work.
	Error *wireError `json:"error,omitempty"`
	// Again offers to run another script: nothing of this one is left.
	Again bool `json:"again,omitempty"`
}

// harmless tells whether the script ended on its own, in its own terms,
// within its limits.
func (h *doneHead) harmless() bool {
	return h.Error == nil && h.LogsDropped == 0 &&
		(h.Failure == nil || h.Failure.Code == bindery.Script || h.Failure.Code == bindery.Invalid)
}

// wireError carries a *bindery.Error.
type wireError struct {
	Code    bindery.Code `json:"code"`
	Op      string       `json:"op,omitempty"`
	Hint    string       `json:"hint,omitempty"`
	Message string       `json:"message,omitempty"`
}

func toWire(err error) *wireError {
	var e *bindery.Error
	if !errors.As(err, &e) {
		return &wireError{Code: bindery.Internal, Message: err.Error()}
	}
	w := &wireError{Code: e.Code, Op: e.Op, Hint: bindery.HintOf(err)}
	if e.Err != nil {
		w.Message = e.Err.Error()
	}
	return w
}

func (w *wireError) err() error {
	e := &bindery.Error{Code: w.Code, Op: w.Op, Hint: w.Hint}
	if w.Message != "" {
		e.Err = errors.New(w.Message)
	}
	return e
}
