package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/gateway/keep"
	"github.com/bindery-mcp/bindery/gateway/learned"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/gateway/quota"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Tools is where the tools come from; a *[backends.Set] is one.
type Tools interface {
	bindery.Caller
	// Catalogue returns the current snapshot, at once.
	Catalogue() *backends.Catalogue
	// Changed returns a channel that is closed when the catalogue next
	// changes.
	Changed() <-chan struct{}
	// Ready waits until each named server has connected or failed once.
	Ready(ctx context.Context, names ...string) error
}

// Servers is what servers offer besides tools, and their tools as they are; a
// *[backends.Set] is one, and documents the methods.
type Servers interface {
	Do(ctx context.Context, server, method string, params json.RawMessage) (json.RawMessage, error)
	List(ctx context.Context, server string, kind backends.Kind) ([]backends.Item, error)
	EndSession(session string)
	Notifier
}

// Notifier tells what changes at servers.
type Notifier interface {
	Notices(ctx context.Context) <-chan backends.Notice
	Subscribe(ctx context.Context, server, uri string) error
	Unsubscribe(ctx context.Context, server, uri string) error
}

// binder is an engine that wants to know the current bindings ahead of the
// next script, as the worker pool does to have them in its idle workers.
type binder interface {
	SetBindings(sandbox.Language, *sandbox.Bindings)
}

// Options configure a [Gateway]. Tools and Engine are required.
type Options struct {
	Tools  Tools
	Engine sandbox.Engine
	// Servers may be nil: then there are tools only.
	Servers Servers
	// Python says that the engine runs Python too, which clients are then told.
	// If it does not, NoPython says how to get it.
	Python   bool
	NoPython string
	// Limits bound every script; the zero value stands for
	// [sandbox.DefaultLimits].
	Limits sandbox.Limits
	// Clients are those of the configuration, and Roles what it says of roles.
	Clients []Client
	Roles   map[string]config.Role
	// Identities says who is calling; nil lets everybody in, as one anonymous
	// client that sees everything, unless there are Clients.
	Identities *identity.Authenticator
	// Views are the endpoints by name; without [config.DefaultView] that one runs
	// scripts against everything.
	Views map[string]config.View
	// Concurrency overrides the order of calls for the servers it names.
	Concurrency map[string]Concurrency
	// InlineTokens is how many tokens of stubs the description of
	// execute_code may carry; 0 for none.
	InlineTokens int
	// Startup is how long a script waits for a server it names that is still
	// starting; 0 stands for 20 seconds.
	Startup time.Duration
	// Patience is how long a client waits for a script; past it, it is told how
	// far the script is, and the script goes on. 0 stands for 50 seconds, which
	// is before the shortest timeout that clients commonly have.
	Patience time.Duration
	// Answer is how many bytes of a script's value are shown; 0 stands for
	// 48 KiB, about 12,000 tokens.
	Answer int
	// Keep bounds what is kept for each client between scripts.
	Keep Keep
	// Learned is told of results, and tells what tools that declare no output
	// return; nil for neither. The gateway says which tools there are and does
	// not close it.
	Learned *learned.Store
	// Audit records what is done; nil for no record. The gateway does not close
	// it.
	Audit *audit.Log
	// Policy decides on calls; nil lets all be made that the client may see.
	Policy *policy.Policy
	// Quotas bound how often clients may call; nil bounds nothing. The gateway
	// does not close it.
	Quotas *quota.Book
	// Telemetry makes spans and metrics; nil for none. The gateway does not close
	// it.
	Telemetry *telemetry.Telemetry
	// Baggage says that the baggage of a client's trace goes to servers too, and
	// Scrapers are clients that may read the metrics though they do not see every
	// tool.
	Baggage  bool
	Scrapers []string
	// Forward are the headers of clients' requests that servers may want of them,
	// in their canonical spelling.
	Forward []string
	// Absent returns tools that are not there, and why; nil for none. Clients that
	// may use them are told.
	Absent func() map[bindery.ToolID]error
	// Denied returns why a tool may not be called by anybody, nil for one that
	// may; nil if all may. It is asked about each plain call when its turn has come.
	Denied func(bindery.ToolID) error
	// Status says how the servers are doing, for /status; nil for nobody. A client
	// that does not see everything is told of the servers for which see holds, and
	// nothing but how many tools of them it sees; see is nil for one that does.
	Status func(see func(server string) (tools int, ok bool)) any
	// Version is the version of bindery that clients are told.
	Version string
	Logger  *slog.Logger
}

// Keep bounds what is kept for one client between scripts. A zero field stands
// for its default.
type Keep struct {
	Results    int64         // bytes of values that were too long to be shown; 32 MiB
	Store      int64         // bytes of what scripts stored; 8 MiB
	Executions int64         // bytes of results of calls that may be replayed; 32 MiB
	Age        time.Duration // of all of them; 1 hour
}

// Gateway runs scripts against tools on behalf of clients. It is safe for
// concurrent use.
type Gateway struct {
	// now is the configuration, which a reload replaces.
	now atomic.Pointer[setting]
	// endpoints are the views that were asked for.
	endpoints *endpoints
	// sessions are the scripts of each session, for a client that ends one.
	sessions *sessions
	// suspended is work that waits for a client's answer.
	suspended *suspended
	// pasts and marks are what clients have read, for the policy.
	pasts *pasts
	marks *marks
	// runs, book and keeper are what outlives a request.
	runs   *runs
	book   *execution.Book
	keeper *keep.Keeper

	// ctx ends when scripts must not go on; stop ends it.
	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup

	// bound is the digest of the bindings that the engine was told last; only
	// the goroutine that follows the catalogue uses it.
	bound string

	mu      sync.Mutex
	closing bool
	idle    *sync.Cond
	running int
}

// New returns a Gateway. It owns goroutines, until [Gateway.Close], that follow
// the catalogue and forget what is too old; it does not own the tools and the
// engine.
func New(o Options) *Gateway {
	o = o.withDefaults()
	g := &Gateway{suspended: newSuspended(), pasts: newPasts(), marks: newMarks(o.Keep.Age)}
	g.now.Store(newSetting(o, nil))
	g.endpoints = newEndpoints(g)
	g.sessions = newSessions()
	g.runs = newRuns(o.Keep.Age)
	g.book = execution.NewBook(execution.Limits{Bytes: o.Keep.Executions, Age: o.Keep.Age})
	g.keeper = keep.NewKeeper(keep.Limits{Results: o.Keep.Results, Store: o.Keep.Store, Age: o.Keep.Age})
	g.idle = sync.NewCond(&g.mu)
	g.ctx, g.stop = context.WithCancel(context.Background())
	g.wg.Go(func() { g.follow(g.ctx) })
	g.wg.Go(func() { g.sweep(g.ctx) })
	return g
}

// sweep gives back the memory of what was kept for clients for too long.
func (g *Gateway) sweep(ctx context.Context) {
	tick := time.NewTicker(max(g.opts().Keep.Age/8, time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			g.keeper.Expire()
			g.book.Expire()
			g.runs.sweep()
			g.pasts.expire()
			g.marks.expire()
		}
	}
}

// Close refuses new requests and scripts, waits for those under way until ctx is
// done, and then cancels them and their calls. Meanwhile clients may answer what
// they were asked, and ask for the rest of scripts that outlived their request.
func (g *Gateway) Close(ctx context.Context) {
	g.mu.Lock()
	g.closing = true
	g.mu.Unlock()
	release := context.AfterFunc(ctx, func() {
		g.suspended.close()
		g.stop()
	})
	defer release()
	g.endpoints.close(ctx)

	g.mu.Lock()
	for g.running > 0 {
		g.idle.Wait()
	}
	g.mu.Unlock()
	g.suspended.close()
	g.stop()
	g.wg.Wait()
}

// ending reports whether the gateway takes no more requests.
func (g *Gateway) ending() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closing
}

func errEnding() error {
	return &bindery.Error{
		Code: bindery.Unavailable, Unsent: true, Err: errors.New("the gateway is shutting down"), Hint: "try again in a moment",
	}
}

// begin counts in work that Close waits for, a script mostly. Its context ends with the client's request or
// with the gateway, whichever is first; done counts it out.
func (g *Gateway) begin(ctx context.Context) (_ context.Context, done func(), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closing {
		return nil, nil, errEnding()
	}
	g.running++
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(g.ctx, cancel)
	return ctx, func() {
		release()
		cancel()
		g.mu.Lock()
		defer g.mu.Unlock()
		g.running--
		g.idle.Broadcast()
	}, nil
}

// settle is how long the catalogue must be quiet before the view of it is
// compiled ahead of use: servers tend to come up together.
const settle = 100 * time.Millisecond

func (g *Gateway) follow(ctx context.Context) {
	for {
		// Asked before the catalogue is read, so that no change is missed.
		changed := g.opts().Tools.Changed()
		g.track(ctx)
		g.prepare()
		g.endpoints.refresh()
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(settle):
		}
	}
}

// prepare compiles the view that the next script most probably needs.
func (g *Gateway) prepare() {
	v := g.views().of(config.DefaultView, g.firstClient())
	b, ok := g.opts().Engine.(binder)
	if digest := v.Bindings(sandbox.TypeScript).Digest; ok && digest != g.bound {
		g.bound = digest
		b.SetBindings(sandbox.TypeScript, v.Bindings(sandbox.TypeScript))
		b.SetBindings(sandbox.Python, v.Bindings(sandbox.Python))
	}
}

func (g *Gateway) firstClient() Client {
	now := g.now.Load()
	if len(now.opts.Clients) > 0 {
		return now.clients.of(now.opts.Clients[0].Name)
	}
	return Anonymous()
}
