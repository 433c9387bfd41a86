package js

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"

	"github.com/dop251/goja"
)

// maxDepth bounds how deep values may nest that cross the border either way.
const maxDepth = 1000

// maxSafe is Number.MAX_SAFE_INTEGER: integers beyond it become BigInt, so
// that identifiers keep their last digits.
const maxSafe = 1<<53 - 1

// decode makes a script value of JSON text from outside. It calls no code of
// the script and defines properties rather than assigning them, so that
// neither a replaced JSON nor a polluted prototype can take part.
func (r *realm) decode(data []byte) (goja.Value, error) {
	if !json.Valid(data) {
		return nil, errors.New("not valid JSON")
	}
	d := decoder{rt: r.rt, data: data}
	v := d.value(0)
	if d.err != nil {
		return nil, d.err
	}
	return v, nil
}

// decoder reads text that is known to be valid JSON.
type decoder struct {
	rt   *goja.Runtime
	data []byte
	pos  int
	err  error
}

func (d *decoder) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return
		}
	}
}

func (d *decoder) value(depth int) goja.Value {
	if depth > maxDepth {
		d.err = fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	if d.err != nil {
		return goja.Undefined()
	}
	d.space()
	switch c := d.data[d.pos]; c {
	case '{':
		return d.object(depth)
	case '[':
		return d.array(depth)
	case '"':
		return d.rt.ToValue(d.str())
	case 't':
		d.pos += len("true")
		return d.rt.ToValue(true)
	case 'f':
		d.pos += len("false")
		return d.rt.ToValue(false)
	case 'n':
		d.pos += len("null")
		return goja.Null()
	default:
		return d.number()
	}
}

// more reports whether another element follows, and steps over the comma or
// the closing bracket.
func (d *decoder) more(closing byte) bool {
	d.space()
	switch d.data[d.pos] {
	case closing:
		d.pos++
		return false
	case ',':
		d.pos++
	}
	return true
}

func (d *decoder) object(depth int) goja.Value {
	d.pos++
	o := d.rt.NewObject()
	for d.more('}') && d.err == nil {
		d.space()
		key := d.str()
		d.space()
		d.pos++ // ':'
		v := d.value(depth + 1)
		if err := o.DefineDataProperty(key, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE); err != nil && d.err == nil {
			d.err = err
		}
	}
	return o
}

func (d *decoder) array(depth int) goja.Value {
	d.pos++
	items := []any{}
	for d.more(']') && d.err == nil {
		items = append(items, d.value(depth+1))
	}
	return d.rt.NewArray(items...)
}

func (d *decoder) str() string {
	start := d.pos
	plain := true
	for d.pos++; d.data[d.pos] != '"'; d.pos++ {
		if d.data[d.pos] == '\\' {
			plain = false
			d.pos++
		}
	}
	d.pos++
	quoted := d.data[start:d.pos]
	if plain {
		return string(bytes.ToValidUTF8(quoted[1:len(quoted)-1], []byte("\ufffd")))
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil && d.err == nil {
		d.err = err
	}
	return s
}

func (d *decoder) number() goja.Value {
	start := d.pos
	integer := true
scan:
	for ; d.pos < len(d.data); d.pos++ {
		switch d.data[d.pos] {
		case '.', 'e', 'E':
			integer = false
		case '+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		default:
			break scan
		}
	}
	digits := string(d.data[start:d.pos])
	if integer && digits != "-0" {
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil && n >= -maxSafe && n <= maxSafe {
			return d.rt.ToValue(n)
		}
		if len(digits) <= maxDigits {
			if n, ok := new(big.Int).SetString(digits, 10); ok {
				return d.rt.ToValue(n)
			}
		}
	}
	// ParseFloat gives ±Inf beyond the range, which is what JSON.parse does.
	f, _ := strconv.ParseFloat(digits, 64)
	return d.rt.ToValue(f)
}

// maxDigits bounds the integers that become BigInt; converting digits takes
// more than linear time.
const maxDigits = 1000
