package backends

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// maxQueue is how many requests wait at one gate at most.
const maxQueue = 10_000

// gate lets a number of requests through at once and the rest in the order in
// which they came. The zero value lets everyone through.
type gate struct {
	mu     sync.Mutex
	limit  int // 0 for none
	inside int
	queue  []chan struct{} // closed when their requests are let in
}

// enter waits until there is room. Whoever is let in calls leave. The error is
// a [crowdedError], unless ctx was cancelled.
func (g *gate) enter(ctx context.Context) error {
	g.mu.Lock()
	if g.limit == 0 || g.inside < g.limit && len(g.queue) == 0 {
		g.inside++
		g.mu.Unlock()
		return nil
	}
	crowd := &crowdedError{limit: g.limit, before: len(g.queue)}
	if len(g.queue) >= maxQueue {
		g.mu.Unlock()
		return crowd
	}
	turn := make(chan struct{})
	g.queue = append(g.queue, turn)
	g.mu.Unlock()

	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-turn: // let in while giving up
		g.inside--
		g.admit()
	default:
		g.queue = slices.DeleteFunc(g.queue, func(c chan struct{}) bool { return c == turn })
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Cause(ctx)
	}
	return crowd
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	g.admit()
}

// admit lets in who has room. The lock is held.
func (g *gate) admit() {
	for len(g.queue) > 0 && (g.limit == 0 || g.inside < g.limit) {
		g.inside++
		close(g.queue[0])
		g.queue = g.queue[1:]
	}
}

// resize changes the limit; those inside stay.
func (g *gate) resize(limit int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limit = limit
	g.admit()
}

// crowdedError is a request that found no room in time.
type crowdedError struct{ limit, before int }

func (e *crowdedError) Error() string {
	return fmt.Sprintf("the server is sent %s at once (inFlight), and none of them ended in time; %s waited before this one",
		count(e.limit, "request"), count(e.before, "other"))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
