package gateway

import (
	"context"
	"encoding/json"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/bindery-mcp/bindery/backends"
)

// turn is a call's turn at its server. It is another's while the client is
// asked something: a person may think for minutes, or never answer, and the
// server does nothing meanwhile.
type turn struct {
	gate *semaphore.Weighted

	mu    sync.Mutex
	held  bool
	over  bool
	asked int // questions without an answer
}

// take waits for the turn, if it is still wanted then.
func (t *turn) take(ctx context.Context) error {
	if err := t.gate.Acquire(ctx, 1); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held || t.over || t.asked > 0 {
		t.gate.Release(1)
		return nil
	}
	t.held = true
	return nil
}

// give lets the next call have the turn. The lock is held.
func (t *turn) give() {
	if t.held {
		t.gate.Release(1)
		t.held = false
	}
}

func (t *turn) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	t.give()
}

// minding returns a context in which the turn is given up during questions. The
// server gets the answer when it is its turn again.
func (t *turn) minding(ctx context.Context) context.Context {
	p := backends.PeerOf(ctx)
	if p == nil || p.Ask == nil {
		return ctx
	}
	own := *p
	own.Ask = func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
		t.mu.Lock()
		t.asked++
		t.give()
		t.mu.Unlock()
		answer, err := p.Ask(ctx, method, params)
		t.mu.Lock()
		t.asked--
		t.mu.Unlock()
		if e := t.take(ctx); e != nil {
			return nil, e
		}
		return answer, err
	}
	return backends.WithPeer(ctx, &own)
}
