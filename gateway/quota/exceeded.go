package quota

import (
	"fmt"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// ExceededError is a quota that is used up.
type ExceededError struct {
	Quota string
	// After is how long it will take until there is room again, and At is when
	// that is.
	After time.Duration
	At    time.Time

	what string
}

// Error says which quota it is and what it allows.
func (e *ExceededError) Error() string { return fmt.Sprintf("the quota %q allows %s", e.Quota, e.what) }

// spent is a day's budget that is used up.
func spent(q *config.Quota, client string, most int, of string, now time.Time) *ExceededError {
	are := "are"
	if most == 1 {
		of, are = strings.TrimSuffix(of, "s"), "is"
	}
	at := now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	return &ExceededError{Quota: q.Name, After: at.Sub(now), At: at, what: fmt.Sprintf("%s %d %s a day (UTC), which %s used up", whom(q, client), most, of, are)}
}

// hasty is a call that comes too soon.
func hasty(q *config.Quota, client string, now time.Time, delay time.Duration) *ExceededError {
	delay = roundUp(delay)
	return &ExceededError{Quota: q.Name, After: delay, At: whole(now.Add(delay).UTC()), what: fmt.Sprintf("%s %s calls", whom(q, client), q.Rate)}
}

func whom(q *config.Quota, client string) string {
	if q.Shared {
		return "its clients together"
	}
	return "client " + client
}

// refusal is the error of what was not done because of e.
func refusal(op string, e *ExceededError) error {
	return &bindery.Error{
		Code: bindery.Limit, Op: op, Unsent: true, Err: e,
		Hint: fmt.Sprintf("try again in %s, at %s", roundUp(e.After), e.At.Format(time.RFC3339)),
	}
}

// whole returns the second that t is in, or the next: it is shown without a part
// of one, and whoever comes then must not come too soon.
func whole(t time.Time) time.Time { return t.Add(time.Second - 1).Truncate(time.Second) }

// roundUp returns d in tenths of a second.
func roundUp(d time.Duration) time.Duration {
	const unit = 100 * time.Millisecond
	return (d + unit - 1).Truncate(unit)
}
