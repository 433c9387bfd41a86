package js

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"

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
	// lazy parts wait until a script asks for them.
	lazy []*lazy
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
	web := sync.OnceValues(func() (*goja.Program, error) { return goja.Compile("web.js", webCode, true) })
	intl := sync.OnceValues(func() (*goja.Program, error) { return goja.Compile("intl.js", intlCode, true) })
	return &library{realm: realm, prelude: prelude, lazy: []*lazy{
		{names: []string{"URL", "URLSearchParams"}, program: web, host: webFunctions},
		{names: []string{"Intl"}, program: intl, host: intlFunctions},
	}}, nil
}

// realm is a JavaScript world before any script ran in it, with the
// intrinsics that conversions need, as they were then.
type realm struct {
	rt *goja.Runtime

	newToolError, isoDate, regexpText, eachOfMap, eachOfSet, stringOf, invoke, add, textOf, nth goja.Callable

	objectPrototype, errorPrototype, newRegExp *goja.Object
}

func newRealm(lib *library) (*realm, error) {
	rt := goja.New()
	rt.SetMaxCallStackSize(maxFrames)
	v, err := runWith(rt, lib.realm, hostFunctions(rt))
	if err != nil {
		return nil, fmt.Errorf("prepare the realm: %w", err)
	}
	if _, err := rt.RunProgram(lib.prelude); err != nil {
		return nil, fmt.Errorf("run the standard library: %w", err)
	}
	if err := installLocale(rt); err != nil {
		return nil, fmt.Errorf("prepare the realm: %w", err)
	}
	for _, l := range lib.lazy {
		if err := l.install(rt); err != nil {
			return nil, fmt.Errorf("prepare the realm: %w", err)
		}
	}
	own := v.ToObject(rt)
	r := &realm{
		rt: rt, objectPrototype: own.Get("objectPrototype").ToObject(rt), errorPrototype: own.Get("errorPrototype").ToObject(rt),
		newRegExp: own.Get("newRegExp").ToObject(rt),
	}
	for name, f := range map[string]*goja.Callable{
		"toolError": &r.newToolError, "isoDate": &r.isoDate, "regexpText": &r.regexpText, "eachOfMap": &r.eachOfMap,
		"eachOfSet": &r.eachOfSet, "stringOf": &r.stringOf, "invoke": &r.invoke,
		"add": &r.add, "textOf": &r.textOf, "nth": &r.nth,
	} {
		var ok bool
		if *f, ok = goja.AssertFunction(own.Get(name)); !ok {
			return nil, errors.New("prepare the realm: " + name + " is not a function")
		}
	}
	return r, nil
}

// runWith runs a program that gives a function, and calls that with host.
func runWith(rt *goja.Runtime, p *goja.Program, host *goja.Object) (goja.Value, error) {
	v, err := rt.RunProgram(p)
	if err != nil {
		return nil, err
	}
	f, ok := goja.AssertFunction(v)
	if !ok {
		return nil, errors.New("the program does not give a function")
	}
	return f(goja.Undefined(), host)
}

// hostFunctions are the functions of Go that the realm's own code calls.
func hostFunctions(rt *goja.Runtime) *goja.Object {
	host := rt.NewObject()
	function := func(name string, f func(goja.FunctionCall) goja.Value) {
		must(goja.Undefined(), host.Set(name, f))
	}
	function("expandProperties", func(c goja.FunctionCall) goja.Value {
		pattern, err := expandProperties(c.Argument(0).String())
		if err != nil {
			panic(newError(rt, "SyntaxError", err.Error()))
		}
		return rt.ToValue(pattern)
	})
	function("indent", func(c goja.FunctionCall) goja.Value {
		var out bytes.Buffer
		// What stringify gave is JSON.
		if err := json.Indent(&out, []byte(c.Argument(0).String()), "", c.Argument(1).String()); err != nil {
			panic(rt.NewTypeError(err.Error()))
		}
		return rt.ToValue(out.String())
	})
	return host
}

// newError makes an error of a class that package goja has no function for.
func newError(rt *goja.Runtime, class, message string) *goja.Object {
	o, err := rt.New(rt.GlobalObject().Get(class), rt.ToValue(message))
	if err != nil {
		return rt.NewTypeError(message)
	}
	return o
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
