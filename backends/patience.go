package backends

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// patience is the time that a server has for a request. It stands still while
// the server waits for the client to answer a question: how long a person
// thinks says nothing of the server.
type patience struct {
	mu    sync.Mutex
	timer *time.Timer
	left  time.Duration // at since
	since time.Time
	asked int // questions without an answer
}

// newPatience calls over, in a goroutine of its own, when the time is over and
// end has not been called.
func newPatience(limit time.Duration, over func()) *patience {
	return &patience{timer: time.AfterFunc(limit, over), left: limit, since: time.Now()}
}

func (p *patience) end() { p.stop() }

// minding returns a context in which the time stands still during questions.
func (p *patience) minding(ctx context.Context) context.Context {
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

func (p *patience) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked++; p.asked == 1 && p.timer.Stop() {
		p.left -= time.Since(p.since)
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
