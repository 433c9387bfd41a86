package oauth

import (
	"errors"
	"fmt"
	"strings"
)

// LoginError is a request that needs a login first.
type LoginError struct {
	Server string
	Reason string
	// Token is the one that was of no use, nil for none.
	Token *Token
}

func (e *LoginError) Error() string { return "the server wants a login: " + e.Reason }

// Hint says how to log in.
func (e *LoginError) Hint() string { return "run: bindery login " + e.Server }

// ScopeError is a request for which the token is not good enough.
type ScopeError struct {
	Server string
	Scopes []string // that the server wants
	// Token is the one that does not reach; nil if no login gets a better one.
	Token *Token
}

func (e *ScopeError) Error() string {
	if len(e.Scopes) == 0 {
		return "the token does not reach for this request (insufficient_scope)"
	}
	return fmt.Sprintf("the token does not reach for this request: it needs the scope %s (insufficient_scope)", strings.Join(e.Scopes, " "))
}

// Hint says how to get a better one.
func (e *ScopeError) Hint() string {
	if e.Token == nil {
		return "have the authorization server grant the client that scope"
	}
	return "run: bindery login " + e.Server + ", which asks for what is missing, and try again"
}

// NeedsLogin reports whether a login would mend err, and which token was of no
// use, nil if there was none.
func NeedsLogin(err error) (useless *Token, ok bool) {
	if e, ok := errors.AsType[*LoginError](err); ok {
		return e.Token, true
	}
	if e, ok := errors.AsType[*ScopeError](err); ok && e.Token != nil {
		return e.Token, true
	}
	return nil, false
}
