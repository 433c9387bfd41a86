package backends

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Kind is a kind of what servers list besides tools.
type Kind uint8

// The kinds of [Item].
const (
	Resources Kind = iota
	Templates
	Prompts
)

func (k Kind) listing() listing {
	switch k {
	case Resources:
		return listing{"resources/list", "resources", "resources", "uri"}
	case Templates:
		return listing{"resources/templates/list", "resourceTemplates", "resource templates", "uriTemplate"}
	default:
		return listing{"prompts/list", "prompts", "prompts", "name"}
	}
}

// Item is one entry of a list.
type Item struct {
	// Name is the item's uri, uriTemplate or name.
	Name string
	// Raw is the whole entry as it came over the wire.
	Raw json.RawMessage
}

// listAge is how long a list is remembered of which no changes are reported, and
// the least time between two listings of tools because they are fresh no more.
const listAge = time.Minute

// List returns everything that a server lists of a kind, all pages, within the
// bounds that lists of tools have. It is remembered until the server says that
// it has changed, or for as long as the server says that it is fresh; for a
// minute if the server says neither. What is returned is shared and must not be
// changed.
func (s *Set) List(ctx context.Context, name string, kind Kind) ([]Item, error) {
	op := "list " + kind.listing().what + " of " + name
	srv := s.server(name)
	if srv == nil {
		return nil, &bindery.Error{Code: bindery.NotFound, Op: op, Unsent: true, Err: fmt.Errorf("there is no server %q", name)}
	}
	list := &srv.lists[min(kind, Prompts)]
	if srv.policy().Isolate {
		list = &itemList{} // what one session sees is not for another
	}
	items, err := list.get(ctx, func(ctx context.Context) ([]Item, time.Duration, error) { return srv.items(ctx, kind) })
	if err != nil {
		return nil, srv.explainCall(ctx, op, err)
	}
	return items, nil
}

// items lists one kind anew, and returns for how long it may be remembered, 0
// for as long as the server reports no change.
func (s *server) items(ctx context.Context, kind Kind) (items []Item, age time.Duration, err error) {
	l := kind.listing()
	var raws []json.RawMessage
	exchange := func(do request) error { _, err := s.exchange(ctx, "", do); return err }
	if len(s.spec.Forward) > 0 {
		exchange = func(do request) error { return s.exchangeShared(ctx, do) }
	}
	reported := false
	err = exchange(func(ctx context.Context, conn connection) (json.RawMessage, error) {
		info := conn.Info()
		has := info.HasResources
		reported = info.ResourcesChange
		if kind == Prompts {
			has, reported = info.HasPrompts, info.PromptsChange
		}
		var err error
		if raws, age, err = pages(ctx, conn, l); err == nil {
			return nil, nil
		}
		if e, ok := session.ServerError(err); ok && e.Code == jsonrpc.CodeMethodNotFound && (!has || kind == Templates) {
			raws = nil
			return nil, nil
		}
		return nil, err
	})
	if err != nil {
		return nil, 0, err
	}
	switch {
	case age > 0:
		age = max(age, refreshPause)
	case !reported:
		age = listAge
	}
	for i, raw := range raws {
		name := text(session.Member(raw, l.name))
		if name == "" || len(name) > maxURI {
			s.log.Warn("an item is left out: it has no usable "+l.name, "list", l.what, "item", i+1)
			continue
		}
		items = append(items, Item{name, raw})
	}
	return items, age, nil
}

// itemList is one list of a server, remembered. The zero value is ready.
type itemList struct {
	mu      sync.Mutex
	items   []Item
	until   time.Time // zero: until forget
	known   bool
	version int           // counts forget
	busy    chan struct{} // closed when the listing under way has ended
}

// get returns the list, from fetch if it is not known. Whoever comes while it is
// being fetched waits for that.
func (l *itemList) get(ctx context.Context, fetch func(context.Context) ([]Item, time.Duration, error)) ([]Item, error) {
	for {
		l.mu.Lock()
		if l.known && (l.until.IsZero() || time.Now().Before(l.until)) {
			items := l.items
			l.mu.Unlock()
			return items, nil
		}
		busy := l.busy
		if busy == nil {
			l.busy = make(chan struct{})
			version := l.version
			l.mu.Unlock()
			return l.fetch(ctx, version, fetch)
		}
		l.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func (l *itemList) fetch(ctx context.Context, version int, fetch func(context.Context) ([]Item, time.Duration, error)) ([]Item, error) {
	items, age, err := fetch(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.busy)
	l.busy = nil
	if err != nil {
		return nil, err
	}
	if version == l.version {
		l.items, l.known, l.until = items, true, time.Time{}
		if age > 0 {
			l.until = time.Now().Add(age)
		}
	}
	return items, nil
}

func (l *itemList) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known, l.items = false, nil
	l.version++
}

// forget notes that lists have changed: those that a notification is about.
func (s *server) forget(method string) {
	switch method {
	case resourcesChanged:
		s.lists[Resources].forget()
		s.lists[Templates].forget()
	case promptsChanged:
		s.lists[Prompts].forget()
	}
}
