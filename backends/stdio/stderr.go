package stdio

import (
	"errors"
	"strings"
)

// quotedLines is how many lines of standard error an error's text has: scripts
// and models see that text, and what a server writes there is for its operator.
const quotedLines = 2

// stderrError is an error with what the server wrote before it.
type stderrError struct {
	err   error
	lines []string
}

func (e *stderrError) Error() string {
	if len(e.lines) == 0 {
		return e.err.Error()
	}
	quoted := e.lines[max(0, len(e.lines)-quotedLines):]
	return e.err.Error() + "; stderr: " + strings.Join(quoted, " | ")
}

// Unwrap returns the error itself.
func (e *stderrError) Unwrap() error { return e.err }

// Stderr returns the last lines that a server had written to its standard
// error when err happened, or nil. The text of err has no more than two.
func Stderr(err error) []string {
	if e, ok := errors.AsType[*stderrError](err); ok {
		return e.lines
	}
	return nil
}

// withStderr adds what the server has written so far.
func (p *process) withStderr(err error) error {
	return &stderrError{err, p.stderr.last(tailLines)}
}
