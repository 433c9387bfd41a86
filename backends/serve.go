package backends

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/streamable"
)

// refreshPause is the least time between two listings that list_changed
// notifications cause, however many there are.
const refreshPause = time.Second

// lastAnswers is how long requests on a connection that has ended have to end
// by themselves.
const lastAnswers = 200 * time.Millisecond

// watch is what serve keeps an eye on while a connection lasts.
type watch struct {
	link   *link
	conn   connection
	ctx    context.Context // of the chores
	chores sync.WaitGroup

	listed chan struct{} // a listing has ended
	probed chan error    // a probe has: with proof that the server is gone, or nil

	dirty    signal           // nil while no listing may begin
	pause    <-chan time.Time // until one may
	stale    <-chan time.Time // when the list is fresh no more
	probing  bool
	silence  <-chan time.Time // when to look whether the server says anything
	reopen   <-chan time.Time // when the circuit lets a request through
	rest     <-chan time.Time // when to look whether the connection is needed
	listOnly bool             // it was opened for nothing but its list, so far
}

// serve looks after a connection until it ends, or the link does.
//
// First says that it is the first to show what the server offers, again that
// the link had a connection before.
func (l *link) serve(conn connection, first, again bool) error {
	ctx, cancel := context.WithCancel(l.ctx)
	w := &watch{
		link: l, conn: conn, ctx: ctx, dirty: l.dirty,
		listed: make(chan struct{}, 1), probed: make(chan error, 1),
		listOnly: first && l.shared() && l.srv.policy().Lazy,
	}
	defer w.chores.Wait()
	defer cancel()
	w.chores.Go(func() { l.resubscribe(ctx, conn) })
	if again {
		l.noticeAll()
	}
	w.staleIn()
	w.restIn()
	for {
		if end, err := w.next(); end {
			return err
		}
	}
}

// next waits for one thing to happen and sees to it. It reports whether that
// was the end of the connection, and why.
func (w *watch) next() (end bool, err error) {
	l := w.link
	select {
	case <-l.ctx.Done():
		return true, context.Cause(l.ctx)
	case <-w.conn.Done():
		return true, w.lost()
	case <-w.dirty:
		w.list(true)
	case <-w.listed:
		w.pause = time.After(refreshPause)
		w.staleIn()
	case <-w.stale:
		if w.stale = nil; w.dirty != nil {
			w.list(false)
		}
	case <-w.pause:
		w.dirty, w.pause = l.dirty, nil
	case <-l.busy:
		w.silence = time.After(l.silence() / 2)
	case <-w.silence:
		w.listen()
	case <-l.doubted:
		w.doubt()
	case err := <-w.probed:
		w.probing = false
		return w.judge(err)
	case <-w.reopen:
		w.reopen = nil
		l.srv.publish()
	case <-l.retuned:
		w.restIn()
	case <-w.rest:
		if l.fallAsleep(w.restTime()) {
			return true, errRest
		}
		w.listOnly = false
		w.restIn()
	}
	return false, nil
}

// list has the tools listed again, because something has changed or because it
// may have.
func (w *watch) list(changed bool) {
	w.dirty = nil
	w.chores.Go(func() {
		w.link.srv.refresh(w.ctx, w.conn, changed)
		w.listed <- struct{}{}
	})
}

// staleIn has the tools listed again when the server's list is fresh no more.
func (w *watch) staleIn() {
	w.stale = nil
	if d := w.link.srv.freshness(); d > 0 && w.link.shared() {
		w.stale = time.After(d)
	}
}

// lost returns why the connection has ended. What is under way on it gets its
// own answer if there is one, as a server has for each request of a session that
// it has forgotten, and else the same reason.
func (w *watch) lost() error {
	err := w.conn.Err()
	t := time.NewTimer(lastAnswers)
	defer t.Stop()
	for l := w.link; ; {
		l.mu.Lock()
		flights := l.flights.Len()
		l.mu.Unlock()
		if flights == 0 {
			return err
		}
		select {
		case <-l.landed:
		case <-t.C:
			l.lose(err)
			return err
		case <-l.ctx.Done():
			return err
		}
	}
}

// judge takes the outcome of a probe.
func (w *watch) judge(err error) (end bool, why error) {
	if err == nil {
		return false, nil
	}
	select {
	case <-w.conn.Done():
		return true, w.lost() // it knows better
	default:
	}
	w.link.lose(err)
	return true, err
}

// doubt has the server asked whether it is there, and sees to it that an open
// circuit is seen to close.
func (w *watch) doubt() {
	l := w.link
	l.mu.Lock()
	wait := time.Until(l.circuit.until)
	l.mu.Unlock()
	if wait > 0 {
		w.reopen = time.After(wait)
		l.srv.publish()
	}
	if !w.probing {
		w.probing = true
		w.chores.Go(func() { w.probed <- l.probe(w.ctx, w.conn) })
	}
}

// listen looks whether the server has been silent for too long while requests
// are under way, and goes on as long as there are any.
func (w *watch) listen() {
	l := w.link
	l.mu.Lock()
	oldest := l.flights.Front()
	l.watched = oldest != nil
	silent := oldest != nil && min(time.Since(l.heard), time.Since(sentAt(oldest))) >= l.silence()
	l.mu.Unlock()
	w.silence = nil
	if oldest != nil {
		w.silence = time.After(l.silence() / 2)
	}
	if silent {
		l.doubted.raise()
	}
}

// restTime is how long the connection is kept without a request; below zero for
// ever.
func (w *watch) restTime() time.Duration {
	if w.listOnly {
		return 0
	}
	return w.link.srv.policy().idleTime(w.link.shared())
}

func (w *watch) restIn() {
	w.rest = nil
	d := w.restTime()
	if d < 0 {
		return
	}
	w.link.mu.Lock()
	left := d - time.Since(w.link.used)
	if w.link.users > 0 {
		left = d
	}
	w.link.mu.Unlock()
	w.rest = time.After(max(left, 0))
}

// fallAsleep makes the link idle if it has had no request for d, and reports
// whether it has. A session's own link ends with that.
func (l *link) fallAsleep(d time.Duration) bool {
	if l.subscribed() {
		return false
	}
	if !l.shared() {
		return l.srv.drop(l, d)
	}
	l.mu.Lock()
	asleep := l.users == 0 && time.Since(l.used) >= d
	if asleep {
		l.state, l.since = Idle, time.Now()
	}
	l.mu.Unlock()
	return asleep
}

// silence is how long a server may say nothing while requests are under way,
// and then how long it may take to say that it is there.
func (l *link) silence() time.Duration { return l.srv.opts.Silence }

// probe asks the server whether it is there. The error is the proof that it is
// not. That it does not answer in time is no proof as long as requests are
// under way: many servers do one thing at a time, and are deaf meanwhile. It
// becomes one when the server is known to do several, or when requests have
// timed out in a row.
func (l *link) probe(ctx context.Context, conn connection) error {
	l.mu.Lock()
	tripped := l.circuit.openings
	cause := l.cause
	l.mu.Unlock()
	if tripped > 1 {
		return cause.Err // it is there and of no use: perhaps a new one is
	}
	method := "ping"
	if conn.Info().Protocol >= modernEra {
		method = "server/discover" // ping is gone
	}
	asked := time.Now()
	limit, cancel := context.WithTimeout(ctx, l.silence())
	defer cancel()
	_, err := conn.Request(limit, method, nil)
	switch {
	case ctx.Err() != nil:
		return nil
	case err == nil || isAnswer(err):
		l.hear(asked)
		return nil
	case limit.Err() == nil:
		return proof(err)
	}
	if tripped > 0 || l.srv.spec.URL != "" && l.parallelOrQuiet() {
		return &goneError{fmt.Errorf("no answer to %s within %v", method, l.silence())}
	}
	if c, ok := conn.(redialer); ok {
		c.DropIdle() // a new connection shows whether there is somebody
	}
	return nil
}

// redialer is a connection over several of a lower layer, which may be dead
// without anyone knowing.
type redialer interface{ DropIdle() }

// hear notes an answer to what was asked at a time.
func (l *link) hear(asked time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = time.Now()
	if oldest := l.flights.Front(); oldest != nil && sentAt(oldest).Before(asked) {
		l.parallel = true
	}
}

func (l *link) parallelOrQuiet() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.parallel || l.flights.Len() == 0
}

func isAnswer(err error) bool {
	_, ok := session.ServerError(err)
	return ok
}

// proof returns err if it shows that a connection is of no more use. A status
// other than these two shows that somebody is there.
func proof(err error) error {
	var status *streamable.StatusError
	if errors.As(err, &status) && status.Status != 0 && status.Status != 401 && status.Status != 404 {
		return nil
	}
	if code, _ := classify(err); code != bindery.Unavailable {
		return nil
	}
	return &goneError{err}
}
