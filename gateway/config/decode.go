package config

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// decoder fills structures from nodes by their json tags. It reports every
// key that has no field and every value that does not fit, and goes on.
type decoder struct {
	r *report
	// value reads text that may hold references, in the format's own spelling.
	value valueReader
}

// valueReader reads a text; where it stands is for notes about it.
type valueReader func(text string, at Pos, path string) (Value, error)

func binderyValue(text string, _ Pos, _ string) (Value, error) { return ParseValue(text) }

// ignored is the type of fields that a foreign format knows and bindery has no
// use for; whatever stands there is accepted.
type ignored struct{}

// checker is a structure with rules of its own, applied once it is filled.
type checker interface {
	check(r *report, n *node, path string)
}

// nodeDecoder is a type that can be spelled in more than one way.
type nodeDecoder interface {
	decodeNode(d *decoder, n *node, path string)
}

// seconds is a time as a plain number, as other clients write it.
type seconds float64

func (s seconds) duration() time.Duration {
	return time.Duration(math.Min(float64(s)*float64(time.Second), math.MaxInt64/2))
}

func (d *decoder) decode(n *node, v reflect.Value, path string) {
	if n.kind == nullNode {
		// Nothing written is an empty table, which its rules may not allow.
		if c, ok := reflect.TypeAssert[checker](v.Addr()); ok {
			c.check(d.r, n, path)
		}
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if d.special(n, v, path) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if d.expect(n, tableNode, path) {
			d.decodeStruct(n, v, path)
		}
	case reflect.Map:
		if d.expect(n, tableNode, path) {
			d.decodeMap(n, v, path)
		}
	case reflect.Slice:
		if d.expect(n, listNode, path) {
			v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
			for i, item := range n.items {
				d.decode(item, v.Index(i), path+"["+strconv.Itoa(i)+"]")
			}
		}
	case reflect.String:
		if d.expect(n, stringNode, path) {
			v.SetString(n.text)
		}
	case reflect.Bool:
		if d.expect(n, boolNode, path) {
			v.SetBool(n.text == "true")
		}
	case reflect.Int:
		if d.expect(n, intNode, path) {
			i, err := strconv.ParseInt(n.text, 0, 32)
			if err != nil || i < 0 {
				d.r.add(n.pos, path, quote(n.text)+" is not a number from 0 to 2147483647", "")
				return
			}
			v.SetInt(i)
		}
	default:
		panic("config: no way to decode a " + v.Type().String())
	}
}

// special decodes the types that have a spelling of their own.
func (d *decoder) special(n *node, v reflect.Value, path string) bool {
	switch p := v.Addr().Interface().(type) {
	case *ignored:
	case *Value:
		*p = d.decodeValue(n, path)
	case *Secret:
		p.Value = d.decodeValue(n, path)
	case *time.Duration:
		d.decodeDuration(n, p, path)
	case *seconds:
		if n.kind != intNode && n.kind != floatNode {
			d.r.add(n.pos, path, "expected a number of seconds, found "+n.kind.String(), "")
			return true
		}
		f, err := strconv.ParseFloat(n.text, 64)
		if err != nil || !(f >= 0 && f <= 1e9) {
			d.r.add(n.pos, path, quote(n.text)+" is not a number of seconds", "")
			return true
		}
		*p = seconds(f)
	case *Size:
		d.decodeSize(n, p, path)
	case *Concurrency:
		d.decodeConcurrency(n, p, path)
	case nodeDecoder:
		p.decodeNode(d, n, path)
	default:
		return false
	}
	return true
}

func (d *decoder) expect(n *node, kind nodeKind, path string) bool {
	if n.kind == kind {
		return true
	}
	hint := ""
	if kind == stringNode && (n.kind == intNode || n.kind == floatNode || n.kind == boolNode) {
		hint = "put it in quotes"
	}
	d.r.add(n.pos, path, "expected "+kind.String()+", found "+n.kind.String(), hint)
	return false
}

func (d *decoder) decodeStruct(n *node, v reflect.Value, path string) {
	fields := fieldsOf(v)
	for _, e := range n.entries {
		at := join(path, e.key)
		f, ok := fields.byKey[e.key]
		if !ok {
			d.r.add(e.pos, path, "unknown key "+quote(e.key), suggest(e.key, fields.keys))
			continue
		}
		d.decode(e.value, f, at)
	}
	if c, ok := reflect.TypeAssert[checker](v.Addr()); ok {
		c.check(d.r, n, path)
	}
}

// fields are those of a structure and of the structures embedded in it.
type fields struct {
	byKey map[string]reflect.Value
	keys  []string
}

func fieldsOf(v reflect.Value) fields {
	all := fields{byKey: map[string]reflect.Value{}}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			inner := fieldsOf(v.Field(i))
			for _, k := range inner.keys {
				all.keys = append(all.keys, k)
				all.byKey[k] = inner.byKey[k]
			}
			continue
		}
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if key == "" || !f.IsExported() {
			continue
		}
		if _, ok := all.byKey[key]; !ok {
			all.keys = append(all.keys, key)
		}
		all.byKey[key] = v.Field(i)
	}
	return all
}

func (d *decoder) decodeMap(n *node, v reflect.Value, path string) {
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.entries)))
	for _, e := range n.entries {
		elem := reflect.New(v.Type().Elem()).Elem()
		servers := isServers(elem.Addr().Interface())
		if servers {
			d.r.server = e.key
		}
		d.decode(e.value, elem, join(path, e.key))
		if servers {
			checkName(d.r, e, path)
			d.r.server = ""
		}
		v.SetMapIndex(reflect.ValueOf(e.key), elem)
	}
}

// isServers reports whether v is a server in any format, which is what
// problems are counted by when servers are imported.
func isServers(v any) bool {
	_, ok := v.(interface{ isServer() })
	return ok
}

func (d *decoder) decodeValue(n *node, path string) Value {
	text := n.text
	switch n.kind {
	case stringNode, intNode, floatNode:
	default:
		d.expect(n, stringNode, path)
		return Value{}
	}
	if strings.ContainsRune(text, 0) {
		d.r.add(n.pos, path, "the text holds a NUL character", "remove it")
		return Value{}
	}
	v, err := d.value(text, n.pos, path)
	if err != nil {
		d.r.add(n.pos, path, err.Error(), "")
		return Value{}
	}
	v.pos = n.pos
	return v
}

func (d *decoder) decodeDuration(n *node, p *time.Duration, path string) {
	const hint = `write it like "30s", "2m" or "500ms"`
	if n.kind != stringNode {
		d.r.add(n.pos, path, "expected a duration, found "+n.kind.String(), hint)
		return
	}
	t, err := time.ParseDuration(n.text)
	if err != nil || t < 0 {
		d.r.add(n.pos, path, quote(n.text)+" is not a duration", hint)
		return
	}
	*p = t
}

func (d *decoder) decodeSize(n *node, p *Size, path string) {
	if n.kind != stringNode && n.kind != intNode {
		d.r.add(n.pos, path, "expected a size, found "+n.kind.String(), `write it like "64KiB" or "256MiB"`)
		return
	}
	s, err := ParseSize(n.text)
	if err != nil {
		d.r.add(n.pos, path, err.Error(), "")
		return
	}
	*p = s
}

func (d *decoder) decodeConcurrency(n *node, p *Concurrency, path string) {
	if n.kind == stringNode && n.text == "serial" {
		*p = Serial
		return
	}
	i, err := strconv.ParseInt(n.text, 10, 16)
	if n.kind != intNode || err != nil || i < 1 {
		what := n.kind.String()
		if n.kind == stringNode || n.kind == intNode {
			what = quote(n.text)
		}
		d.r.add(n.pos, path, fmt.Sprintf(`expected a number from 1 to %d or "serial", found %s`, math.MaxInt16, what), "")
		return
	}
	*p = Concurrency(i)
}

func join(path, key string) string {
	if path == "" {
		return clip(key, 80)
	}
	return path + "." + clip(key, 80)
}
