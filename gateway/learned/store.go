package learned

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/shape"
)

// What may wait to be looked at.
const (
	maxQueue      = 256
	maxQueueBytes = 16 << 20
)

// Server is a server whose tools are learned.
type Server struct {
	Name string
	// Identity stands for what the configuration runs under the name: another
	// command or address has another one. It becomes part of a file name.
	Identity string
	Tools    []bindery.Tool
}

// Store learns. Its methods are safe for concurrent use. One goroutine, which
// Close ends, owns the shapes and the files.
type Store struct {
	queue    chan answer
	queued   atomic.Int64 // bytes in queue
	commands chan func(*book)
	tracked  atomic.Pointer[map[bindery.ToolID]bool]
	snapshot atomic.Pointer[Snapshot]

	once sync.Once
	quit chan struct{} // closed to end the owner
	done chan struct{} // closed when it has ended
	err  error         // of the last writing; read it after done
}

// answer is a result on its way to the owner, without what is not looked at.
type answer struct {
	tool    bindery.ToolID
	args    json.RawMessage
	result  bindery.Result
	size    int64 // of what it keeps in memory
	tooMuch bool  // args and result are left out
}

// Open returns a Store that keeps its files in dir, beside the catalogue, or
// nothing if dir is "". It knows nothing until [Store.Track] names servers.
// Files that cannot be read or written are logged: learning is never a reason
// to fail.
func Open(dir string, log *slog.Logger) *Store {
	s := &Store{
		queue: make(chan answer, maxQueue), commands: make(chan func(*book)),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	s.tracked.Store(&map[bindery.ToolID]bool{})
	b := newBook(dir, log, s.snapshot.Store)
	go s.run(b)
	return s
}

// run is the owner.
func (s *Store) run(b *book) {
	defer close(s.done)
	defer b.timer.Stop()
	for {
		select {
		case a := <-s.queue:
			s.learn(b, a)
		case do := <-s.commands:
			do(b)
		case <-b.timer.C:
			if err := b.write(); err != nil {
				b.log.Warn("learned result types cannot be written", "error", err)
			}
		case <-s.quit:
			s.drain(b)
			s.err = b.write()
			return
		}
	}
}

func (s *Store) learn(b *book, a answer) {
	s.queued.Add(-a.size)
	b.learn(a)
}

// drain looks at what is in the queue now.
func (s *Store) drain(b *book) {
	for range len(s.queue) {
		s.learn(b, <-s.queue)
	}
}

// Observe learns from a call that was answered. It takes no time worth
// measuring, and looks at c.Args and r later: they must not change.
func (s *Store) Observe(c bindery.Call, r bindery.Result) {
	if r.IsError || !(*s.tracked.Load())[c.Tool] {
		return
	}
	a := answer{tool: c.Tool, args: c.Args, result: bindery.Result{Structured: r.Structured}}
	size := len(r.Structured) + len(c.Args)
	for _, block := range r.Content {
		// Pictures and the like are never looked into.
		a.result.Content = append(a.result.Content, bindery.Content{Type: block.Type, Text: block.Text})
		size += len(block.Text)
	}
	// Structured is likely a part of Raw, and keeps all of it.
	a.size = int64(max(size, len(r.Raw)))
	if size > 2*shape.MaxBytes {
		a = answer{tool: c.Tool, tooMuch: true}
	}
	if s.queued.Add(a.size) > maxQueueBytes {
		s.queued.Add(-a.size)
		return
	}
	select {
	case <-s.quit:
	case s.queue <- a:
		return
	default:
	}
	s.queued.Add(-a.size)
}

// Shapes returns what is known now.
func (s *Store) Shapes() *Snapshot { return s.snapshot.Load() }

// Track says which servers there are from now on, and which tools they have:
// with output schema or without, only the latter are learned. It reads the
// files of servers that are new; of servers and tools that are gone it forgets
// what it has in memory and keeps the files. It returns when Shapes shows what
// is known of them. The error is that ctx is done or s closed.
func (s *Store) Track(ctx context.Context, servers []Server) error {
	return s.do(ctx, func(b *book) {
		s.drain(b)
		ids := b.track(servers)
		s.tracked.Store(&ids)
	})
}

// Forget drops what is known of a server's tools, its file as well.
func (s *Store) Forget(ctx context.Context, server string) error {
	var failed error
	err := s.do(ctx, func(b *book) {
		s.drain(b)
		failed = b.forget(server)
	})
	if err != nil {
		return err
	}
	return failed
}

// Flush looks at all results observed so far and writes what is new.
func (s *Store) Flush(ctx context.Context) error {
	var failed error
	err := s.do(ctx, func(b *book) {
		s.drain(b)
		failed = b.write()
	})
	if err != nil {
		return err
	}
	return failed
}

var errClosed = errors.New("the store of learned result types is closed")

// do has the owner carry out f, and waits for it. If it returns an error, f
// may still be carried out, or never.
func (s *Store) do(ctx context.Context, f func(*book)) error {
	finished := make(chan struct{})
	command := func(b *book) {
		defer close(finished)
		f(b)
	}
	select {
	case s.commands <- command:
	case <-s.done:
		return &bindery.Error{Code: bindery.Internal, Op: "learn result types", Err: errClosed}
	case <-ctx.Done():
		return cancelled(ctx)
	}
	select {
	case <-finished:
		return nil
	case <-ctx.Done():
		return cancelled(ctx)
	}
}

func cancelled(ctx context.Context) error {
	return &bindery.Error{Code: bindery.Cancelled, Op: "learn result types", Err: context.Cause(ctx)}
}

// Close looks at what is in the queue, writes what is new and ends the owner.
// It may be called more than once. If ctx is done before, the owner ends by
// itself a little later.
func (s *Store) Close(ctx context.Context) error {
	s.once.Do(func() { close(s.quit) })
	select {
	case <-s.done:
		return s.err
	case <-ctx.Done():
		return cancelled(ctx)
	}
}
