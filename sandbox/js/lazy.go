package js

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
)

// lazy is a part of the library that few scripts use: it is compiled and run
// when a script first asks for one of its globals.
type lazy struct {
	names   []string
	program func() (*goja.Program, error)
	host    func(rt *goja.Runtime) *goja.Object
}

// install defines the globals of l.
func (l *lazy) install(rt *goja.Runtime) error {
	global := rt.GlobalObject()
	var errs []error
	for _, name := range l.names {
		getter := rt.ToValue(func(goja.FunctionCall) goja.Value {
			if err := l.load(rt); err != nil {
				panic(rt.NewGoError(err))
			}
			return global.Get(name)
		})
		setter := rt.ToValue(func(c goja.FunctionCall) goja.Value {
			must(goja.Undefined(), define(rt, name, c.Argument(0)))
			return goja.Undefined()
		})
		errs = append(errs, global.DefineAccessorProperty(name, getter, setter, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	return errors.Join(errs...)
}

// load runs the code and puts what it gives in the place of the accessors.
func (l *lazy) load(rt *goja.Runtime) error {
	p, err := l.program()
	if err != nil {
		return fmt.Errorf("compile the library: %w", err)
	}
	v, err := runWith(rt, p, l.host(rt))
	if err != nil {
		return fmt.Errorf("run the library: %w", err)
	}
	made := v.ToObject(rt)
	for _, name := range l.names {
		if err := define(rt, name, made.Get(name)); err != nil {
			return err
		}
	}
	return nil
}

func define(rt *goja.Runtime, name string, v goja.Value) error {
	return rt.GlobalObject().DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}
