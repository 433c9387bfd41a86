package js

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja"
)

// special encodes everything that is not a plain object.
func (e *encoder) special(o *goja.Object) bool {
	switch classOf(o) {
	case "Array":
		e.array(o)
	case "Function", "AsyncFunction", "GeneratorFunction":
		e.function(o)
	case "Date":
		if iso, err := e.r.isoDate(goja.Undefined(), o); err == nil {
			e.value(iso)
		} else {
			e.raw("null")
		}
	case "RegExp":
		e.value(must(e.r.regexpText(goja.Undefined(), o)))
	case "String":
		e.value(must(e.r.stringOf(goja.Undefined(), o)))
	case "Number", "Boolean":
		e.primitive(e.r.rt.ToValue(o.Export()))
	case "Error":
		e.errorObject(o)
	case "Map":
		e.mapObject(o)
	case "Set":
		e.setObject(o)
	case "Promise":
		e.promise()
	case "RawJSON":
		// JSON.rawJSON froze it after checking that it is a JSON primitive.
		e.raw(e.r.property(o, "rawJSON"))
	default:
		return e.backed(o)
	}
	return true
}

func (e *encoder) function(o *goja.Object) {
	if e.purpose != forLog {
		e.raw("null")
		return
	}
	name, _ := o.Get("name").Export().(string)
	e.raw("[Function" + strings.TrimRight(" "+name, " ") + "]")
}

func (e *encoder) promise() {
	switch e.purpose {
	case forLog:
		e.raw("[Promise: not awaited]")
	case forArgs:
		e.fail("is a Promise; await it first")
	case forValue:
		e.note("is a Promise that was not awaited")
		e.raw("null")
	}
}

// backed encodes what Go backs: array buffers, typed arrays, namespaces.
func (e *encoder) backed(o *goja.Object) bool {
	t := o.ExportType()
	if t == nil {
		return false
	}
	var data []byte
	switch {
	case t == reflect.TypeFor[*namespace](), t == reflect.TypeFor[*toolbox]():
		// Listing its tools would make a function of each.
		named, _ := o.Export().(fmt.Stringer)
		e.str(named.String())
		return true
	case t == reflect.TypeFor[goja.ArrayBuffer]():
		buffer, _ := o.Export().(goja.ArrayBuffer)
		data = buffer.Bytes()
	case t == reflect.TypeFor[[]byte]():
		data, _ = o.Export().([]byte)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Interface:
		items := reflect.ValueOf(o.Export())
		e.sequence(items.Len(), func(i int) goja.Value { return e.r.rt.ToValue(items.Index(i).Interface()) })
		return true
	default:
		return false
	}
	if int64(base64.StdEncoding.EncodedLen(len(data))) > e.limit {
		e.err = errTooLarge
		return true
	}
	e.str(base64.StdEncoding.EncodeToString(data))
	return true
}

func (e *encoder) array(o *goja.Object) {
	n := o.Get("length").ToInteger()
	e.sequence(int(n), func(i int) goja.Value { return o.Get(strconv.Itoa(i)) })
}

func (e *encoder) sequence(n int, item func(i int) goja.Value) {
	e.raw("[")
	for i := 0; i < n && !e.stop(); i++ {
		if i > 0 {
			e.raw(",")
		}
		e.path = append(e.path, "["+strconv.Itoa(i)+"]")
		if v := item(i); e.absent(v) {
			e.raw("null")
		} else {
			e.value(v)
		}
		e.path = e.path[:len(e.path)-1]
	}
	e.raw("]")
}

func (e *encoder) properties(o *goja.Object) {
	var keys []string
	read := func() { keys = o.Keys() }
	if e.purpose != forLog {
		read()
	} else if thrown := e.r.rt.Try(read); thrown != nil {
		e.raw("[unreadable]")
		return
	}
	e.raw("{")
	first := true
	for i, key := range keys {
		if e.stop() {
			break
		}
		first = e.property(key, e.get(o, i, key), first)
	}
	e.raw("}")
}

// get reads the property key, the i-th; a log survives a getter that throws.
func (e *encoder) get(o *goja.Object, i int, key string) (v goja.Value) {
	read := func() { v = o.Get(key) }
	if strings.ContainsRune(key, utf8.RuneError) {
		// It may be half a surrogate pair, which no Go string can ask for.
		read = func() { v = must(e.r.nth(goja.Undefined(), o, e.r.rt.ToValue(i))) }
	}
	if e.purpose != forLog {
		read()
		return v
	}
	if thrown := e.r.rt.Try(read); thrown != nil {
		return e.r.rt.ToValue("[getter threw]")
	}
	return v
}

func (e *encoder) property(key string, v goja.Value, first bool) (stillFirst bool) {
	if e.absent(v) {
		return first
	}
	if !first {
		e.raw(",")
	}
	e.str(key)
	e.raw(":")
	e.path = append(e.path, "."+key)
	e.value(v)
	e.path = e.path[:len(e.path)-1]
	return false
}

func (e *encoder) errorObject(o *goja.Object) {
	if e.purpose == forLog {
		e.raw("[" + e.r.describeError(o) + "]")
		return
	}
	e.raw("{")
	first := e.property("name", o.Get("name"), true)
	first = e.property("message", o.Get("message"), first)
	for _, key := range o.Keys() {
		if key != "name" && key != "message" && !e.stop() {
			first = e.property(key, o.Get(key), first)
		}
	}
	e.raw("}")
}

func (e *encoder) mapObject(o *goja.Object) {
	var keys, values []goja.Value
	plain := true
	collect := func(c goja.FunctionCall) goja.Value {
		keys, values = append(keys, c.Argument(1)), append(values, c.Argument(0))
		plain = plain && goja.IsString(c.Argument(1))
		return nil
	}
	must(e.r.eachOfMap(goja.Undefined(), o, e.r.rt.ToValue(collect)))
	if !plain {
		e.sequence(len(keys), func(i int) goja.Value { return e.r.rt.NewArray(keys[i], values[i]) })
		return
	}
	e.raw("{")
	first := true
	for i, k := range keys {
		if e.stop() {
			break
		}
		first = e.property(k.String(), values[i], first)
	}
	e.raw("}")
}

func (e *encoder) setObject(o *goja.Object) {
	var items []goja.Value
	collect := func(c goja.FunctionCall) goja.Value {
		items = append(items, c.Argument(0))
		return nil
	}
	must(e.r.eachOfSet(goja.Undefined(), o, e.r.rt.ToValue(collect)))
	e.sequence(len(items), func(i int) goja.Value { return items[i] })
}
