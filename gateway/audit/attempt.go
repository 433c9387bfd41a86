package audit

import (
	"context"
	"sync"
	"sync/atomic"
)

// attempt is what is known of a call before it is recorded.
type attempt struct {
	sent atomic.Bool // it came to where begins are recorded

	mu             sync.Mutex
	decision, rule string
}

type attemptKey struct{}

// Decide notes what policy says of a call that passed [Trail.Attempts], in its
// words, and the rule that says so. It stands in the call's record, whether the
// call is made or refused.
func Decide(ctx context.Context, decision, rule string) {
	if a, ok := ctx.Value(attemptKey{}).(*attempt); ok {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.decision, a.rule = cut(decision, maxName), cut(rule, maxText)
	}
}

// Waited notes that a call that passed [Trail.Attempts] has to wait, and for what
// rule. It stands beside the rule that decides on the call.
func Waited(ctx context.Context, rule string) {
	if a, ok := ctx.Value(attemptKey{}).(*attempt); ok {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.rule != "" {
			a.rule += "; "
		}
		a.rule = cut(a.rule+"waited for "+rule, maxText)
	}
}

// decided returns what was noted.
func decided(ctx context.Context) (decision, rule string) {
	a, ok := ctx.Value(attemptKey{}).(*attempt)
	if !ok {
		return "", ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.decision, a.rule
}

// noted says that the call has a record, or is refused for want of one.
func noted(ctx context.Context) {
	if a, ok := ctx.Value(attemptKey{}).(*attempt); ok {
		a.sent.Store(true)
	}
}
