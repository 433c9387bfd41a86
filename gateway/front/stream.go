package front

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"
)

// importance says what a stream may do with a message when its reader is slow.
type importance uint8

const (
	lossy importance = iota // dropped if too much waits already
	once                    // not added if the same waits already
	must                    // kept
)

// Bounds of what waits for a reader, and of what is kept to be sent again.
const (
	maxWaiting = 256
	maxHeld    = 1 << 20
	// maxStuck is how much may wait on a connection whose client does not read
	// the answers to what it asks.
	maxStuck = 64 << 20
)

var (
	errReplaced = errors.New("another connection reads the stream now")
	errEnded    = errors.New("the stream has ended")
	errStuck    = errors.New("the client does not read its answers")
)

// stream is what one response or connection is to say, in order: producers
// add to it and never wait, one writer takes from it.
type stream struct {
	keep bool // what was sent, to send it again

	mu     sync.Mutex
	events [][]byte // number first and those after it
	first  int
	cursor int // the next to be sent
	held   int // bytes of events
	ended  bool
	wake   chan struct{} // of the writer; nil if there is none
}

// frames is where a stream is written to.
type frames interface {
	write(number int, data []byte) error
	// idle is called when nothing was written for some time.
	idle() error
}

// push adds a message. It fails only if the stream has ended, or with errStuck
// if more waits that must be kept than an honest client leaves unread.
func (s *stream) push(data []byte, i importance) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return errEnded
	}
	for s.cursor > s.first && (len(s.events) >= maxWaiting || s.held+len(data) > maxHeld) {
		s.dropLocked()
	}
	waiting := s.events[s.cursor-s.first:]
	full := len(waiting) >= maxWaiting || len(waiting) > 0 && s.held+len(data) > maxHeld
	switch i {
	case lossy:
		if full {
			return nil
		}
	case once:
		for _, w := range waiting {
			if bytes.Equal(w, data) {
				return nil
			}
		}
	case must:
		if len(waiting) >= 4*maxWaiting || s.held >= maxStuck && len(waiting) > 0 {
			return errStuck
		}
	}
	s.events = append(s.events, data)
	s.held += len(data)
	s.wakeLocked()
	return nil
}

func (s *stream) dropLocked() {
	s.held -= len(s.events[0])
	s.events[0] = nil
	s.events = s.events[1:]
	s.first++
}

func (s *stream) wakeLocked() {
	if s.wake == nil {
		return
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// end says that nothing more will come. Whoever writes the stream writes what
// waits, and is done.
func (s *stream) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.wakeLocked()
}

// attach makes the caller the stream's one writer, from event number from on.
func (s *stream) attach(from int) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wake != nil {
		close(s.wake)
	}
	s.wake = make(chan struct{}, 1)
	s.cursor = min(max(from, s.first), s.first+len(s.events))
	return s.wake
}

func (s *stream) detach(wake chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wake == wake {
		s.wake = nil
	}
}

// take returns the next event, or whether the stream is over.
func (s *stream) take(wake chan struct{}) (number int, data []byte, over bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wake != wake {
		return 0, nil, false, errReplaced
	}
	if s.cursor == s.first+len(s.events) {
		return 0, nil, s.ended, nil
	}
	number, data = s.cursor, s.events[s.cursor-s.first]
	s.cursor++
	if !s.keep {
		s.dropLocked()
	}
	return number, data, false, nil
}

// serve writes the stream, from event number from on, until it is over, ctx
// ends, writing fails or another writer takes its place.
func (s *stream) serve(ctx context.Context, from int, every time.Duration, f frames) error {
	wake := s.attach(from)
	defer s.detach(wake)
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		number, data, over, err := s.take(wake)
		if err != nil || over {
			return err
		}
		if data != nil {
			if err := f.write(number, data); err != nil {
				return err
			}
			continue
		}
		timer.Reset(every)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wake:
		case <-timer.C:
			if err := f.idle(); err != nil {
				return err
			}
		}
	}
}
