package backends

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// patience is the time that a server has for a request. It begins anew with each
// progress that the server tells of, up to a maximum (2025-11-25
// basic/lifecycle, "Timeouts"). It stands still while the server waits for the
// client to answer a question: how long a person thinks says nothing of the
// server.
type patience struct {
	limit, most time.Duration

	mu    sync.Mutex
	timer *time.Timer
	left  time.Duration // at since
	rest  time.Duration // of most, at since
	since time.Time
	asked int // questions without an answer
}

// newPatience calls over, in a goroutine of its own, when the time is over and
// end has not been called.
func newPatience(limit, most time.Duration, over func(error)) *patience {
	p := &patience{limit: limit, most: most, left: limit, rest: most, since: time.Now()}
	p.timer = time.AfterFunc(limit, func() { over(p.verdict()) })
	return p
}

// verdict says which time is over.
func (p *patience) verdict() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limit < p.most && p.left >= p.rest {
		return timeoutError{"the maximum for a call that makes progress", p.most}
	}
	return timeoutError{"the call timeout", p.limit}
}

func (p *patience) end() { p.stop() }

// minding returns a context in which the time begins anew with progress, and
// stands still during questions.
func (p *patience) minding(ctx context.Context) context.Context {
	if p.limit < p.most {
		ctx = session.WithProgress(ctx, p.renew)
	}
	peer := PeerOf(ctx)
	if peer == nil || peer.Ask == nil {
		return ctx
	}
	own := *peer
	own.Ask = func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
		p.stop()
		defer p.goOn()
		return peer.Ask(ctx, method, params)
	}
	return WithPeer(ctx, &own)
}

// renew does not bring back time that is over.
func (p *patience) renew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	running := p.timer.Stop()
	if running {
		p.spend()
	}
	if running || p.asked > 0 {
		p.left = min(p.limit, p.rest)
	}
	if running {
		p.timer.Reset(max(p.left, 0))
	}
}

// spend counts the time since it was last counted. p.mu is held.
func (p *patience) spend() {
	now := time.Now()
	p.left -= now.Sub(p.since)
	p.rest -= now.Sub(p.since)
	p.since = now
}

func (p *patience) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked++; p.asked == 1 && p.timer.Stop() {
		p.spend()
	}
}

func (p *patience) goOn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked--; p.asked == 0 {
		p.since = time.Now()
		p.timer.Reset(max(p.left, 0))
	}
}
