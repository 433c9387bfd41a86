package backends

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/oauth"
)

// link keeps one connection to a server: one goroutine, run, owns it. There is
// one that all sessions share, on which the tools are listed, and where
// sessions are kept apart, one for each besides.
type link struct {
	srv     *server
	key     string            // among those of the server; "" for the shared one
	session string            // whose it is, "" for nobody's
	headers map[string]string // of its requests alone
	log     *slog.Logger

	ctx     context.Context // ends for good
	cancel  context.CancelCauseFunc
	wanted  signal        // a request waits for a connection
	dirty   signal        // the tools have changed
	doubted signal        // there is reason to ask the server whether it is there
	busy    signal        // a request is under way after a time without
	retuned signal        // the policy has changed
	landed  signal        // the last request under way has ended
	settled chan struct{} // closed when there is nothing to wait for at a start
	once    sync.Once     // closes settled
	gate    gate
	subs    *subscriptions

	mu       sync.Mutex
	conn     connection // the current or the last one
	life     context.Context
	end      context.CancelCauseFunc // of life
	state    State
	since    time.Time
	cause    *bindery.Error
	nextTry  time.Time
	up       time.Time // since when conn is ready
	attempts int       // that have ended
	restarts int
	changed  chan struct{} // closed when any of the above changes
	circuit  circuit
	users    int           // requests, waiting ones too
	free     chan struct{} // closed when there are none, for drain
	flights  list.List     // of time.Time, when each request under way was sent, oldest first
	heard    time.Time     // when the server last gave a sign of life
	used     time.Time     // when the last request ended
	watched  bool          // the watch for silence is on
	parallel bool          // the server has answered while an older request was under way
}

// signal holds a token when something has to be done.
type signal chan struct{}

func newSignal() signal { return make(signal, 1) }

// raise never blocks.
func (s signal) raise() {
	select {
	case s <- struct{}{}:
	default:
	}
}

func newLink(srv *server, session, key string, headers map[string]string) *link {
	l := &link{
		srv: srv, session: session, key: key, headers: headers, log: srv.log, subs: newSubscriptions(),
		wanted: newSignal(), dirty: newSignal(), doubted: newSignal(), busy: newSignal(), retuned: newSignal(), landed: newSignal(),
		settled: make(chan struct{}), changed: make(chan struct{}), since: time.Now(), state: Connecting,
	}
	if key != "" {
		l.log = l.log.With("session", l.id())
	}
	l.gate.resize(srv.policy().InFlight)
	l.ctx, l.cancel = context.WithCancelCause(srv.ctx)
	if l.restful() {
		l.state = Idle
	}
	return l
}

// id stands for the key, which is a secret of its client.
func (l *link) id() string {
	h := sha256.Sum256([]byte(l.key))
	return hex.EncodeToString(h[:4])
}

func (l *link) shared() bool { return l.key == "" }

// restful reports whether the link connects when asked and not by itself.
func (l *link) restful() bool {
	if l.subscribed() {
		return false
	}
	return !l.shared() || l.srv.policy().Lazy && l.srv.knows()
}

// update changes the state under the lock and tells everyone.
func (l *link) update(change func()) {
	l.mu.Lock()
	before := l.state
	change()
	if l.state != before {
		l.since = time.Now()
	}
	close(l.changed)
	l.changed = make(chan struct{})
	l.mu.Unlock()
	if l.shared() {
		l.srv.publish()
	}
}

func (l *link) settle() { l.once.Do(func() { close(l.settled) }) }

// Reasons for the end of what runs on a link.
var (
	errRest    = &endError{"nobody needs the connection for now"}
	errEnded   = &endError{"the connection has ended"}
	errRemoved = &endError{"the server was taken out of the configuration"}
	errLeft    = &endError{"the client's session has ended"}
	errEvicted = &endError{"the connection was needed for another session"}
)

// run connects, serves and connects again until the link is ended.
func (l *link) run() {
	defer l.settle()
	defer l.update(func() { l.state = Closed })
	defer l.cancel(nil)
	var b backoff
	resting := l.restful()
	for l.ctx.Err() == nil {
		if resting {
			l.settle()
			if !l.rest() {
				return
			}
		}
		l.update(func() { l.state = Connecting })
		select {
		case <-l.wanted: // whoever it was sees that the link is on its way
		default:
		}
		served, err := l.attempt(&b)
		if l.ctx.Err() != nil {
			return
		}
		if resting = errors.Is(err, errRest); resting {
			continue
		}
		if useless, ok := oauth.NeedsLogin(err); ok && !served {
			if !l.awaitLogin(err, useless) {
				return
			}
			resting = l.restful()
			continue
		}
		delay := b.after(served)
		cause := l.srv.explain("connect to "+l.srv.spec.Name, err)
		l.log.Warn("server failed", "error", cause, "next_try", delay)
		l.update(func() {
			l.restarts++
			l.cause, l.nextTry = cause, time.Now().Add(delay)
			l.state = Connecting
			if delay > 0 {
				l.state = Failed
			}
		})
		l.settle()
		l.pause(delay)
		resting = l.restful()
	}
}

func (l *link) pause(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-l.ctx.Done():
	}
}

// rest waits until a request wants a connection. It returns false when none
// ever will.
func (l *link) rest() bool {
	l.update(func() { l.state = Idle })
	var leave <-chan time.Time
	if !l.shared() {
		t := time.NewTicker(l.srv.policy().idleTime(false))
		defer t.Stop()
		leave = t.C
	}
	for {
		select {
		case <-l.wanted:
			return true
		case <-leave:
			if l.srv.drop(l, l.srv.policy().idleTime(false)) {
				return false
			}
		case <-l.ctx.Done():
			return false
		}
	}
}

// attempt is one connection from beginning to end. It returns why it ended, and
// whether there was one.
func (l *link) attempt(b *backoff) (served bool, err error) {
	first := !l.srv.knows()
	conn, o, err := l.open()
	if err != nil {
		l.mu.Lock()
		l.attempts++
		l.mu.Unlock()
		return false, err
	}
	again := l.conn != nil
	life, end := context.WithCancelCause(l.ctx)
	defer end(errEnded) // after whatever was under way has ended with the connection
	defer l.hangUp(conn)
	if l.shared() {
		l.srv.save(o)
		l.log.Info("server ready", "tools", len(o.tools), "protocol", o.protocol)
		l.srv.keep(o)
		l.srv.take(o, conn)
	}
	start := time.Now()
	l.update(func() {
		l.attempts++
		l.conn, l.life, l.end, l.state, l.up = conn, life, end, Ready, start
		l.used, l.heard, l.parallel = start, start, false
		if l.circuit.openings == 0 {
			l.cause = nil
		}
		l.circuit.until = start // a new connection is worth a trial
	})
	l.settle()
	err = l.serve(conn, first, again)
	b.lasted(time.Since(start))
	return true, err
}

// open connects and, if the link is the one for that, lists, both within the
// start timeout.
func (l *link) open() (connection, *offer, error) {
	limit := l.srv.policy().startTimeout()
	ctx, cancel := context.WithTimeoutCause(l.ctx, limit, timeoutError{"the start timeout", limit})
	defer cancel()
	conn, err := connect(ctx, l.spec(), l.srv.opts, l.srv.authorizer(), l.notice)
	if err != nil {
		return nil, nil, err
	}
	if !l.shared() {
		l.srv.prepare(conn)
		return conn, nil, nil
	}
	o, err := l.srv.list(ctx, conn)
	if err != nil {
		l.hangUp(conn)
		return nil, nil, err
	}
	return conn, &o, nil
}

// hangUp closes a connection. The link's context may be over by then, but closing
// is bounded by itself.
func (l *link) hangUp(conn connection) {
	if err := conn.Close(context.Background()); err != nil {
		l.log.Error("the connection cannot be closed", "error", err)
	}
}

// lend counts a request that is going to use the link. The lock of the link is
// not held.
func (l *link) lend() {
	l.mu.Lock()
	l.users++
	l.mu.Unlock()
}

func (l *link) giveBack() {
	l.mu.Lock()
	l.users--
	l.used = time.Now()
	if l.users == 0 && l.free != nil {
		close(l.free)
		l.free = nil
	}
	l.mu.Unlock()
}

// lose ends what is under way on the current connection, which does not end by
// itself.
func (l *link) lose(why error) {
	l.mu.Lock()
	end := l.end
	l.mu.Unlock()
	end(why)
}

// unused reports whether the link has had no request for d.
func (l *link) unused(d time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.users == 0 && time.Since(l.used) >= d
}

// drain waits until no request uses the link.
func (l *link) drain(ctx context.Context) {
	free := make(chan struct{})
	l.mu.Lock()
	if l.users == 0 {
		close(free)
	} else {
		l.free = free
	}
	l.mu.Unlock()
	select {
	case <-free:
	case <-ctx.Done():
	}
}

// view is the state that others see: a server whose circuit is open is as good
// as one that is down.
func (l *link) view() (State, *bindery.Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	state, cause, _ := l.viewLocked()
	return state, cause
}

func (l *link) viewLocked() (state State, cause *bindery.Error, next time.Time) {
	switch {
	case l.state == Ready && l.circuit.open(time.Now()):
		return Failed, l.cause, l.circuit.until
	case l.state == Failed:
		return Failed, l.cause, l.nextTry
	case l.state == NeedsLogin:
		return NeedsLogin, l.cause, time.Time{}
	}
	return l.state, l.cause, time.Time{}
}

// runner is a connection to a process of its own.
type runner interface{ PID() int }

// namer is a connection whose transport was found out.
type namer interface{ Transport() string }

// report fills in what the shared link knows.
func (l *link) report(st *Status) {
	l.mu.Lock()
	defer l.mu.Unlock()
	st.State, st.Cause, st.NextTry = l.viewLocked()
	st.Since, st.Restarts = l.since, l.restarts
	st.InFlight = l.flights.Len()
	st.Waiting = l.users - st.InFlight
	if l.state == Ready {
		st.Uptime = Millis(time.Since(l.up))
		if p, ok := l.conn.(runner); ok {
			st.PID = p.PID()
		}
		if c, ok := l.conn.(namer); ok {
			st.Transport = c.Transport()
		}
	}
	if p, ok := l.conn.(talker); ok {
		st.Skipped, st.FirstSkipped = p.Skipped()
		st.Stderr = p.Stderr()
	}
}

func (l *link) sessionStatus() SessionStatus {
	var st Status
	l.report(&st)
	return SessionStatus{ID: l.id(), State: st.State, Since: st.Since, InFlight: st.InFlight, Waiting: st.Waiting, PID: st.PID}
}
