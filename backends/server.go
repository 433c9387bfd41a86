package backends

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/stdio"
)

// refreshPause is the least time between two listings that list_changed
// notifications cause, however many there are.
const refreshPause = time.Second

// server supervises one server: one goroutine, run, owns its connection.
type server struct {
	spec    Spec
	opts    Options
	log     *slog.Logger
	secrets session.Redactor
	home    string // the user's, "" if unknown
	publish func()

	ctx     context.Context // ends when the set is closed
	dirty   chan struct{}   // holds a token when the tools have changed
	settled chan struct{}   // closed when the first attempt has ended
	once    sync.Once       // closes settled

	mu       sync.Mutex
	conn     connection // the current or the last one
	state    State
	since    time.Time
	cause    *bindery.Error
	nextTry  time.Time
	attempts int // that have ended
	offer    offer
	cached   bool
	changed  chan struct{} // closed when any of the above changes
}

// offer is what a server offers: what it said of itself, and its tools.
type offer struct {
	title, instructions string
	version, protocol   string
	tools               []bindery.Tool
	names               map[string]bool
	refused             []string
	raw                 []json.RawMessage // all tools as they came, for the cache
}

func newServer(ctx context.Context, spec Spec, o Options, publish func()) *server {
	home, err := os.UserHomeDir()
	if err != nil {
		home = ""
	}
	s := &server{
		spec: spec, opts: o, log: o.Logger.With("server", spec.Name), publish: publish, ctx: ctx,
		secrets: session.NewRedactor(spec.secrets()), home: home,
		dirty: make(chan struct{}, 1), settled: make(chan struct{}), changed: make(chan struct{}),
		state: Connecting, since: time.Now(),
	}
	if o.CacheDir != "" {
		if c, err := readCache(o.CacheDir, spec); err == nil {
			s.offer, s.cached = c, true
		} else {
			s.log.Debug("no cached tools", "error", err)
		}
	}
	return s
}

func (s *server) entry() Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Server{
		Name: s.spec.Name, Identity: s.spec.digest(), Title: s.offer.title, Instructions: s.offer.instructions,
		Tools: s.offer.tools, State: s.state, Cause: s.cause, FromCache: s.cached,
	}
}

// talker is a connection to a process, which may say more than messages.
type talker interface {
	Skipped() (count int, first []string)
	Stderr() []string
}

func (s *server) status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Status{
		Name: s.spec.Name, State: s.state, Since: s.since, Cause: s.cause, Restarts: max(0, s.attempts-1),
		Tools: len(s.offer.tools), Refused: s.offer.refused,
	}
	if s.state == Failed {
		st.NextTry = s.nextTry
	}
	if !s.cached {
		st.Protocol, st.Version = s.offer.protocol, s.offer.version
	}
	if p, ok := s.conn.(talker); ok {
		st.Skipped, st.FirstSkipped = p.Skipped()
		st.Stderr = p.Stderr()
	}
	if s.cause != nil {
		// One that failed in the handshake has left no connection.
		if lines := stdio.Stderr(s.cause); len(lines) > 0 {
			st.Stderr = lines
		}
	}
	return st
}

// update changes the state under the lock and tells everyone.
func (s *server) update(change func()) {
	s.mu.Lock()
	before := s.state
	change()
	if s.state != before {
		s.since = time.Now()
	}
	close(s.changed)
	s.changed = make(chan struct{})
	s.mu.Unlock()
	s.publish()
}

// run connects, serves and connects again until the set is closed.
func (s *server) run() {
	defer s.once.Do(func() { close(s.settled) })
	defer s.update(func() { s.state = Closed })
	var b backoff
	for s.ctx.Err() == nil {
		err := s.attempt(&b)
		if s.ctx.Err() != nil {
			return
		}
		delay := b.next()
		cause := s.explain("connect to "+s.spec.Name, err)
		s.log.Warn("server failed", "error", cause, "next_try", delay)
		s.update(func() { s.state, s.cause, s.nextTry = Failed, cause, time.Now().Add(delay) })
		s.once.Do(func() { close(s.settled) })
		t := time.NewTimer(delay)
		select {
		case <-t.C:
		case <-s.ctx.Done():
			t.Stop()
		}
		if s.ctx.Err() == nil {
			s.update(func() { s.state = Connecting })
		}
	}
}

// attempt is one connection from beginning to end. It returns why it ended.
func (s *server) attempt(b *backoff) error {
	conn, o, err := s.open()
	if err != nil {
		s.count()
		return err
	}
	defer s.end(conn)
	s.save(&o)
	s.log.Info("server ready", "tools", len(o.tools), "protocol", o.protocol)
	start := time.Now()
	s.update(func() {
		s.attempts++
		s.conn, s.state, s.cause, s.offer, s.cached = conn, Ready, nil, o, false
	})
	s.once.Do(func() { close(s.settled) })
	err = s.serve(conn)
	b.lasted(time.Since(start))
	return err
}

func (s *server) count() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts++
}

// open connects and lists, both within the start timeout.
func (s *server) open() (connection, offer, error) {
	ctx, cancel := context.WithTimeoutCause(s.ctx, s.spec.startTimeout(), timeoutError{"the start timeout", s.spec.startTimeout()})
	defer cancel()
	conn, err := connect(ctx, s.spec, s.opts, s.markDirty)
	if err != nil {
		return nil, offer{}, err
	}
	o, err := s.list(ctx, conn)
	if err != nil {
		s.end(conn)
		return nil, offer{}, err
	}
	return conn, o, nil
}

// end closes a connection. The set's context may be over by then, but closing
// is bounded by itself.
func (s *server) end(conn connection) {
	if err := conn.Close(context.Background()); err != nil {
		s.log.Error("the connection cannot be closed", "error", err)
	}
}

func (s *server) markDirty() {
	select {
	case s.dirty <- struct{}{}:
	default:
	}
}

// serve keeps the tools up to date until the connection or the set ends.
func (s *server) serve(conn connection) error {
	dirty, pause := s.dirty, (<-chan time.Time)(nil)
	for {
		select {
		case <-s.ctx.Done():
			return s.ctx.Err()
		case <-conn.Done():
			return conn.Err()
		case <-pause:
			dirty, pause = s.dirty, nil
		case <-dirty:
			s.refresh(conn)
			dirty, pause = nil, time.After(refreshPause)
		}
	}
}

func (s *server) refresh(conn connection) {
	ctx, cancel := context.WithTimeoutCause(s.ctx, s.spec.startTimeout(), timeoutError{"the start timeout", s.spec.startTimeout()})
	defer cancel()
	o, err := s.list(ctx, conn)
	if err != nil {
		s.log.Warn("the tools have changed and cannot be listed; the old list stays", "error", s.explain("list tools of "+s.spec.Name, err))
		return
	}
	s.save(&o)
	s.update(func() { s.offer = o })
}

// save writes the cache, if there is one, and drops what only it needed.
func (s *server) save(o *offer) {
	if s.opts.CacheDir != "" {
		if err := writeCache(s.opts.CacheDir, s.spec, *o); err != nil {
			s.log.Warn("the cache of tools cannot be written", "error", err)
		}
	}
	o.raw = nil
}
