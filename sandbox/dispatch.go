package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/bindery-mcp/bindery"
)

var errOver = errors.New("the run is over")

// Dispatcher is the [Host] of one run: it carries the calls of a script to a
// [bindery.Caller], inside the run's budgets and in the order that the tools
// ask for.
//
// Calls to tools marked Ordered of one server run one at a time, in the order
// they were started. All others, and those of [Builtin], run side by side, at
// most Limits.InFlight at once; further ones wait their turn.
type Dispatcher struct {
	caller   bindery.Caller
	bindings *Bindings
	limits   Limits
	log      func(Line)

	ctx    context.Context // done when the Dispatcher is closed
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu         sync.Mutex
	closed     bool
	started    int
	prechecked bool
	running    int
	ready      []*pending       // in order; only InFlight keeps them waiting
	lanes      map[string]*lane // by server
	refused    []*pending
	refusing   bool
}

// pending is a call that was not answered yet.
type pending struct {
	ctx  context.Context
	call bindery.Call
	done func(bindery.Result, error)
	lane *lane // nil for a call that keeps no order
	err  error // why it is refused
}

// lane is the queue of one server's ordered calls. While busy, its first call
// is ready or running.
type lane struct {
	busy    bool
	waiting []*pending
}

// NewDispatcher returns a Dispatcher that calls c for the tools in b, within
// l. Each log line goes to log, which must not block; nil drops them. A nil b
// binds nothing.
func NewDispatcher(c bindery.Caller, b *Bindings, l Limits, log func(Line)) *Dispatcher {
	if b == nil {
		b = &Bindings{}
	}
	d := &Dispatcher{caller: c, bindings: b, limits: l, log: log, lanes: make(map[string]*lane)}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	return d
}

// Log implements [Host].
func (d *Dispatcher) Log(l Line) {
	if d.log != nil {
		d.log(l)
	}
}

// Start implements [Host]. It never calls done before it returns, so a caller
// may hold a lock that done needs.
func (d *Dispatcher) Start(ctx context.Context, c bindery.Call, done func(bindery.Result, error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !IsPrecheck(c.Tool) || d.prechecked {
		d.started++
	} else {
		d.prechecked = true
	}
	p := &pending{ctx: ctx, call: c, done: done}
	t, ok := d.bindings.tool(c.Tool)
	if p.err = d.check(c, ok); p.err != nil {
		d.refuse(p)
		return
	}
	if !t.Ordered {
		d.push(p)
		return
	}
	l := d.lanes[c.Tool.Server]
	if l == nil {
		l = &lane{}
		d.lanes[c.Tool.Server] = l
	}
	p.lane = l
	if l.busy {
		l.waiting = append(l.waiting, p)
		return
	}
	l.busy = true
	d.push(p)
}

// check returns why c is not to be carried out, or nil. d.mu is held.
func (d *Dispatcher) check(c bindery.Call, bound bool) error {
	fail := func(code bindery.Code, hint, format string, args ...any) error {
		return &bindery.Error{Code: code, Op: opOf(c.Tool), Hint: hint, Err: fmt.Errorf(format, args...)}
	}
	if d.closed {
		return fail(bindery.Cancelled, "", "%w", errOver)
	}
	if d.started > d.limits.Calls {
		return fail(bindery.Limit, "make fewer calls: ask for larger pages, or filter on the server",
			"call limit of %d exceeded (limits.calls)", d.limits.Calls)
	}
	if n := int64(len(c.Args)); n > d.limits.Args {
		return fail(bindery.Limit, "pass less data in one call",
			"arguments of %s exceed the limit of %s (limits.args)", FormatBytes(n), FormatBytes(d.limits.Args))
	}
	if !bound && c.Tool.Server != Builtin {
		return fail(bindery.NotFound, `find tools with tools.search("words")`, "no such tool")
	}
	return nil
}

// push makes p ready and sees that somebody takes it. d.mu is held.
func (d *Dispatcher) push(p *pending) {
	d.ready = append(d.ready, p)
	if d.running < max(d.limits.InFlight, 1) {
		d.running++
		d.wg.Add(1)
		go d.work()
	}
}

// work carries out ready calls until there are none.
func (d *Dispatcher) work() {
	defer d.wg.Done()
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.ready) > 0 {
		p := d.ready[0]
		d.ready[0] = nil
		d.ready = d.ready[1:]
		d.mu.Unlock()
		p.done(d.carry(p))
		d.mu.Lock()
		d.release(p.lane)
	}
	d.running--
}

// release lets the next call of l in. d.mu is held.
func (d *Dispatcher) release(l *lane) {
	if l == nil {
		return
	}
	if len(l.waiting) == 0 {
		l.busy = false
		return
	}
	p := l.waiting[0]
	l.waiting[0] = nil
	l.waiting = l.waiting[1:]
	d.push(p)
}

// carry makes the call and checks what came back.
func (d *Dispatcher) carry(p *pending) (bindery.Result, error) {
	ctx, cancel := context.WithCancelCause(p.ctx)
	defer cancel(nil)
	stop := context.AfterFunc(d.ctx, func() { cancel(errOver) })
	defer stop()
	if d.ctx.Err() != nil {
		cancel(errOver) // AfterFunc may be late
	}
	if ctx.Err() != nil {
		return bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Op: opOf(p.call.Tool), Err: context.Cause(ctx)}
	}
	r, err := d.caller.Call(ctx, p.call)
	if err != nil {
		if _, ok := errors.AsType[*bindery.Error](err); !ok {
			err = &bindery.Error{Code: bindery.Internal, Op: opOf(p.call.Tool), Err: err}
		}
		return bindery.Result{}, err
	}
	if n := resultSize(r); n > d.limits.Result {
		return bindery.Result{}, &bindery.Error{
			Code: bindery.Limit, Op: opOf(p.call.Tool), Hint: "ask for less: a filter, a smaller page, fewer fields",
			Err: fmt.Errorf("result of %s exceeds the limit of %s (limits.result); the tool did run",
				FormatBytes(n), FormatBytes(d.limits.Result)),
		}
	}
	return r, nil
}

// refuse answers p with its error on another goroutine, one for all refusals
// at a time: they wait for no slot, so that a script learns at once that its
// budget is gone. d.mu is held.
func (d *Dispatcher) refuse(p *pending) {
	d.refused = append(d.refused, p)
	if d.refusing {
		return
	}
	d.refusing = true
	d.wg.Go(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		for len(d.refused) > 0 {
			batch := d.refused
			d.refused = nil
			d.mu.Unlock()
			for _, p := range batch {
				p.done(bindery.Result{}, p.err)
			}
			d.mu.Lock()
		}
		d.refusing = false
	})
}

// Close cancels the calls under way and those that wait, and returns when
// each was answered. Calls started later are refused. Close may be called
// more than once; the Caller must honour its context.
func (d *Dispatcher) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.cancel()
	d.wg.Wait()
}

// tool finds a tool by its own name. It searches in order: a run of few calls
// then costs the same however many tools there are.
func (b *Bindings) tool(id bindery.ToolID) (Tool, bool) {
	for i := range b.Servers {
		if b.Servers[i].Name != id.Server {
			continue
		}
		for _, t := range b.Servers[i].Tools {
			if t.Name == id.Name {
				return t, true
			}
		}
	}
	return Tool{}, false
}

func opOf(id bindery.ToolID) string {
	switch {
	case id.Server != Builtin:
		return "call " + id.String()
	case strings.Contains(id.Name, "."): // results.get, store.set: spelled as they are
		return "call " + id.Name
	default:
		return "call tools." + id.Name
	}
}

// resultSize returns the bytes that r takes on its way to a script.
func resultSize(r bindery.Result) int64 {
	if r.Raw != nil {
		return int64(len(r.Raw))
	}
	n := int64(len(r.Structured))
	for _, c := range r.Content {
		n += int64(len(c.Text) + len(c.Data))
	}
	return n
}

// FormatBytes returns n in the units that limits are written in: "256 MiB",
// "1.5 KiB", "900 bytes".
func FormatBytes(n int64) string {
	for _, u := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.size {
			hundredths := float64(n*100/u.size) / 100
			return strconv.FormatFloat(hundredths, 'f', -1, 64) + " " + u.name
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
