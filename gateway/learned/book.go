package learned

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/shape"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Of a tool whose shape has been the same for settledCalls calls, one result
// in sampled is looked at.
const (
	settledCalls = 64
	sampled      = 16
)

// How long after a result the files are written: soon if it changed a type,
// late if it is but one more.
const (
	soon = 3 * time.Second
	late = time.Minute
)

// book is what is known. Only one goroutine uses it.
type book struct {
	dir     string
	log     *slog.Logger
	publish func(*Snapshot)

	shown   *Snapshot // published last
	servers map[string]*server
	timer   *time.Timer // for writing
	due     time.Time   // when timer fires; zero if it does not
}

// server is what is known of one server.
type server struct {
	name, identity string
	tools          map[string]*tool
}

// tool is what is known of one tool.
type tool struct {
	bindery.Tool
	digest string
	// words are those that everyone sees who sees the tool; nil until they are
	// needed.
	words shape.Words
	// all is what is known, nil for nothing; fresh is the part of it that the
	// file does not have.
	all, fresh *shape.Shape
	// unchanged counts the results looked at since all changed, and skipped
	// those not looked at since then.
	unchanged, skipped int
}

func newBook(dir string, log *slog.Logger, publish func(*Snapshot)) *book {
	b := &book{dir: dir, log: log, publish: publish, shown: &Snapshot{}, timer: time.NewTimer(late)}
	b.show()
	b.timer.Stop()
	return b
}

// digest stands for what the tool says it is.
func digest(t bindery.Tool) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d:%s%s", len(t.Description), t.Description, t.Input)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// track makes servers the ones there are, and returns the tools that are
// learned.
func (b *book) track(servers []Server) map[bindery.ToolID]bool {
	ids := map[bindery.ToolID]bool{}
	now := make(map[string]*server, len(servers))
	for _, given := range servers {
		old := b.servers[given.Name]
		if old != nil && old.identity != given.Identity {
			old = nil
		}
		now[given.Name] = b.enter(given, old)
		for name := range now[given.Name].tools {
			ids[bindery.ToolID{Server: given.Name, Name: name}] = true
		}
	}
	if err := b.write(); err != nil { // what is about to be forgotten
		b.log.Warn("learned result types cannot be written", "error", err)
	}
	b.servers = now
	b.show()
	return ids
}

// enter returns what is known of a server, from memory or from its file.
func (b *book) enter(given Server, old *server) *server {
	srv := &server{name: given.Name, identity: given.Identity, tools: map[string]*tool{}}
	var kept map[string]entry
	for _, t := range given.Tools {
		if t.Output != nil {
			continue
		}
		d := digest(t)
		if old != nil && old.tools[t.ID.Name] != nil && old.tools[t.ID.Name].digest == d {
			srv.tools[t.ID.Name] = old.tools[t.ID.Name]
			continue
		}
		if kept == nil {
			kept = b.read(srv)
		}
		entered := &tool{Tool: t, digest: d}
		if e, ok := kept[t.ID.Name]; ok && e.Digest == d {
			entered.all = e.Shape
		}
		srv.tools[t.ID.Name] = entered
	}
	return srv
}

// learn looks at one result.
func (b *book) learn(a answer) {
	srv := b.servers[a.tool.Server]
	if srv == nil || srv.tools[a.tool.Name] == nil {
		return
	}
	t := srv.tools[a.tool.Name]
	if t.unchanged >= settledCalls {
		if t.skipped++; t.skipped%sampled != 0 {
			return
		}
	}
	one := t.look(a)
	before := t.all
	t.all = shape.Merge(t.all, one)
	if b.dir != "" {
		t.fresh = shape.Merge(t.fresh, one)
	}
	if t.all.Same(before) {
		t.unchanged++
		b.schedule(late)
		return
	}
	t.unchanged, t.skipped = 0, 0
	b.schedule(soon)
	b.show()
}

func (t *tool) look(a answer) *shape.Shape {
	if a.tooMuch {
		return shape.Unread()
	}
	if t.words == nil {
		t.words = shape.WordsOf(t.ID.Name, t.Title, t.Description, string(t.Input))
	}
	v := sandbox.ValueOf(a.result)
	look := shape.Answer{JSON: v.JSON, Args: a.args, Public: t.words, Before: t.all}
	switch v.Source {
	case sandbox.FromStructured:
		look.Source = shape.Structured
	case sandbox.FromJSONText:
		look.Source = shape.JSONText
	case sandbox.FromText:
		look.Source = shape.Text
	case sandbox.FromBlocks:
		look.Source = shape.Blocks
	}
	return shape.Of(look)
}

// show publishes what is known.
func (b *book) show() {
	s := &Snapshot{shapes: map[bindery.ToolID]*shape.Shape{}}
	for _, srv := range b.servers {
		for name, t := range srv.tools {
			if t.all != nil {
				s.shapes[bindery.ToolID{Server: srv.name, Name: name}] = t.all
			}
		}
	}
	s.version = b.shown.version
	if !maps.EqualFunc(s.shapes, b.shown.shapes, (*shape.Shape).Same) {
		s.version++
	}
	b.shown = s
	b.publish(s)
}

// schedule has the next write come after d at the latest.
func (b *book) schedule(d time.Duration) {
	at := time.Now().Add(d)
	if !b.due.IsZero() && b.due.Before(at) {
		return
	}
	b.due = at
	b.timer.Reset(d)
}

// write writes the files of the servers of which there is something new, and
// publishes what other processes have added to them, with the counts of now.
// What cannot be written is tried again later.
func (b *book) write() error {
	b.timer.Stop()
	b.due = time.Time{}
	var errs []error
	for _, srv := range b.servers {
		if !srv.fresh() {
			continue
		}
		if err := b.save(srv); err != nil {
			errs = append(errs, &bindery.Error{
				Code: bindery.Internal, Op: "write what is learned of " + srv.name, Err: err,
				Hint: "see that the cache directory is writable and the disk is not full",
			})
			b.schedule(late)
		}
	}
	b.show()
	return errors.Join(errs...)
}

// fresh reports whether there is something that the file does not have.
func (srv *server) fresh() bool {
	for _, t := range srv.tools {
		if t.fresh != nil {
			return true
		}
	}
	return false
}

// forget drops what is known of a server.
func (b *book) forget(name string) error {
	srv := b.servers[name]
	if srv == nil {
		return nil
	}
	for _, t := range srv.tools {
		t.all, t.fresh, t.unchanged, t.skipped = nil, nil, 0, 0
	}
	b.show()
	return b.remove(srv)
}
