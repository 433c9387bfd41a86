package backends

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// maxPause is how long a request waits for its turn under a rate. One that
// would have to wait longer is better told so.
const maxPause = 5 * time.Second

// pace spreads requests over time. The zero value lets everyone through.
type pace struct{ limiter atomic.Pointer[rate.Limiter] }

// set changes the rate, a second, and the burst; 0 stands for no bound and a
// second's worth.
func (p *pace) set(perSecond float64, burst int) {
	if perSecond <= 0 {
		p.limiter.Store(nil)
		return
	}
	if burst <= 0 {
		burst = max(1, int(math.Ceil(perSecond)))
	}
	if l := p.limiter.Load(); l != nil {
		l.SetLimit(rate.Limit(perSecond))
		l.SetBurst(burst)
		return
	}
	p.limiter.Store(rate.NewLimiter(rate.Limit(perSecond), burst))
}

// wait waits for the turn of one request, at most maxPause and not past ctx's
// deadline. The error is a [rateError], unless ctx was cancelled.
func (p *pace) wait(ctx context.Context) error {
	l := p.limiter.Load()
	if l == nil {
		return nil
	}
	now := time.Now()
	r := l.ReserveN(now, 1)
	delay := r.DelayFrom(now)
	if delay == 0 {
		return nil
	}
	deadline, ok := ctx.Deadline()
	if delay > maxPause || ok && now.Add(delay).After(deadline) {
		r.CancelAt(now)
		return &rateError{perSecond: float64(l.Limit()), after: delay}
	}
	t := time.NewTimer(delay)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		r.Cancel()
		return context.Cause(ctx)
	}
}

// rateError is a request over the rate.
type rateError struct {
	perSecond float64
	after     time.Duration // when there is room again
}

func (e *rateError) Error() string {
	return fmt.Sprintf("the server is sent %g requests a second at most (rate); try again in %v", e.perSecond, roundUp(e.after))
}

// roundUp returns d in tenths of a second.
func roundUp(d time.Duration) time.Duration {
	const unit = 100 * time.Millisecond
	return (d + unit - 1).Truncate(unit)
}
