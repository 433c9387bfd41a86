package js

import (
	"errors"
	"math"
	"time"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// installKeeping defines what a script finds of the scripts before it, results
// and store; what servers offer besides tools, resources and prompts; and
// progress, which tells how far it is.
func (x *execution) installKeeping() error {
	return errors.Join(
		x.realm.setGlobal("results", x.hostObject("results", map[string][]string{"get": {"id"}, "list": nil}), goja.FLAG_TRUE),
		x.realm.setGlobal("store", x.hostObject("store", map[string][]string{
			"set": {"key", "value"}, "get": {"key"}, "delete": {"key"}, "keys": nil,
		}), goja.FLAG_TRUE),
		x.realm.setGlobal("resources", x.hostObject("resources", map[string][]string{"list": {"server"}, "read": {"uri", "server"}}), goja.FLAG_TRUE),
		x.realm.setGlobal("prompts", x.hostObject("prompts", map[string][]string{"list": {"server"}, "get": {"name", "args", "server"}}), goja.FLAG_TRUE),
		x.realm.setGlobal("progress", x.named("progress", x.progress), goja.FLAG_TRUE),
	)
}

// hostObject makes an object of functions of the host, each with the names of
// its parameters.
func (x *execution) hostObject(name string, functions map[string][]string) *goja.Object {
	o := x.realm.rt.NewObject()
	for f, parameters := range functions {
		t := target{id: bindery.ToolID{Server: sandbox.Builtin, Name: name + "." + f}, spelling: name + "." + f}
		call := x.named(f, func(c goja.FunctionCall) goja.Value {
			if len(c.Arguments) > len(parameters) {
				return x.rejectType("%s takes %s, not %d", t.spelling, count(len(parameters), "argument"), len(c.Arguments))
			}
			args := x.realm.rt.NewObject()
			for i, v := range c.Arguments {
				x.settled(args.DefineDataProperty(parameters[i], v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
			}
			return x.call(t, []goja.Value{args})
		})
		x.settled(o.DefineDataProperty(f, call, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
	}
	return o
}

// betweenProgress is how often a script can tell its progress. A loop that
// tells of each step costs no more than one that does not.
const betweenProgress = 50 * time.Millisecond

// progress is progress(message, done, total).
func (x *execution) progress(c goja.FunctionCall) goja.Value {
	p := sandbox.Progress{}
	message := c.Argument(0)
	if goja.IsNumber(message) { // the numbers alone, without a message
		p.Done, p.Total = finite(message), finite(c.Argument(1))
	} else {
		if !goja.IsUndefined(message) && stringLength(message) <= 1<<20 {
			p.Message = printable(message.String())
		}
		p.Done, p.Total = finite(c.Argument(1)), finite(c.Argument(2))
	}
	now := time.Now()
	if last := p.Total > 0 && p.Done >= p.Total; last || now.Sub(x.told) >= betweenProgress {
		x.told = now
		x.host.Log(p.Line())
	}
	return goja.Undefined()
}

// finite returns the number that v is, 0 for anything else.
func finite(v goja.Value) float64 {
	if !goja.IsNumber(v) {
		return 0
	}
	if f := v.ToFloat(); !math.IsInf(f, 0) && !math.IsNaN(f) {
		return f
	}
	return 0
}
