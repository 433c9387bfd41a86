package js

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery"
)

// target is what a function of a script calls.
type target struct {
	id       bindery.ToolID
	spelling string // as the script writes it, for messages
	raw      bool   // the answer is wanted as it came
}

// pendingCall is a call without an answer yet.
type pendingCall struct {
	spelling string
	at       site
}

func (p pendingCall) String() string {
	if p.at.line == 0 {
		return p.spelling
	}
	return fmt.Sprintf("%s (line %d)", p.spelling, p.at.line)
}

// function makes the function that calls t, with its variant raw.
func (x *execution) function(t target) *goja.Object {
	f := x.named(t.spelling, func(c goja.FunctionCall) goja.Value { return x.call(t, c.Arguments) })
	raw := t
	raw.raw = true
	g := x.named(t.spelling+".raw", func(c goja.FunctionCall) goja.Value { return x.call(raw, c.Arguments) })
	if err := f.DefineDataProperty("raw", g, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE); err != nil {
		panic(err)
	}
	x.functions[f], x.functions[g] = t.spelling, raw.spelling+".raw"
	return f
}

// call starts a call and returns its promise.
func (x *execution) call(t target, args []goja.Value) goja.Value {
	at := x.here()
	data, err := x.arguments(t, args)
	if err != nil {
		return x.rejectType("%s", err.Error())
	}
	promise, resolve, reject := x.realm.rt.NewPromise()
	x.seq++
	c := bindery.Call{Tool: t.id, Args: data, Seq: x.seq, Line: at.line}
	x.pending[c.Seq] = pendingCall{t.spelling, at}
	x.loop.outstanding++
	answered := func(r bindery.Result, err error) error {
		return x.realm.protect(func() {
			v, failure := x.answer(t, at, r, err)
			if failure == nil {
				x.settled(resolve(v))
				return
			}
			x.settled(reject(failure))
		})
	}
	x.begin(func() {
		x.host.Start(x.ctx, c, func(r bindery.Result, err error) {
			x.loop.post(func() error { return x.finish(c.Seq, func() error { return answered(r, err) }) })
		})
	})
	return x.realm.rt.ToValue(promise)
}

// begin starts a call, or keeps it while as many as may be are under way.
func (x *execution) begin(start func()) {
	if x.inFlight >= x.script.Limits.InFlight {
		x.waiting = append(x.waiting, start)
		return
	}
	x.inFlight++
	start()
}

// finish takes a call off the books before its promise is settled.
func (x *execution) finish(seq int, settle func() error) error {
	if _, ok := x.pending[seq]; !ok {
		return nil
	}
	delete(x.pending, seq)
	x.loop.outstanding--
	x.inFlight--
	if len(x.waiting) > 0 {
		start := x.waiting[0]
		x.waiting[0] = nil
		x.waiting = x.waiting[1:]
		x.begin(start)
	}
	return settle()
}

// settled passes on what a promise's resolving function reports: only what no
// script can catch.
func (x *execution) settled(err error) {
	if err != nil {
		panic(err)
	}
}

// rejectType returns a promise rejected with a TypeError.
func (x *execution) rejectType(format string, args ...any) goja.Value {
	promise, _, reject := x.realm.rt.NewPromise()
	x.settled(reject(x.realm.rt.NewTypeError(fmt.Sprintf(format, args...))))
	return x.realm.rt.ToValue(promise)
}

// arguments encodes the one object a tool takes.
func (x *execution) arguments(t target, args []goja.Value) (json.RawMessage, error) {
	usage := takesOne(t.spelling)
	if len(args) > 1 {
		return nil, fmt.Errorf("%s; it was called with %d arguments", usage, len(args))
	}
	if len(args) == 0 || goja.IsUndefined(args[0]) {
		return json.RawMessage("{}"), nil
	}
	o, ok := args[0].(*goja.Object)
	if !ok {
		return nil, fmt.Errorf("%s; it was called with %s", usage, kindOf(args[0]))
	}
	switch classOf(o) {
	case "Object", "Error", "Map":
	case "Promise":
		return nil, errors.New(usage + "; it was called with a Promise: await it first")
	default:
		return nil, fmt.Errorf("%s; it was called with %s", usage, kindOf(o))
	}
	data, _, err := x.realm.encode(x.ctx, o, forArgs, x.script.Limits.Args)
	switch {
	case errors.Is(err, errTooLarge):
		return nil, fmt.Errorf("%s: the arguments are longer than the limit of %s for one call", t.spelling, size(x.script.Limits.Args))
	case err != nil:
		return nil, fmt.Errorf("%s: %w", t.spelling, err)
	case len(data) == 0 || data[0] != '{':
		return nil, fmt.Errorf("%s; what it was called with is not an object in JSON", usage)
	}
	return data, nil
}

// takesOne says how a tool is called.
func takesOne(spelling string) string { return spelling + " takes one object: " + spelling + "({…})" }

// kindOf names the kind of a value, with its article.
func kindOf(v goja.Value) string {
	switch v := v.(type) {
	case *goja.Symbol:
		return "a symbol"
	case *goja.Object:
		switch name := classOf(v); name {
		case "Array", "Error", "Object":
			return "an " + strings.ToLower(name)
		default:
			return "a " + name
		}
	}
	switch {
	case goja.IsUndefined(v):
		return "undefined"
	case goja.IsNull(v):
		return "null"
	case goja.IsString(v):
		return "a string"
	case goja.IsBigInt(v):
		return "a bigint"
	case goja.IsNumber(v):
		return "a number"
	}
	return "a boolean"
}
