package backends

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bindery-mcp/bindery/backends/oauth"
)

// Defaults of [Options].
const (
	DefaultMaxMessage  = 16 << 20 // bytes
	DefaultMaxSessions = 32
	DefaultSilence     = 10 * time.Second
)

// Options configure a [Set]. The zero value is usable.
type Options struct {
	// CacheDir holds what servers offered when they were last seen; "" for no
	// cache. It is created when needed.
	CacheDir string
	Logger   *slog.Logger // nil for none
	// MaxMessage is the size of the longest message taken from a server, in
	// bytes, after decompression. 0 stands for [DefaultMaxMessage].
	MaxMessage int64
	// MaxSessions is how many sessions may have a connection of their own to one
	// server that is isolated; further ones take the place of one that is not in
	// use. 0 stands for [DefaultMaxSessions].
	MaxSessions int
	// Silence is how long a server may say nothing while requests are under way
	// before it is asked whether it is still there, and then how long it may take
	// to answer. 0 stands for [DefaultSilence].
	Silence time.Duration
	// Tokens keeps what servers with OAuth give out; nil to use no OAuth.
	Tokens oauth.TokenStore
	// ClientName and ClientVersion are what servers are told.
	ClientName    string
	ClientVersion string
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.MaxMessage <= 0 {
		o.MaxMessage = DefaultMaxMessage
	}
	if o.MaxSessions <= 0 {
		o.MaxSessions = DefaultMaxSessions
	}
	if o.Silence <= 0 {
		o.Silence = DefaultSilence
	}
	if o.ClientName == "" {
		o.ClientName = "bindery"
	}
	if o.ClientVersion == "" {
		o.ClientVersion = "0"
	}
	return o
}

// Set is a number of servers that are kept connected. It is a
// [bindery.Caller], and its methods are safe for concurrent use.
type Set struct {
	opts Options

	ctx       context.Context // ends when the set is closed
	cancel    context.CancelCauseFunc
	crew      crew
	hub       hub
	roster    atomic.Pointer[roster]
	catalogue atomic.Pointer[Catalogue]

	applying sync.Mutex // held while the roster is made anew
	mu       sync.Mutex // held while the catalogue is
	changed  chan struct{}
}

// Open starts to connect to all servers at once and returns without waiting
// for any: until one is connected, its tools are those in the cache. The error
// is for specs that make no sense. The set lives until [Set.Close], also when
// ctx ends: calls under way at a shutdown need their servers to the last.
func Open(ctx context.Context, specs []Spec, o Options) (*Set, error) {
	if err := validate(specs); err != nil {
		return nil, err
	}
	s := &Set{opts: o.withDefaults(), changed: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	r := &roster{byName: make(map[string]*server, len(specs))}
	for _, spec := range specs {
		srv := s.newServer(spec, nil)
		r.list = append(r.list, srv)
		r.byName[spec.Name] = srv
	}
	s.replace(r, func() {})
	for _, srv := range r.list {
		srv.start()
	}
	return s, nil
}

// members are the servers of now, in the order of the configuration.
func (s *Set) members() []*server { return s.roster.Load().list }

// server returns the server of a name, or nil.
func (s *Set) server(name string) *server { return s.roster.Load().byName[name] }

// replace changes the roster, does what goes with that, and publishes both at
// once.
func (s *Set) replace(r *roster, also func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roster.Store(r)
	also()
	s.publishLocked()
}

// publish makes a new catalogue of what the servers are now.
func (s *Set) publish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publishLocked()
}

func (s *Set) publishLocked() {
	r := s.roster.Load()
	c := &Catalogue{Version: 1, Servers: make([]Server, len(r.list))}
	if old := s.catalogue.Load(); old != nil {
		c.Version = old.Version + 1
	}
	for i, srv := range r.list {
		c.Servers[i] = srv.entry()
	}
	s.catalogue.Store(c)
	close(s.changed)
	s.changed = make(chan struct{})
}

// Catalogue returns what the servers offer now. It is cheap.
func (s *Set) Catalogue() *Catalogue { return s.catalogue.Load() }

// Changed returns a channel that is closed at the next change of the
// catalogue. To miss none, take it before the catalogue.
func (s *Set) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// Ready waits until each of the named servers, or every one if there are no
// names, has either connected or failed to; one that starts at its first request
// is ready when its tools are known. The only error is that of ctx.
func (s *Set) Ready(ctx context.Context, names ...string) error {
	for _, srv := range s.members() {
		if len(names) > 0 && !slices.Contains(names, srv.spec.Name) {
			continue
		}
		select {
		case <-srv.shared.settled:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// EndSession ends the connections that servers have for a session of a client
// alone, and with them their processes and the requests under way on them.
func (s *Set) EndSession(session string) {
	s.applying.Lock() // a server that replaces another may be about to go on with its sessions
	defer s.applying.Unlock()
	for _, srv := range s.members() {
		srv.endSession(session)
	}
}

// Close ends all sessions and processes, in parallel, and calls under way.
// That takes at most about two seconds; if ctx ends first, Close returns its
// error and the rest is done without it. It is idempotent.
func (s *Set) Close(ctx context.Context) error {
	s.cancel(errClosed)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.crew.dismiss()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
