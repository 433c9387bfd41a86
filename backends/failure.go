package backends

import (
	"errors"
	"io"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/oauth"
)

// endError is the end of what ran on a connection by our own doing.
type endError struct{ text string }

func (e *endError) Error() string { return e.text }

// goneError is a server that is no longer there although its connection has not
// ended.
type goneError struct{ err error }

func (e *goneError) Error() string { return "the connection is lost: " + e.err.Error() }

func (e *goneError) Unwrap() error { return e.err }

// isCrowded reports whether a request has not been sent because of those before
// it.
func isCrowded(err error) bool {
	var crowd *crowdedError
	var pace *rateError
	return errors.As(err, &crowd) || errors.As(err, &pace)
}

// ownFailure classifies errors that supervision makes.
func ownFailure(err error) (code bindery.Code, hint string, ok bool) {
	var (
		end   *endError
		gone  *goneError
		login *oauth.LoginError
		scope *oauth.ScopeError
	)
	switch {
	case isCrowded(err):
		return bindery.Limit, "make fewer calls at once, or wait and try again", true
	case errors.As(err, &login):
		return bindery.Unavailable, login.Hint(), true
	case errors.As(err, &scope):
		return bindery.Denied, scope.Hint(), true
	case errors.As(err, &end), errors.As(err, &gone), errors.Is(err, io.ErrUnexpectedEOF):
		return bindery.Unavailable, "", true
	}
	return 0, "", false
}
