package bindery

import (
	"errors"
	"strings"
)

// Code is the kind of an [Error], for whoever has to decide what to do next.
type Code uint8

const (
	// Internal is a defect of bindery itself.
	Internal Code = iota
	// Invalid is a request that cannot be carried out as it is written: a
	// wrong argument, a malformed configuration, a script that does not parse.
	Invalid
	// NotFound is a name that stands for nothing the caller may see.
	NotFound
	// Denied is a request that policy forbids.
	Denied
	// Limit is a budget that was used up: bytes, calls, memory.
	Limit
	// Timeout is a deadline that passed.
	Timeout
	// Cancelled is a request that its own caller gave up.
	Cancelled
	// Unavailable is a server that cannot be reached now.
	Unavailable
	// Upstream is a server that answered with an error or with nonsense.
	Upstream
	// Script is a model-written script that failed.
	Script
)

var codeNames = [...]string{
	Internal: "internal", Invalid: "invalid", NotFound: "not_found", Denied: "denied", Limit: "limit",
	Timeout: "timeout", Cancelled: "cancelled", Unavailable: "unavailable", Upstream: "upstream", Script: "script",
}

// String returns the code's name as it appears in results and logs.
func (c Code) String() string {
	if int(c) < len(codeNames) {
		return codeNames[c]
	}
	return "unknown"
}

// Error is the error of every package seam. Its text names what was being
// done and what was wrong; Hint, on a line of its own wherever it is shown,
// says what to do. Both may be shown to a model: they hold no secret and no
// stack, and of the host's paths only those that a server or its start
// reported, the home folder as "~".
type Error struct {
	Code Code
	// Op is what was being done, as in "call github.get_issue".
	Op   string
	Hint string
	// Unsent tells that the request never reached whoever was to carry it out,
	// so that nothing has happened. Without it nobody knows.
	Unsent bool
	Err    error
}

// Error returns "op: cause".
func (e *Error) Error() string {
	var parts []string
	if e.Op != "" {
		parts = append(parts, e.Op)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	if len(parts) == 0 {
		return e.Code.String()
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first [Error] in err's chain, or Internal.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// HintOf returns the hint of the first [Error] in err's chain that has one.
func HintOf(err error) string {
	for err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}

// IsUnsent reports whether an [Error] in err's chain is certain that nothing
// has happened.
func IsUnsent(err error) bool {
	for err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			return false
		}
		if e.Unsent {
			return true
		}
		err = e.Err
	}
	return false
}
