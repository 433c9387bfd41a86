package worker

import (
	"context"
	"runtime"
)

// starter runs functions on one operating system thread, which lives as long
// as the starter. Linux delivers a child's parent-death signal when the thread
// that started it ends (prctl(2), PR_SET_PDEATHSIG), so workers may not be
// started on threads that come and go.
type starter struct {
	jobs chan func()
	done chan struct{}
}

func newStarter() *starter {
	s := &starter{jobs: make(chan func()), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for f := range s.jobs {
			f()
		}
	}()
	return s
}

// do runs f and waits for it, unless ctx is done before f begins.
func (s *starter) do(ctx context.Context, f func()) error {
	ran := make(chan struct{})
	select {
	case s.jobs <- func() { defer close(ran); f() }:
		<-ran
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// close waits for the thread to be free. No do may be under way or follow.
func (s *starter) close() {
	close(s.jobs)
	<-s.done
}
