package js

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery/internal/jsonstring"
)

// purpose is what a value is encoded for.
type purpose uint8

const (
	forValue purpose = iota // a result: what JSON cannot hold is mapped and noted
	forArgs                 // arguments: what JSON cannot hold is an error, but for undefined
	forLog                  // console output: what JSON cannot hold is named
)

// errTooLarge says that a value's JSON is longer than its limit.
var errTooLarge = errors.New("too large")

// encoder writes script values as JSON:
//
//	BigInt            its digits           Map       an object, or pairs if a key is not a string
//	NaN, ±Infinity    null                 Set       an array
//	Date              ISO 8601, or null    Error     {name, message} and its own properties
//	undefined         left out, or null    RegExp    its source text
//	function          left out, or null    Symbol    its text
//	cycle             "[Circular]"         Promise   null
//	Uint8Array, ArrayBuffer  base64        other typed arrays  an array of numbers
//
// toJSON is called where a script's own class or object has it, not where one
// was put on a built-in prototype. The encoder stops at its limit, so that a
// small graph with a vast expansion costs no more than the limit.
type encoder struct {
	r       *realm
	ctx     context.Context
	purpose purpose
	limit   int64

	buf       []byte
	path      []string
	ancestors []*goja.Object
	notes     []string
	nodes     int
	polluted  goja.Value
	err       error
}

// encode returns v as JSON, nil if v has no value. It must run in protect. It
// reads script values, whose getters may throw: that passes through as a
// panic. The error is errTooLarge, the context's, or says what cannot be sent.
func (r *realm) encode(ctx context.Context, v goja.Value, p purpose, limit int64) (data []byte, notes []string, err error) {
	e := &encoder{r: r, ctx: ctx, purpose: p, limit: limit}
	if p != forLog {
		e.polluted = r.objectPrototype.Get("toJSON")
	}
	if e.absent(v) {
		return nil, nil, nil
	}
	e.value(v)
	if e.err == nil && int64(len(e.buf)) > limit {
		e.err = errTooLarge
	}
	return e.buf, e.notes, e.err
}

// maxNotes bounds what is said about one value.
const maxNotes = 5

func (e *encoder) note(format string, args ...any) {
	if len(e.notes) < maxNotes {
		e.notes = append(e.notes, e.where()+" "+fmt.Sprintf(format, args...))
	}
}

func (e *encoder) fail(format string, args ...any) {
	if e.err == nil {
		e.err = errors.New(e.where() + " " + fmt.Sprintf(format, args...))
	}
}

// where names the place of the current value, as in result.items[3].
func (e *encoder) where() string {
	var b strings.Builder
	if e.purpose == forArgs {
		b.WriteString("the argument")
	} else {
		b.WriteString("result")
	}
	for i, p := range e.path {
		if i > 8 {
			b.WriteString("…")
			break
		}
		b.WriteString(clip(p, 60))
	}
	return b.String()
}

func (e *encoder) raw(s string) { e.buf = append(e.buf, s...) }

// absent reports whether v is left out of objects.
func (e *encoder) absent(v goja.Value) bool {
	if v == nil || goja.IsUndefined(v) {
		return e.purpose != forLog || v == nil
	}
	if e.purpose == forLog {
		return false
	}
	_, ok := goja.AssertFunction(v)
	return ok
}

// stop reports whether there is no point in going on.
func (e *encoder) stop() bool {
	e.nodes++
	if e.err == nil && int64(len(e.buf)) > e.limit {
		e.err = errTooLarge
	}
	if e.err == nil && e.nodes%1024 == 0 {
		e.err = e.ctx.Err()
	}
	return e.err != nil
}

func (e *encoder) value(v goja.Value) {
	if e.stop() {
		return
	}
	switch v := v.(type) {
	case nil:
		e.raw("null")
	case *goja.Symbol:
		e.str("Symbol(" + v.String() + ")")
	case *goja.Object:
		e.object(v)
	default:
		e.primitive(v)
	}
}

func (e *encoder) primitive(v goja.Value) {
	if int64(stringLength(v)) > e.limit {
		e.err = errTooLarge
		return
	}
	switch x := v.Export().(type) {
	case nil:
		if e.purpose == forLog && goja.IsUndefined(v) {
			e.raw("undefined")
			return
		}
		e.raw("null")
	case bool:
		e.buf = strconv.AppendBool(e.buf, x)
	case string:
		e.str(x)
	case int64:
		e.buf = strconv.AppendInt(e.buf, x, 10)
	case *big.Int:
		e.bigint(x)
	case float64:
		e.float(x, v)
	default:
		e.str(v.String())
	}
}

func (e *encoder) bigint(x *big.Int) {
	// Conversion to digits takes more than linear time; 3.32 bits make a digit.
	if int64(x.BitLen()) > 4*e.limit {
		e.err = errTooLarge
		return
	}
	e.buf = x.Append(e.buf, 10)
	if e.purpose == forLog {
		e.raw("n")
	}
}

func (e *encoder) float(x float64, v goja.Value) {
	if !math.IsNaN(x) && !math.IsInf(x, 0) {
		if x == 0 {
			e.raw("0") // -0 too, as JSON.stringify writes it
			return
		}
		e.raw(v.String())
		return
	}
	switch e.purpose {
	case forLog:
		e.raw(v.String())
	case forArgs:
		e.fail("is %s, which JSON cannot hold", v)
	case forValue:
		e.note("is %s; JSON has null for it", v)
		e.raw("null")
	}
}

func (e *encoder) object(o *goja.Object) {
	if slices.Contains(e.ancestors, o) {
		if e.purpose == forArgs {
			e.fail("contains itself")
		}
		e.str("[Circular]")
		return
	}
	if len(e.ancestors) >= maxDepth {
		if e.purpose == forLog {
			e.str("[deeper]")
			return
		}
		e.fail("is nested deeper than %d levels", maxDepth)
		return
	}
	e.ancestors = append(e.ancestors, o)
	defer func() { e.ancestors = e.ancestors[:len(e.ancestors)-1] }()
	if e.special(o) {
		return
	}
	if e.purpose != forLog {
		if v, ok := e.viaToJSON(o); ok {
			e.replacement(v)
			return
		}
	}
	e.properties(o)
}

// viaToJSON calls o's toJSON, unless it is one that was put on Object.prototype.
func (e *encoder) viaToJSON(o *goja.Object) (goja.Value, bool) {
	method := o.Get("toJSON")
	if method == nil || (e.polluted != nil && method.StrictEquals(e.polluted)) {
		return nil, false
	}
	call, ok := goja.AssertFunction(method)
	if !ok {
		return nil, false
	}
	key := ""
	if len(e.path) > 0 {
		key = strings.Trim(e.path[len(e.path)-1], ".[]")
	}
	return must(call(o, e.r.rt.ToValue(key))), true
}

// replacement encodes what a toJSON returned, whose own toJSON is not asked.
func (e *encoder) replacement(v goja.Value) {
	o, ok := v.(*goja.Object)
	switch {
	case e.absent(v):
		e.raw("null")
	case !ok:
		e.value(v)
	case !e.special(o):
		e.properties(o)
	}
}

func (e *encoder) str(s string) { e.buf = jsonstring.Append(e.buf, s) }
