package backends

import (
	"container/list"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/streamable"
)

// hasty is how long a caller must have waited for the end of its patience to
// say something of the server.
const hasty = 5 * time.Second

// request makes one request on a connection.
type request func(ctx context.Context, conn connection) (json.RawMessage, error)

// exchange has do make one request of the server: on the connection that it
// belongs to, when there is one and when its turn has come, within the call
// timeout. do is called a second time only if the first has surely not reached
// the server, or was refused for headers that the server has since declared
// otherwise. The server must offer tool, unless that is "".
func (s *server) exchange(ctx context.Context, tool string, do request) (json.RawMessage, error) {
	l, err := s.borrow(ctx)
	if err != nil {
		return nil, &unsentError{err}
	}
	raw, err := l.exchange(ctx, tool, do)
	l.giveBack()
	if errors.Is(err, errRemoved) && unsent(err) {
		// The configuration has changed between the look into it and now.
		if next := s.lookup(s.spec.Name); next != nil && next != s {
			return next.exchange(ctx, tool, do)
		}
	}
	return raw, err
}

// exchangeShared is exchange for what is no session's own affair and whose
// result says nothing.
func (s *server) exchangeShared(ctx context.Context, do request) error {
	return s.shared.tell(ctx, do)
}

// tell is exchange for what has no result.
func (l *link) tell(ctx context.Context, do request) error {
	l.lend()
	defer l.giveBack()
	_, err := l.exchange(ctx, "", do)
	return err
}

func (l *link) exchange(ctx context.Context, tool string, do request) (json.RawMessage, error) {
	conn, attempts, err := l.await(ctx, tool)
	if err == nil && l.srv.policy().bounded() {
		if err = l.queue(ctx); err == nil {
			defer l.gate.leave()
			conn, attempts, err = l.await(ctx, tool)
		}
	}
	if err != nil {
		return nil, &unsentError{err}
	}
	seen, _ := l.srv.listing()
	raw, err := l.send(ctx, conn, do)
	switch {
	case errors.Is(err, session.ErrNotSent) && l.left(ctx, conn, attempts):
		// The server did not see the request, so that this is not a second one.
	case tool != "" && mismatched(conn, err) && l.srv.relist(ctx, seen):
		// The server saw the request, and no tool did.
		if !l.shared() {
			l.srv.prepare(conn) // it was when it was opened
		}
	default:
		return raw, err
	}
	if conn, _, err = l.await(ctx, tool); err != nil {
		return nil, &unsentError{err}
	}
	return l.send(ctx, conn, do)
}

// queue waits for the request's turn.
func (l *link) queue(ctx context.Context) error {
	limit := l.srv.policy().callTimeout()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	stop := context.AfterFunc(l.ctx, cancel)
	defer stop()
	if err := l.gate.enter(ctx); err != nil {
		return l.or(err)
	}
	if err := l.srv.pace.wait(ctx); err != nil {
		l.gate.leave()
		return l.or(err)
	}
	return nil
}

// or returns why the link has ended, if it has, else err.
func (l *link) or(err error) error {
	if cause := context.Cause(l.ctx); cause != nil {
		return cause
	}
	return err
}

// await returns the connection once there is one, if the server offers tool.
// attempts counts the attempts to connect so far.
func (l *link) await(ctx context.Context, tool string) (conn connection, attempts int, err error) {
	conn, attempts, changed, err := l.look(tool)
	if changed == nil { // as most often: a timer would be made for nothing
		return conn, attempts, err
	}
	limit := l.srv.policy().startTimeout()
	ctx, cancel := context.WithTimeoutCause(ctx, limit, timeoutError{"the start timeout", limit})
	defer cancel()
	for {
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, 0, context.Cause(ctx)
		}
		if conn, attempts, changed, err = l.look(tool); changed == nil {
			return conn, attempts, err
		}
	}
}

// look returns the connection as [link.await] does, or what to wait for before
// there may be one.
func (l *link) look(tool string) (conn connection, attempts int, changed <-chan struct{}, err error) {
	l.mu.Lock()
	state, changed := l.state, l.changed
	conn, attempts = l.conn, l.attempts
	cause, next := l.cause, l.nextTry
	l.mu.Unlock()
	switch state {
	case Ready:
		if tool != "" && !l.srv.offers(tool) {
			return nil, 0, nil, &bindery.Error{Code: bindery.NotFound, Err: fmt.Errorf("server %q has no tool %q", l.srv.spec.Name, tool)}
		}
		return conn, attempts, nil, nil
	case Failed:
		return nil, 0, nil, &downError{cause, time.Until(next)}
	case NeedsLogin:
		return nil, 0, nil, cause
	case Closed:
		return nil, 0, nil, l.or(errClosed)
	case Idle:
		l.wanted.raise()
	}
	return nil, 0, changed, nil
}

// left waits for a connection that seems broken to be given up, and for one
// attempt at the next one to end. It returns false if that does not happen.
func (l *link) left(ctx context.Context, conn connection, attempts int) bool {
	grace := time.NewTimer(2 * time.Second)
	defer grace.Stop()
	for first := true; ; first = false {
		l.mu.Lock()
		state, current, over, changed := l.state, l.conn, l.attempts > attempts, l.changed
		l.mu.Unlock()
		switch {
		case over || state == Closed || state == Failed || state == NeedsLogin:
			return true
		case state == Idle:
			l.wanted.raise()
		case state == Ready && current == conn && first:
			l.doubted.raise()
		}
		if state != Ready {
			// On the way: the attempt has its own deadline.
			grace.Stop()
		}
		select {
		case <-changed:
		case <-grace.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// send makes one request, bounded by the call timeouts and the life of the
// connection.
func (l *link) send(ctx context.Context, conn connection, do request) (json.RawMessage, error) {
	f, err := l.takeOff(conn)
	if err != nil {
		return nil, &unsentError{err}
	}
	caller := ctx
	policy := l.srv.policy()
	ctx, abort := context.WithCancelCause(ctx)
	defer abort(nil)
	waiting := newPatience(policy.callTimeout(), policy.maxCallTimeout(), abort)
	defer waiting.end()
	ctx = waiting.minding(ctx)
	stop := context.AfterFunc(f.life, func() { abort(context.Cause(f.life)) })
	defer stop()
	raw, err := do(ctx, conn)
	if err != nil && ctx.Err() != nil {
		if errors.Is(err, session.ErrNotSent) {
			err = fmt.Errorf("%w: %w", session.ErrNotSent, context.Cause(ctx))
		} else {
			err = context.Cause(ctx)
		}
	}
	switch cause := context.Cause(f.life); {
	case err == nil || ctx.Err() != nil:
	case cause != nil && !errors.Is(cause, errEnded):
		// The connection ended by our own doing, and the request heard of it
		// before it heard why.
		err = cause
	default:
		err = ending(conn, err)
	}
	l.land(f, judge(caller, f.life, err, time.Since(f.start)), err)
	return raw, err
}

// ending returns err as the loss of the connection, if that is what it is: where
// a server has broken the protocol, the requests that were under way get the
// error that ended the session, a moment before it has.
func ending(conn connection, err error) error {
	var limit *session.LimitError
	if isAnswer(err) || errors.As(err, &limit) {
		return err
	}
	if code, _ := classify(err); code != bindery.Upstream {
		return err
	}
	t := time.NewTimer(50 * time.Millisecond)
	defer t.Stop()
	select {
	case <-conn.Done():
		return &goneError{err}
	case <-t.C:
		return err
	}
}

// flight is a request under way.
type flight struct {
	place *list.Element
	start time.Time
	trial bool            // of the circuit
	life  context.Context // of the connection
}

// sentAt returns when a request under way was sent.
func sentAt(flight *list.Element) time.Time {
	t, _ := flight.Value.(time.Time)
	return t
}

// takeOff counts a request as under way, if the circuit lets it through.
func (l *link) takeOff(conn connection) (flight, error) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != conn || l.life == nil {
		return flight{}, l.or(session.ErrNotSent)
	}
	ok, trial, wait := l.circuit.admit(now)
	if !ok {
		return flight{}, &downError{l.cause, wait}
	}
	if !l.watched {
		l.watched = true
		l.busy.raise()
	}
	return flight{l.flights.PushBack(now), now, trial, l.life}, nil
}

// land takes the outcome of a request.
func (l *link) land(f flight, v verdict, err error) {
	now := time.Now()
	l.srv.meter.add(now.Sub(f.start), err != nil && v != good)
	l.mu.Lock()
	// An answer that overtakes an older request by far shows that the server
	// does several things at once.
	if older := f.place.Prev(); v == good && older != nil && f.start.Sub(sentAt(l.flights.Front())) > 100*time.Millisecond {
		l.parallel = true
	}
	l.flights.Remove(f.place)
	if l.flights.Len() == 0 {
		l.landed.raise()
	}
	if v == good {
		l.heard = now
	}
	wasOpen := l.circuit.openings > 0
	opened := l.circuit.settle(v, f.trial, now)
	closed := wasOpen && l.circuit.openings == 0
	switch {
	case opened:
		l.cause = l.srv.tripped(l.circuit.failures, err)
		l.log.Warn("server does not do its work", "error", l.cause)
	case closed && l.state == Ready:
		l.cause = nil
	}
	l.mu.Unlock()
	if closed && l.shared() {
		l.srv.publish()
	}
	if opened || err != nil && isDoubtful(err) {
		l.doubted.raise()
	}
}

// tripped is the cause of an open circuit.
func (s *server) tripped(failures int, last error) *bindery.Error {
	e := s.explain("use "+s.spec.Name, last)
	e.Err = &shownError{fmt.Sprintf("%d requests in a row failed, the last one with: %v", failures, e.Err), e.Err}
	return e
}

// judge says what the outcome of a request says of the server. The end of a
// connection is not its affair: the server is connected anew for that.
func judge(caller, life context.Context, err error, took time.Duration) verdict {
	var (
		limit  *session.LimitError
		status *streamable.StatusError
	)
	switch {
	case err == nil || isAnswer(err):
		return good
	case errors.Is(err, session.ErrNotSent) || errors.As(err, &limit) || life.Err() != nil:
		return neither
	case caller.Err() != nil:
		if errors.Is(caller.Err(), context.DeadlineExceeded) && took >= hasty {
			return bad
		}
		return neither
	case errors.As(err, &status) && status.Status >= 500:
		return bad
	}
	switch code, _ := classify(err); code {
	case bindery.Timeout, bindery.Upstream:
		return bad
	default:
		return neither
	}
}

// isDoubtful reports whether an error makes it worth asking whether the server
// is there.
func isDoubtful(err error) bool {
	var status *streamable.StatusError
	if errors.As(err, &status) && status.Status != 0 {
		return status.Status == 401 || status.Status == 404
	}
	code, _ := classify(err)
	return code == bindery.Unavailable
}
