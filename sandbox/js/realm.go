package js

import (
	_ "embed"
	"errors"
	"fmt"
	"reflect"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery/stdlib"
)

//go:embed realm.js
var realmCode string

// maxFrames bounds the call stack. goja unwinds recursion through native
// frames in quadratic time, so that a larger bound costs seconds.
const maxFrames = 500

// library is what runs before every script, compiled once.
type library struct {
	realm, prelude *goja.Program
}

func compileLibrary() (*library, error) {
	realm, err := goja.Compile("realm.js", realmCode, true)
	if err != nil {
		return nil, fmt.Errorf("compile the realm: %w", err)
	}
	prelude, err := goja.Compile("stdlib.js", stdlib.JavaScript().Code, true)
	if err != nil {
		return nil, fmt.Errorf("compile the standard library: %w", err)
	}
	return &library{realm: realm, prelude: prelude}, nil
}

// realm is a JavaScript world before any script ran in it, with the
// intrinsics that conversions need, as they were then.
type realm struct {
	rt *goja.Runtime

	newToolError, isoDate, regexpText, eachOfMap, eachOfSet, stringOf, invoke goja.Callable

	objectPrototype, errorPrototype *goja.Object
}

func newRealm(lib *library) (*realm, error) {
	rt := goja.New()
	rt.SetMaxCallStackSize(maxFrames)
	v, err := rt.RunProgram(lib.realm)
	if err != nil {
		return nil, fmt.Errorf("prepare the realm: %w", err)
	}
	if _, err := rt.RunProgram(lib.prelude); err != nil {
		return nil, fmt.Errorf("run the standard library: %w", err)
	}
	own := v.ToObject(rt)
	r := &realm{rt: rt, objectPrototype: own.Get("objectPrototype").ToObject(rt), errorPrototype: own.Get("errorPrototype").ToObject(rt)}
	for name, f := range map[string]*goja.Callable{
		"toolError": &r.newToolError, "isoDate": &r.isoDate, "regexpText": &r.regexpText, "eachOfMap": &r.eachOfMap,
		"eachOfSet": &r.eachOfSet, "stringOf": &r.stringOf, "invoke": &r.invoke,
	} {
		var ok bool
		if *f, ok = goja.AssertFunction(own.Get(name)); !ok {
			return nil, errors.New("prepare the realm: " + name + " is not a function")
		}
	}
	return r, nil
}

// protect runs f where script values may be touched: a script can make any
// access throw, overflow or loop. The error is a *goja.Exception,
// *goja.InterruptedError or *goja.StackOverflowError. From outside the
// interpreter it also runs the jobs that f left behind.
func (r *realm) protect(f func()) error {
	call, _ := goja.AssertFunction(r.rt.ToValue(func(goja.FunctionCall) goja.Value {
		f()
		return nil
	}))
	_, err := call(goja.Undefined())
	return err
}

// must passes a value on and a failed call of an intrinsic up to the script.
func must(v goja.Value, err error) goja.Value {
	if err != nil {
		panic(err)
	}
	return v
}

// throwType throws a TypeError in the script.
func (r *realm) throwType(format string, args ...any) {
	panic(r.rt.NewTypeError(fmt.Sprintf(format, args...)))
}

// setGlobal defines a global that for-in does not list.
func (r *realm) setGlobal(name string, v goja.Value, writable goja.Flag) error {
	return r.rt.GlobalObject().DefineDataProperty(name, v, writable, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// promiseOf returns the promise that v is, or nil.
func promiseOf(v goja.Value) *goja.Promise {
	o, ok := v.(*goja.Object)
	if !ok || o.ExportType() != reflect.TypeFor[*goja.Promise]() {
		return nil
	}
	p, _ := o.Export().(*goja.Promise)
	return p
}

// classOf returns the kind of built-in that o is, "Object" for any other.
// goja gives its collections and promises no class name of their own.
func classOf(o *goja.Object) string {
	name := o.ClassName()
	if name != "Object" {
		return name
	}
	switch o.ExportType() {
	case reflect.TypeFor[[][2]any]():
		return "Map"
	case reflect.TypeFor[[]any]():
		return "Set"
	case reflect.TypeFor[*goja.Promise]():
		return "Promise"
	}
	return name
}
