package worker

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/bindery-mcp/bindery"
)

// turns lets a number of scripts run at once and the others wait. A turn that
// comes free goes to the owner who has the fewest scripts running, among equal
// ones to the one who was last served longest ago, or came first if none was,
// and there to the script that has waited longest: however many scripts an
// owner sends, each of n owners who want to run gets an nth of the turns.
type turns struct {
	total, maxWaiting int // waiting: of one owner

	mu      sync.Mutex
	free    int
	waiting int
	clock   uint64
	lines   map[string]*line // by owner, of those who run or wait
}

// line is one owner's scripts.
type line struct {
	running int
	came    uint64 // turns.clock when the line was made
	served  uint64 // turns.clock then
	waiting []chan struct{}
}

func newTurns(total, maxWaiting int) *turns {
	return &turns{total: total, maxWaiting: maxWaiting, free: total, lines: make(map[string]*line)}
}

// acquire waits for a turn, which the caller must release. The error is a
// Limit if too many of the owner's scripts wait already, or ctx's.
func (t *turns) acquire(ctx context.Context, owner string) error {
	turn, err := t.join(owner)
	if err != nil || turn == nil {
		return err
	}
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	if t.abandon(owner, turn) {
		t.release(owner)
	}
	return context.Cause(ctx)
}

// join takes a free turn, or else a place in the owner's line: then the turn
// has come when the channel is closed.
func (t *turns) join(owner string) (chan struct{}, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.lines[owner]
	if l == nil {
		t.clock++
		l = &line{came: t.clock}
		t.lines[owner] = l
	}
	if t.free > 0 { // so nobody waits
		t.free--
		t.serve(l)
		return nil, nil
	}
	if len(l.waiting) >= t.maxWaiting {
		err := &bindery.Error{
			Code: bindery.Limit, Op: "run script", Hint: "try again in a moment",
			Err: fmt.Errorf("%d scripts are running and %d waiting", t.total, len(l.waiting)),
		}
		t.tidy(owner, l)
		return nil, err
	}
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	t.waiting++
	return turn, nil
}

// abandon gives up a place, and tells whether the turn had come.
func (t *turns) abandon(owner string, turn chan struct{}) (came bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.lines[owner]
	i := slices.Index(l.waiting, turn)
	if i < 0 {
		return true
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	t.waiting--
	t.tidy(owner, l)
	return false
}

// release passes an owner's turn on.
func (t *turns) release(owner string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.lines[owner]
	l.running--
	next := t.next()
	if next == nil {
		t.free++
	} else {
		t.waiting--
		turn := next.waiting[0]
		next.waiting[0] = nil
		next.waiting = next.waiting[1:]
		t.serve(next)
		close(turn)
	}
	t.tidy(owner, l)
}

// next returns the line whose turn it is, nil if nobody waits. t.mu is held.
func (t *turns) next() *line {
	if t.waiting == 0 {
		return nil
	}
	var next *line
	for _, l := range t.lines {
		if len(l.waiting) == 0 {
			continue
		}
		if next == nil || cmp.Or(cmp.Compare(l.running, next.running), cmp.Compare(l.served, next.served), cmp.Compare(l.came, next.came)) < 0 {
			next = l
		}
	}
	return next
}

// serve counts a turn of l. t.mu is held.
func (t *turns) serve(l *line) {
	t.clock++
	l.running++
	l.served = t.clock
}

// tidy forgets a line that has no scripts. t.mu is held.
func (t *turns) tidy(owner string, l *line) {
	if l.running == 0 && len(l.waiting) == 0 {
		delete(t.lines, owner)
	}
}

// count returns how many scripts run and how many wait.
func (t *turns) count() (running, waiting int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.total - t.free, t.waiting
}
