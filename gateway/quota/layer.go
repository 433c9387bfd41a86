package quota

import (
	"context"
	"errors"
	"time"

	"github.com/bindery-mcp/bindery"
)

// Outcome is what becomes of a call that a quota bounds.
type Outcome string

// What becomes of a call, if it is not simply made.
const (
	Waited  Outcome = "waited"
	Refused Outcome = "refused"
)

// Scope is whose calls a layer counts.
type Scope struct {
	Client string
	// Tool returns what the configuration calls a tool, whatever a view does; nil
	// takes the tool's own name.
	Tool func(bindery.ToolID) bindery.ToolID
	// Limited is told of each call that is refused or has to wait, and by which
	// quota, before that takes effect; nil for nobody.
	Limited func(ctx context.Context, quota string, o Outcome)
}

// Layer returns next with the quotas in front of it. A call that is refused is
// an error with the code Limit and an [*ExceededError] in its chain, and nothing has
// happened then. A call that turns out not to have been sent is not counted.
func (b *Book) Layer(s Scope, next bindery.Caller) bindery.Caller {
	if b == nil {
		return next
	}
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if b.quotas.Load() == nil {
			return next.Call(ctx, c)
		}
		id := c.Tool
		if s.Tool != nil {
			id = s.Tool(id)
		}
		h, err := b.take(ctx, s.Client, id)
		if e, ok := errors.AsType[*ExceededError](err); ok {
			s.limited(ctx, e.Quota, Refused)
			return bindery.Result{}, refusal("call "+c.Tool.String(), e)
		}
		if h.delay > 0 {
			s.limited(ctx, h.quota, Waited)
			if err := wait(ctx, h.delay); err != nil {
				b.giveBack(h)
				return bindery.Result{}, gaveUp(c, err)
			}
		}
		res, err := next.Call(ctx, c)
		if bindery.IsUnsent(err) {
			h.reservations = nil // trying again and again is what a rate is against
			b.giveBack(h)
		}
		return res, err
	})
}

func (s Scope) limited(ctx context.Context, quota string, o Outcome) {
	if s.Limited != nil {
		s.Limited(ctx, quota, o)
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func gaveUp(c bindery.Call, err error) error {
	code := bindery.Cancelled
	if errors.Is(err, context.DeadlineExceeded) {
		code = bindery.Timeout
	}
	return &bindery.Error{Code: code, Op: "call " + c.Tool.String(), Unsent: true, Err: err}
}
