package js

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// execution is one run of one script in one realm. Everything but the posting
// of answers happens on the goroutine that calls run.
//
// It is made ahead of its script, with what every script finds: what takes the
// time of a small script is then done when that comes.
type execution struct {
	realm *realm

	// The script, once it was accepted.
	ctx    context.Context
	host   sandbox.Host
	script sandbox.Script
	text   text
	shift  int // of the program
	loop   *loop

	toolbox *toolbox
	globals map[string]*sandbox.Server // the servers that are globals

	console   console
	seq       int
	inFlight  int
	waiting   []func()
	pending   map[int]pendingCall
	functions map[*goja.Object]string // the functions that call tools, as spelled
	sites     map[*goja.Object]site   // where the call was made that threw this
	threw     thrownAt                // the last value thrown that is no error
	rejected  []*goja.Promise         // rejected, and nobody has asked yet
	notes     []string
	told      time.Time // when the script last told its progress
	frames    []goja.StackFrame
}

// newExecution prepares the realm for a script: it defines console, timers,
// tools and what is kept between scripts.
func newExecution(r *realm) (*execution, error) {
	x := &execution{
		realm: r, loop: newLoop(),
		globals: make(map[string]*sandbox.Server), pending: make(map[int]pendingCall), functions: make(map[*goja.Object]string), sites: make(map[*goja.Object]site),
	}
	x.console.x = x
	x.toolbox = x.newToolbox()
	r.rt.SetPromiseRejectionTracker(x.trackRejection)
	err := errors.Join(
		r.setGlobal("console", x.console.object(), goja.FLAG_TRUE),
		r.setGlobal("setTimeout", x.named("setTimeout", x.setTimeout), goja.FLAG_TRUE),
		r.setGlobal("setInterval", x.named("setInterval", x.setInterval), goja.FLAG_TRUE),
		r.setGlobal("clearTimeout", x.named("clearTimeout", x.clearTimer), goja.FLAG_TRUE),
		r.setGlobal("clearInterval", x.named("clearInterval", x.clearTimer), goja.FLAG_TRUE),
		r.setGlobal("tools", r.rt.NewDynamicObject(x.toolbox), goja.FLAG_FALSE),
		x.installKeeping(),
	)
	if err != nil {
		return nil, fmt.Errorf("install the globals: %w", err)
	}
	return x, nil
}

func (x *execution) servers() []sandbox.Server {
	if x.script.Bindings == nil {
		return nil
	}
	return x.script.Bindings.Servers
}

// named makes a native function with a name of its own; by default it would
// show the name of the Go function.
func (x *execution) named(name string, f func(goja.FunctionCall) goja.Value) *goja.Object {
	o := x.realm.rt.ToValue(f).ToObject(x.realm.rt)
	x.settled(o.DefineDataProperty("name", x.realm.rt.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	return o
}

// accept takes the script, whose time runs from now on, and defines what only
// this one finds: its data and one global for each server. The error is Invalid
// if the data is at fault.
func (x *execution) accept(ctx context.Context, s sandbox.Script, h sandbox.Host) error {
	x.ctx, x.host, x.script, x.text = ctx, h, s, text(s.Source)
	x.console.room = s.Limits.Logs
	rt := x.realm.rt
	data := goja.Undefined()
	if len(x.script.Data) > 0 {
		v, err := x.realm.decode(x.script.Data)
		if err != nil {
			return &bindery.Error{Code: bindery.Invalid, Op: "read data", Hint: "data must be JSON", Err: err}
		}
		data = v
	}
	if err := x.realm.setGlobal("data", data, goja.FLAG_TRUE); err != nil {
		return fmt.Errorf("install the data: %w", err)
	}
	servers := x.servers()
	for i := range servers {
		s := &servers[i]
		// What the language or the library defines stays; the server is still
		// there as tools["name"].
		if s.Ident == "" || rt.GlobalObject().Get(s.Ident) != nil {
			continue
		}
		n := &namespace{x: x, server: s, known: make(map[string]goja.Value)}
		if err := x.realm.setGlobal(s.Ident, rt.NewDynamicObject(n), goja.FLAG_FALSE); err != nil {
			return fmt.Errorf("install the server %s: %w", s.Name, err)
		}
		x.globals[s.Ident] = s
	}
	return nil
}

func (x *execution) trackRejection(p *goja.Promise, op goja.PromiseRejectionOperation) {
	if op == goja.PromiseRejectionReject {
		x.rejected = append(x.rejected, p)
		x.rememberThrown(p.Result())
		return
	}
	if i := slices.Index(x.rejected, p); i >= 0 {
		x.rejected = slices.Delete(x.rejected, i, i+1)
	}
}

// watch interrupts the interpreter when ctx is done. The function it returns
// ends the watch and waits for it.
func (x *execution) watch(ctx context.Context) (stop func()) {
	var watcher sync.WaitGroup
	over := make(chan struct{})
	watcher.Go(func() {
		select {
		case <-ctx.Done():
			x.realm.rt.Interrupt(ctx.Err())
		case <-over:
		}
	})
	return func() {
		close(over)
		watcher.Wait()
	}
}

// run runs the program to its end and waits, within the grace, for the calls
// it left behind.
func (x *execution) run(p *program) sandbox.Outcome {
	x.shift = p.shift
	stop := x.watch(x.ctx)
	defer stop()
	var out sandbox.Outcome
	var v goja.Value
	refused, err := x.precheck(p.tree)
	p.tree = nil
	if refused != nil {
		return sandbox.Outcome{Failure: refused}
	}
	if err == nil {
		v, err = x.main(p)
	}
	if err == nil {
		out.Value, err = x.result(v, p)
	}
	if err != nil {
		out.Failure = x.failure(err)
	}
	if x.ctx.Err() == nil {
		x.settleRest()
	}
	out.Logs, out.LogsDropped, out.Notes = x.console.lines, x.console.dropped, x.notes
	out.Leftover = len(x.loop.live) > 0
	return out
}

// thrown is the value that a script's main promise was rejected with.
type thrown struct{ value goja.Value }

func (thrown) Error() string { return "the script threw" }

// main evaluates the program and returns what its promise was fulfilled with;
// a function is called, because models write scripts that way.
func (x *execution) main(p *program) (goja.Value, error) {
	started, err := x.start(p)
	if err != nil {
		return nil, err
	}
	v, err := x.await(started)
	if err != nil {
		return nil, err
	}
	if _, callable := goja.AssertFunction(v); !callable {
		return v, nil
	}
	if o, _ := v.(*goja.Object); x.functions[o] != "" {
		x.notes = append(x.notes, fmt.Sprintf("the result is the function %s itself: call it, as in await %[1]s({…})", x.functions[o]))
		return goja.Undefined(), nil
	}
	started, err = x.realm.invoke(goja.Undefined(), v)
	if err != nil {
		return nil, err
	}
	return x.await(started)
}

// start runs the program as far as it goes without waiting and returns its
// promise.
func (x *execution) start(p *program) (goja.Value, error) {
	v, err := x.realm.rt.RunProgram(p.code)
	if err != nil || !p.instrumented {
		return v, err
	}
	program, ok := goja.AssertFunction(v)
	if !ok {
		return nil, errors.New("the script's wrapper did not give a function")
	}
	a := &appender{realm: x.realm}
	return program(goja.Undefined(), x.named("append", a.function), x.named("throw", x.noteThrown), x.realm.newRegExp)
}

// await runs the loop until v, a promise, is settled.
func (x *execution) await(v goja.Value) (goja.Value, error) {
	p := promiseOf(v)
	if p == nil {
		return nil, errors.New("the script's wrapper did not give a promise")
	}
	err := x.loop.until(x.ctx, func() bool { return p.State() != goja.PromiseStatePending })
	if err != nil {
		return nil, err
	}
	if p.State() == goja.PromiseStateRejected {
		x.trackRejection(p, goja.PromiseRejectionHandle)
		return nil, thrown{p.Result()}
	}
	return p.Result(), nil
}

// result encodes the script's value.
func (x *execution) result(v goja.Value, p *program) (json.RawMessage, error) {
	var data []byte
	var notes []string
	var encodeErr error
	err := x.realm.protect(func() {
		data, notes, encodeErr = x.realm.encode(x.ctx, v, forValue, x.script.Limits.Value)
	})
	if err == nil {
		err = encodeErr
	}
	if errors.Is(err, errTooLarge) {
		return nil, &bindery.Error{
			Code: bindery.Limit, Err: fmt.Errorf("the result is longer than the limit of %s", size(x.script.Limits.Value)),
			Hint: "reduce it in the script: filter, map to the fields that matter, slice, count",
		}
	}
	if err != nil {
		return nil, err
	}
	x.notes = append(x.notes, notes...)
	if data == nil && len(x.notes) == 0 {
		if p.note != "" {
			x.notes = append(x.notes, p.note)
		} else if len(x.console.lines) == 0 {
			x.notes = append(x.notes, "the result is undefined: end the script with return, or with an expression that has a value")
		}
	}
	return data, nil
}

// maxNamed bounds how many calls or errors a note names.
const maxNamed = 10

// settleRest gives the calls that were not awaited their grace, cancels those
// that need longer, and notes what happened to them.
func (x *execution) settleRest() {
	var left []int
	for seq := range x.pending {
		left = append(left, seq)
	}
	slices.Sort(left)
	names := make([]string, len(left))
	for i, seq := range left {
		names[i] = x.pending[seq].String()
	}
	if len(left) > 0 {
		grace, cancel := context.WithTimeout(x.ctx, x.script.Limits.Grace)
		stop := x.watch(grace)
		err := x.loop.until(grace, func() bool { return len(x.pending) == 0 })
		stop()
		cancel()
		if x.ctx.Err() == nil {
			x.realm.rt.ClearInterrupt()
		}
		x.notes = append(x.notes, x.restNote(left, names, err)...)
	}
	x.noteRejections()
}

func (x *execution) restNote(left []int, names []string, err error) []string {
	var finished, cancelled []string
	for i, seq := range left {
		if _, pending := x.pending[seq]; pending {
			cancelled = append(cancelled, names[i])
		} else {
			finished = append(finished, names[i])
		}
	}
	var notes []string
	if len(cancelled) > 0 {
		notes = append(notes, fmt.Sprintf("%s not awaited and cancelled %s after the script's end: %s",
			count(len(cancelled), "call"), seconds(x.script.Limits.Grace), listed(cancelled)))
	}
	if len(finished) > 0 {
		notes = append(notes, fmt.Sprintf("%s not awaited, finished after the script's end: %s",
			count(len(finished), "call"), listed(finished)))
	}
	if err != nil && !errors.Is(err, context.DeadlineExceeded) && x.ctx.Err() == nil && !isInterrupt(err) {
		notes = append(notes, "after the script's end: "+x.failure(err).Message)
	}
	return notes
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// noteRejections reports errors that nobody handled.
func (x *execution) noteRejections() {
	var texts []string
	for _, p := range x.rejected[:min(len(x.rejected), maxNamed)] {
		f := x.failure(thrown{p.Result()})
		s := f.Message
		if f.Name != "" {
			s = f.Name + ": " + s
		}
		if f.Line > 0 {
			s += fmt.Sprintf(" (line %d)", f.Line)
		}
		texts = append(texts, clip(s, 300))
	}
	if n := len(x.rejected); n > 0 {
		note := fmt.Sprintf("%s nobody handled: %s", count(n, "error"), strings.Join(texts, "; "))
		x.notes = append(x.notes, note)
	}
}
