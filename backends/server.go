package backends

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/oauth"
	"github.com/bindery-mcp/bindery/backends/stdio"
)

// modernEra is the first version of the protocol without sessions.
const modernEra = "2026-07-28"

// server is one server of a set: what it offers, and its links.
type server struct {
	spec    Spec // as it was at first: how the server is reached never changes
	opts    Options
	log     *slog.Logger
	secrets session.Redactor
	auth    *oauth.Source // nil without OAuth
	home    string        // the user's, "" if unknown
	publish func()
	lookup  func(name string) *server // in the set as it is now
	notify  func(Notice)
	crew    *crew

	ctx    context.Context // ends when the server leaves the set
	cancel context.CancelCauseFunc

	current atomic.Pointer[Spec] // with the policy of now
	known   atomic.Bool          // that there is an offer
	pace    pace
	meter   meter
	shared  *link

	mu       sync.Mutex
	offer    offer
	cached   bool                  // offer is that of an earlier run
	listings int                   // that were taken from the server
	listed   chan struct{}         // closed when the server has been asked, whatever it said
	sessions map[string]*link      // those that have a link of their own, by its key
	lists    [Prompts + 1]itemList // what it lists besides tools
}

// offer is what a server offers: what it said of itself, and its tools.
type offer struct {
	title, instructions string
	version, protocol   string
	offers              Capabilities
	tools               []bindery.Tool
	names               map[string]bool
	tasks               map[string]bool // those that are called as tasks only
	refused             []string
	raw                 []json.RawMessage // all tools as they came
	policy              *Spec             // that tools were chosen by
	fresh               time.Duration     // how long the list is, 0 if that is not known
}

// newServer returns a server that does nothing yet. Before is the server that
// it replaces, if there is one.
func (s *Set) newServer(spec Spec, before *server) *server {
	home, err := os.UserHomeDir()
	if err != nil {
		home = ""
	}
	srv := &server{
		spec: spec, opts: s.opts, log: s.opts.Logger.With("server", spec.Name), publish: s.publish, lookup: s.server, notify: s.hub.post, crew: &s.crew,
		secrets: session.NewRedactor(spec.secrets()), home: home,
		sessions: map[string]*link{}, listed: make(chan struct{}),
	}
	srv.ctx, srv.cancel = context.WithCancelCause(s.ctx)
	if spec.OAuth != nil && s.opts.Tokens != nil {
		srv.auth = oauth.NewSource(srv.ctx, *spec.OAuth, s.opts.Tokens, s.crew.run)
		context.AfterFunc(srv.ctx, srv.auth.Close)
	}
	srv.current.Store(&spec)
	srv.pace.set(spec.Rate, spec.Burst)
	srv.remember(before)
	srv.shared = newLink(srv, "", "", nil)
	if before != nil {
		srv.inherit(before)
	}
	return srv
}

// remember takes what the server offered when it was last connected.
func (s *server) remember(before *server) {
	if before != nil {
		if before.spec.digest() == s.spec.digest() && before.knows() {
			before.mu.Lock()
			s.offer, s.cached = before.offer, true
			before.mu.Unlock()
			s.offer.retake(s.spec, nil)
			s.known.Store(true)
			return
		}
	}
	if s.opts.CacheDir == "" {
		return
	}
	o, err := readCache(s.opts.CacheDir, s.spec)
	if err != nil {
		s.log.Debug("no cached tools", "error", err)
		return
	}
	s.offer, s.cached = o, true
	s.known.Store(true)
}

// retake makes the tools of o anew.
func (o *offer) retake(spec Spec, prepare func(bindery.Tool) error) {
	o.tools, o.names, o.tasks, o.refused = nil, nil, nil, nil
	o.take(spec, prepare)
}

// policy is the spec of now.
func (s *server) policy() *Spec { return s.current.Load() }

// knows reports whether it is known what the server offers.
func (s *server) knows() bool { return s.known.Load() }

func (s *server) offers(tool string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.offer.names[tool]
}

// adjust changes the policy under the connections. It does not publish.
func (s *server) adjust(spec Spec) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Store(&spec)
	s.pace.set(spec.Rate, spec.Burst)
	if s.knows() {
		before := s.offer.tools
		s.shared.mu.Lock()
		conn := s.shared.conn
		s.shared.mu.Unlock()
		s.offer.retake(spec, prepareOf(conn))
		if slices.EqualFunc(before, s.offer.tools, func(a, b bindery.Tool) bool { return a.ID == b.ID }) {
			s.offer.tools = before // the same list, as far as whoever compares lists can tell
		}
	}
	for _, l := range append(s.links(), s.shared) {
		l.gate.resize(spec.InFlight)
		l.retuned.raise()
	}
}

// prepareOf returns what a connection has to say to a tool, or nil.
func prepareOf(conn connection) func(bindery.Tool) error {
	if p, ok := conn.(preparer); ok {
		return p.Prepare
	}
	return nil
}

// links returns those of sessions. The lock is held.
func (s *server) links() []*link {
	all := make([]*link, 0, len(s.sessions)+1)
	for _, l := range s.sessions {
		all = append(all, l)
	}
	return all
}

// prepare tells a session's connection of the tools.
func (s *server) prepare(conn connection) {
	prepare := prepareOf(conn)
	if prepare == nil {
		return
	}
	s.mu.Lock()
	tools := s.offer.tools
	s.mu.Unlock()
	for _, t := range tools {
		_ = prepare(t) // a tool that it refuses is not among them
	}
}

// take makes o, of conn, what the server offers. The caller publishes.
func (s *server) take(o *offer, conn connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offer, s.cached = *o, false
	s.known.Store(true)
	s.listings++
	s.tell()
	if p := s.policy(); o.policy != p {
		// It has changed while the tools were listed.
		s.offer.retake(*p, prepareOf(conn))
	}
}

// save writes the cache, if there is one.
func (s *server) save(o *offer) {
	if s.opts.CacheDir == "" {
		return
	}
	if err := writeCache(s.opts.CacheDir, s.spec, *o); err != nil {
		s.log.Warn("the cache of tools cannot be written", "error", err)
	}
}

// borrow returns the link for a request, which gives it back.
func (s *server) borrow(ctx context.Context) (*link, error) {
	if len(s.spec.Forward) > 0 {
		return s.borrowFor(ctx, PeerOf(ctx))
	}
	return s.follower(ctx)
}

// apart returns the session that has a connection of its own for what ctx is
// about, "" if there is none.
func (s *server) apart(ctx context.Context) string {
	if p := PeerOf(ctx); p != nil && s.spec.Isolate && len(s.spec.Forward) == 0 {
		return p.Session
	}
	return ""
}

// linkOf returns the link of a key, nil if there is none.
func (s *server) linkOf(key string) *link {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[key]
}

// own lends the link of a key, which belongs to a session if that is not "", and
// whose requests have headers of their own.
func (s *server) own(ctx context.Context, session, key string, headers map[string]string) (*link, error) {
	if !s.knows() {
		// What the server offers is known once the shared link has listed it.
		s.shared.lend()
		_, _, err := s.shared.await(ctx, "")
		s.shared.giveBack()
		if err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.sessions[key]
	if l == nil {
		if err := s.makeRoom(); err != nil {
			return nil, err
		}
		l = newLink(s, session, key, headers)
		if !s.crew.run(l.run) {
			return nil, errClosed
		}
		s.sessions[key] = l
	}
	l.lend()
	return l, nil
}

// makeRoom ends the link that was unused for longest if there are as many as
// there may be, one over which nothing is followed if there is such a one. The lock is held.
func (s *server) makeRoom() error {
	if len(s.sessions) < s.opts.MaxSessions {
		return nil
	}
	var oldest *link
	var used time.Time
	follows := false // whether oldest does
	for _, l := range s.sessions {
		follow := l.subscribed()
		l.mu.Lock()
		if better := l.used.Before(used); l.users == 0 && (oldest == nil || follow == follows && better || follows && !follow) {
			oldest, used, follows = l, l.used, follow
		}
		l.mu.Unlock()
	}
	if oldest == nil {
		return &bindery.Error{
			Code: bindery.Limit, Hint: "wait until a session ends or is idle, then try again",
			Err: fmt.Errorf("%s of the server of their own, and all are in use", count(len(s.sessions), "session has a connection")),
		}
	}
	delete(s.sessions, oldest.key)
	oldest.cancel(errEvicted)
	return nil
}

// drop ends the link of a session that has had no request for d, and reports
// whether it does.
func (s *server) drop(l *link, d time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !l.unused(d) {
		return false
	}
	if s.sessions[l.key] == l {
		delete(s.sessions, l.key)
	}
	l.cancel(errRest)
	return true
}

// endSession ends the link of a session, with what is under way on it.
func (s *server) endSession(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, l := range s.sessions {
		if l.session == name {
			delete(s.sessions, key)
			l.cancel(errLeft)
		}
	}
}

// retire ends the server after its requests, which have until their own
// timeout.
func (s *server) retire() {
	s.mu.Lock()
	all := append(s.links(), s.shared)
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(s.ctx, s.policy().maxCallTimeout())
	defer cancel()
	for _, l := range all {
		l.drain(ctx)
	}
	s.cancel(errRemoved)
}

func (s *server) entry() Server {
	state, cause := s.shared.view()
	s.mu.Lock()
	defer s.mu.Unlock()
	e := Server{Name: s.spec.Name, Identity: s.spec.digest(), State: state, Cause: cause, FromCache: s.cached}
	e.describe(&s.offer)
	return e
}

// talker is a connection to a process, which may say more than messages.
type talker interface {
	Skipped() (count int, first []string)
	Stderr() []string
}

func (s *server) status() Status {
	st := Status{Name: s.spec.Name, Transport: s.spec.transport()}
	s.mu.Lock()
	st.Tools, st.Refused = len(s.offer.tools), s.offer.refused
	if !s.cached {
		st.Protocol, st.Version = s.offer.protocol, s.offer.version
	}
	links := s.links()
	s.mu.Unlock()
	if st.Protocol != "" {
		st.Era = "legacy"
		if st.Protocol >= modernEra {
			st.Era = "modern"
		}
	}
	st.Calls, st.Failures, st.Latency = s.meter.read()
	s.shared.report(&st)
	for _, l := range links {
		st.Sessions = append(st.Sessions, l.sessionStatus())
	}
	slices.SortFunc(st.Sessions, func(a, b SessionStatus) int { return strings.Compare(a.ID, b.ID) })
	if st.Cause != nil {
		// One that failed in the handshake has left no connection.
		if lines := stdio.Stderr(st.Cause); len(lines) > 0 {
			st.Stderr = lines
		}
	}
	return st
}
