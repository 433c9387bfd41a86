package identity

import "fmt"

// Reason is why a caller is not let in.
type Reason uint8

const (
	// Missing is a caller who has not said who it is.
	Missing Reason = iota
	// Invalid is a token that is wrong, expired, or not for here.
	Invalid
	// Insufficient is a token that is right, and does not let its owner in.
	Insufficient
	// Unavailable is a token that could not be looked into for now.
	Unavailable
)

// RefusedError is the error for a caller who is not let in. Its text is for the
// caller to read.
type RefusedError struct {
	Reason Reason
	Err    error
	// Cause is what else there is to know, for whoever runs the gateway; or nil.
	Cause error
}

// Error returns the reason.
func (r *RefusedError) Error() string { return r.Err.Error() }

// Unwrap returns the cause.
func (r *RefusedError) Unwrap() error { return r.Err }

func refuse(why Reason, format string, args ...any) error {
	return &RefusedError{Reason: why, Err: fmt.Errorf(format, args...)}
}
