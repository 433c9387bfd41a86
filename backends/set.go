package backends

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bindery-mcp/bindery"
)

// DefaultMaxMessage is the default of [Options].MaxMessage, in bytes.
const DefaultMaxMessage = 16 << 20

// Options configure a [Set]. The zero value is usable.
type Options struct {
	// CacheDir holds what servers offered when they were last seen; "" for no
	// cache. It is created when needed.
	CacheDir string
	Logger   *slog.Logger // nil for none
	// MaxMessage is the size of the longest message taken from a server, in
	// bytes, after decompression. 0 stands for [DefaultMaxMessage].
	MaxMessage int64
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
	servers []*server
	byName  map[string]*server

	cancel    context.CancelFunc
	running   sync.WaitGroup
	catalogue atomic.Pointer[Catalogue]

	mu      sync.Mutex
	changed chan struct{}
}

// Open starts to connect to all servers at once and returns without waiting
// for any: until one is connected, its tools are those in the cache. The error
// is for specs that make no sense. The set lives until [Set.Close], also when
// ctx ends: calls under way at a shutdown need their servers to the last.
func Open(ctx context.Context, specs []Spec, o Options) (*Set, error) {
	if err := validate(specs); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &Set{byName: map[string]*server{}, cancel: cancel, changed: make(chan struct{})}
	for _, spec := range specs {
		srv := newServer(ctx, spec, o, s.publish)
		s.servers = append(s.servers, srv)
		s.byName[spec.Name] = srv
	}
	s.publish()
	for _, srv := range s.servers {
		s.running.Go(srv.run)
	}
	return s, nil
}

// publish makes a new catalogue of what the servers are now.
func (s *Set) publish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &Catalogue{Version: 1, Servers: make([]Server, len(s.servers))}
	if old := s.catalogue.Load(); old != nil {
		c.Version = old.Version + 1
	}
	for i, srv := range s.servers {
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
// names, has either connected or failed to. The only error is that of ctx.
func (s *Set) Ready(ctx context.Context, names ...string) error {
	wait := s.servers
	if len(names) > 0 {
		wait = nil
		for _, name := range names {
			if srv := s.byName[name]; srv != nil {
				wait = append(wait, srv)
			}
		}
	}
	for _, srv := range wait {
		select {
		case <-srv.settled:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Status is how one server is doing.
type Status struct {
	Name  string
	State State
	Since time.Time // of State
	// Cause is why the server failed last, nil once it is ready again.
	Cause *bindery.Error
	// NextTry is when a failed server will be tried again.
	NextTry time.Time
	// Restarts counts the attempts to connect after the first.
	Restarts int
	Tools    int
	// Protocol and Version are the MCP version agreed on and the server's own.
	Protocol string
	Version  string
	// Refused are the tools that could not be taken, with the reason.
	Refused []string
	// Skipped counts lines on a server's standard output that were no
	// messages; FirstSkipped are the first of them. Stderr are the last lines
	// on its standard error, paths and all: for whoever runs the gateway. The
	// text of an error, which scripts and models see, quotes two at most.
	Skipped      int
	FirstSkipped []string
	Stderr       []string
}

// Status returns how the servers are doing, in the order of the configuration.
func (s *Set) Status() []Status {
	all := make([]Status, len(s.servers))
	for i, srv := range s.servers {
		all[i] = srv.status()
	}
	return all
}

// Close ends all sessions and processes, in parallel, and calls under way.
// That takes at most about two seconds; if ctx ends first, Close returns its
// error and the rest is done without it. It is idempotent.
func (s *Set) Close(ctx context.Context) error {
	s.cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.running.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
