package js

import (
	"container/heap"
	"context"
	"errors"
	"sync"
	"time"
)

// errStuck says that nothing is under way that could make the loop's
// condition true.
var errStuck = errors.New("nothing is outstanding")

// loop runs a realm's events on the one goroutine that owns it. Only post may
// be called from elsewhere.
type loop struct {
	mu    sync.Mutex
	queue []func() error
	wake  chan struct{}

	outstanding int // events that post has still to bring
	timers      timerHeap
	live        map[int64]*timer
	lastTimer   int64
}

func newLoop() *loop {
	return &loop{wake: make(chan struct{}, 1), live: make(map[int64]*timer)}
}

// post hands an event to the loop. It never blocks; an event that arrives
// after the loop has ended is dropped with it.
func (l *loop) post(event func() error) {
	l.mu.Lock()
	l.queue = append(l.queue, event)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *loop) next() (event func() error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return nil
	}
	event, l.queue[0] = l.queue[0], nil
	l.queue = l.queue[1:]
	return event
}

// until runs events until done reports true. It returns errStuck if that can
// no longer happen, ctx's error, or the error of an event.
func (l *loop) until(ctx context.Context, done func() bool) error {
	clock := time.NewTimer(time.Hour)
	defer clock.Stop()
	for !done() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if event := l.next(); event != nil {
			if err := event(); err != nil {
				return err
			}
			continue
		}
		wait, pending := l.timers.wait(time.Now())
		if pending && wait <= 0 {
			if err := l.fire(); err != nil {
				return err
			}
			continue
		}
		if !pending && l.outstanding == 0 {
			return errStuck
		}
		if !pending {
			wait = time.Hour
		}
		clock.Reset(wait)
		select {
		case <-l.wake:
		case <-clock.C:
		case <-ctx.Done():
		}
	}
	return nil
}

// timer is one setTimeout or setInterval.
type timer struct {
	id    int64
	at    time.Time
	every time.Duration // 0 for a timer that fires once
	run   func() error
	index int
}

// maxTimer is the longest delay, as in browsers and node.
const maxTimer = (1<<31 - 1) * time.Millisecond

func (l *loop) addTimer(delay time.Duration, repeat bool, run func() error) int64 {
	delay = max(time.Millisecond, min(delay, maxTimer))
	l.lastTimer++
	t := &timer{id: l.lastTimer, at: time.Now().Add(delay), run: run}
	if repeat {
		t.every = delay
	}
	l.live[t.id] = t
	heap.Push(&l.timers, t)
	return t.id
}

func (l *loop) removeTimer(id int64) {
	t, ok := l.live[id]
	if !ok {
		return
	}
	delete(l.live, id)
	if t.index >= 0 {
		heap.Remove(&l.timers, t.index)
	}
}

func (l *loop) fire() error {
	t := l.timers[0]
	if t.every > 0 {
		t.at = time.Now().Add(t.every)
		heap.Fix(&l.timers, 0)
	} else {
		heap.Pop(&l.timers)
		delete(l.live, t.id)
	}
	return t.run()
}

// timerHeap orders timers by when they are due, then by age.
type timerHeap []*timer

func (h timerHeap) wait(now time.Time) (wait time.Duration, pending bool) {
	if len(h) == 0 {
		return 0, false
	}
	return h[0].at.Sub(now), true
}

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].id < h[j].id
	}
	return h[i].at.Before(h[j].at)
}

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push and Pop are for container/heap.
func (h *timerHeap) Push(x any) {
	t, ok := x.(*timer)
	if !ok {
		return
	}
	t.index = len(*h)
	*h = append(*h, t)
}

func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.index = -1
	return t
}
