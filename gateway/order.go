package gateway

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
)

// Concurrency says how many calls to one server may run at once.
//
// The zero value is the rule for servers nobody said anything about: calls
// that only read run side by side, all others one at a time. Servers commonly
// read a file, change it and write it back without a lock; the reference
// memory server loses 33 of 34 concurrent writes and reports success for all.
type Concurrency struct {
	// Limit is the number of calls at once, reads and writes alike; 0 for the
	// rule above. 1 makes the server serial.
	Limit int
}

// ordered reports whether calls of the tool must run one at a time, in the
// order of the script.
func (c Concurrency) ordered(t bindery.Tool) bool {
	switch {
	case c.Limit == 1:
		return true
	case c.Limit > 1:
		return false
	default:
		return !onlyReads(t)
	}
}

// onlyReads reports whether a tool says, or lets assume, that it changes
// nothing: readOnlyHint, or no hint at all and a name that reads. It grants
// nothing; a wrong guess costs order, never permission.
func onlyReads(t bindery.Tool) bool {
	h := t.Hints
	if h.ReadOnly != nil && *h.ReadOnly {
		return true
	}
	if h != (bindery.Hints{}) {
		return false
	}
	reading := false
	for _, word := range codegen.Words(t.ID.Name) {
		switch {
		case isWriting(word):
			return false
		case isReading(word):
			reading = true
		}
	}
	return reading
}

func isReading(word string) bool {
	switch word {
	case "get", "list", "search", "find", "read", "fetch", "query", "describe", "show", "count", "lookup", "view",
		"browse", "inspect", "check", "status", "retrieve", "resolve", "explain":
		return true
	default:
		return false
	}
}

func isWriting(word string) bool {
	switch word {
	case "create", "update", "delete", "set", "add", "remove", "write", "put", "post", "send", "move", "edit",
		"insert", "replace", "rename", "patch", "merge", "close", "open", "start", "stop", "run", "exec", "execute",
		"apply", "import", "upload", "reset", "clear", "commit", "push", "publish", "assign", "enable", "disable",
		"cancel", "approve", "append", "drop", "install", "navigate", "click", "type", "upsert":
		return true
	default:
		return false
	}
}

// gates hold back calls of all scripts together: what one script must not do
// at once, two scripts must not either.
type gates struct {
	rules map[string]Concurrency
	open  *openGates
}

// openGates are the gates of all configurations: calls that began under an
// earlier one hold back those of now.
type openGates struct {
	mu sync.Mutex
	of map[openGate]*semaphore.Weighted
}

type openGate struct {
	server string
	width  int
}

// newGates returns gates by other rules than before's, which may be nil.
func newGates(rules map[string]Concurrency, before *gates) *gates {
	if before != nil {
		return &gates{rules, before.open}
	}
	return &gates{rules, &openGates{of: make(map[openGate]*semaphore.Weighted)}}
}

func (g *gates) of(server string) *semaphore.Weighted {
	key := openGate{server, max(1, g.rules[server].Limit)}
	g.open.mu.Lock()
	defer g.open.mu.Unlock()
	s, ok := g.open.of[key]
	if !ok {
		s = semaphore.NewWeighted(int64(key.width))
		g.open.of[key] = s
	}
	return s
}

// layer waits for a call's turn at its server. Within a script the sandbox
// already starts ordered calls one after another, and the gate serves first
// come, first served, so that the order of each script is kept.
func (g *gates) layer(v *View, next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if g.rules[c.Tool.Server].Limit == 0 && !v.ordered(c.Tool) {
			return next.Call(ctx, c)
		}
		return g.inTurn(ctx, c, next)
	})
}

// configured is layer for calls that no script makes: only a limit that the
// configuration names holds them back, as they are the client's own to order.
func (g *gates) configured(next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if g.rules[c.Tool.Server].Limit == 0 {
			return next.Call(ctx, c)
		}
		return g.inTurn(ctx, c, next)
	})
}

func (g *gates) inTurn(ctx context.Context, c bindery.Call, next bindery.Caller) (bindery.Result, error) {
	t := turn{gate: g.of(c.Tool.Server)}
	if err := t.take(ctx); err != nil {
		return bindery.Result{}, &bindery.Error{
			Code: bindery.Cancelled, Op: "wait for a turn at " + c.Tool.Server, Unsent: true, Err: err,
		}
	}
	defer t.end()
	return next.Call(t.minding(ctx), c)
}
