package tasks

import (
	"context"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks"
)

// meter is the servers of a gateway, with a count of what passes.
type meter struct {
	*backends.Set

	mu    sync.Mutex
	total Traffic
	now   int
}

// Traffic is what passed between a client, or the gateway, and the servers.
type Traffic struct {
	Calls int `json:"calls"`
	// Args and Results are bytes, of the results as a model would read them.
	Args    int64 `json:"args"`
	Results int64 `json:"results"`
	// InFlight is how many calls were under way at once, at most.
	InFlight int `json:"inFlight"`
	// Took is the time in which something was under way: for plain calls the
	// sum of the turns, for scripts that of the requests to the gateway.
	Took time.Duration `json:"took"`
	// Work is the part of it that made what was asked for: with scripts the
	// last one, without searches and looks.
	Work time.Duration `json:"work"`
}

// Call implements [bindery.Caller].
func (m *meter) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	m.mu.Lock()
	m.now++
	m.total.Calls++
	m.total.InFlight = max(m.total.InFlight, m.now)
	m.mu.Unlock()
	r, err := m.Set.Call(ctx, c)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now--
	m.total.Args += int64(len(c.Args))
	m.total.Results += int64(len(benchmarks.Shown(r)))
	return r, err
}

func (m *meter) wire() Traffic {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.total
}
