package js

import (
	"math"
	"time"

	"github.com/dop251/goja"
)

// setTimeout is the global setTimeout(f, ms, ...args).
func (x *execution) setTimeout(c goja.FunctionCall) goja.Value {
	return x.startTimer(c, "setTimeout", false)
}

// setInterval is the global setInterval(f, ms, ...args).
func (x *execution) setInterval(c goja.FunctionCall) goja.Value {
	return x.startTimer(c, "setInterval", true)
}

func (x *execution) startTimer(c goja.FunctionCall, name string, repeat bool) goja.Value {
	f, ok := goja.AssertFunction(c.Argument(0))
	if !ok {
		x.realm.throwType("%s takes a function, not %s", name, kindOf(c.Argument(0)))
	}
	ms := c.Argument(1).ToFloat()
	if math.IsNaN(ms) || ms < 0 {
		ms = 0
	}
	delay := time.Duration(min(ms, float64(maxTimer/time.Millisecond)) * float64(time.Millisecond))
	args := append([]goja.Value(nil), c.Arguments[min(2, len(c.Arguments)):]...)
	id := x.loop.addTimer(delay, repeat, func() error {
		_, err := f(goja.Undefined(), args...)
		return err
	})
	return x.realm.rt.ToValue(id)
}

// clearTimer is both clearTimeout and clearInterval.
func (x *execution) clearTimer(c goja.FunctionCall) goja.Value {
	if goja.IsNumber(c.Argument(0)) {
		x.loop.removeTimer(c.Argument(0).ToInteger())
	}
	return goja.Undefined()
}
