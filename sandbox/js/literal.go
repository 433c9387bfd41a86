package js

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/jsonstring"
	"github.com/bindery-mcp/bindery/sandbox"
)

// The bounds of what is written down of one call's arguments. What is beyond
// the depth is unknown; a call that is beyond the nodes is left out.
const (
	maxLiteralDepth = 32
	maxLiteralNodes = 2000
)

// draftWriter writes an expression as JSON, as far as its text tells what it will
// be: what the encoder of values would make of it.
type draftWriter struct {
	buf           []byte
	unknown, open []string
	nodes         int
}

// draftOf returns the call of a tool with the arguments in o; false if there
// is too much of them.
func draftOf(id bindery.ToolID, o *ast.ObjectLiteral) (sandbox.Draft, bool) {
	w := &draftWriter{}
	w.object(o, "", 0)
	return sandbox.Draft{Tool: id, Args: json.RawMessage(w.buf), Unknown: w.unknown, Open: w.open}, w.nodes <= maxLiteralNodes
}

// value writes e, which is nil if it is not known, at place.
func (w *draftWriter) value(e ast.Expression, place string, depth int) {
	w.nodes++
	if w.nodes > maxLiteralNodes || depth > maxLiteralDepth {
		e = nil
	}
	switch e := e.(type) {
	case *ast.ObjectLiteral:
		w.object(e, place, depth)
		return
	case *ast.ArrayLiteral:
		w.array(e, place, depth)
		return
	case *ast.NullLiteral:
		w.buf = append(w.buf, "null"...)
		return
	case *ast.BooleanLiteral:
		w.buf = strconv.AppendBool(w.buf, e.Value)
		return
	}
	if s, ok := stringOf(e); ok {
		w.buf = jsonstring.Append(w.buf, s)
	} else if n, ok := numberOf(e); ok {
		w.buf = append(w.buf, n...)
	} else {
		w.buf = append(w.buf, "null"...)
		w.unknown = append(w.unknown, place)
	}
}

// numberOf returns the number that e is, in JSON, if that is certain.
func numberOf(e ast.Expression) (string, bool) {
	if u, ok := e.(*ast.UnaryExpression); ok && u.Operator == token.MINUS {
		n, ok := numberOf(u.Operand)
		if positive, negative := strings.CutPrefix(n, "-"); negative || n == "0" {
			return positive, ok // JSON has no -0
		}
		return "-" + n, ok
	}
	n, ok := e.(*ast.NumberLiteral)
	if !ok {
		return "", false
	}
	switch v := n.Value.(type) {
	case int64:
		return floatText(float64(v))
	case float64:
		return floatText(v)
	case *big.Int:
		return v.String(), true
	}
	return "", false
}

// floatText writes a number as ECMA-262 does; false for one that is infinite.
func floatText(f float64) (string, bool) {
	data, err := json.Marshal(f)
	return string(data), err == nil
}

// member is one property of an object literal; of is nil for a value that is
// not known.
type member struct {
	name string
	of   ast.Expression
}

func (w *draftWriter) object(o *ast.ObjectLiteral, place string, depth int) {
	members, open := membersOf(o)
	if open {
		w.open = append(w.open, place)
	}
	w.buf = append(w.buf, '{')
	for i, m := range members {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(jsonstring.Append(w.buf, m.name), ':')
		w.value(m.of, place+"/"+strings.ReplaceAll(strings.ReplaceAll(m.name, "~", "~0"), "/", "~1"), depth+1)
	}
	w.buf = append(w.buf, '}')
}

// membersOf returns the properties of an object literal; open, if there may be
// others. What is spread may replace all that stands before it.
func membersOf(o *ast.ObjectLiteral) (members []member, open bool) {
	for _, p := range o.Value[:min(len(o.Value), maxLiteralNodes)] {
		name, of, ok := memberOf(p)
		if !ok {
			open = true
			for i := range members {
				members[i].of = nil
			}
			continue
		}
		at := slices.IndexFunc(members, func(m member) bool { return m.name == name })
		switch {
		case isUndefined(of) && at >= 0:
			members = slices.Delete(members, at, at+1)
		case isUndefined(of):
		case at >= 0:
			members[at].of = of
		default:
			members = append(members, member{name, of})
		}
	}
	return members, open || len(o.Value) > maxLiteralNodes
}

// memberOf returns the name and the value of a property; false if it has no
// certain name, or more than one.
func memberOf(p ast.Property) (name string, of ast.Expression, ok bool) {
	switch p := p.(type) {
	case *ast.PropertyShort:
		return p.Name.Name.String(), nil, true
	case *ast.PropertyKeyed:
		if name, ok = stringOf(p.Key); !ok {
			name, ok = numberOf(p.Key)
		}
		if name == "__proto__" || strings.ContainsRune(name, utf8.RuneError) {
			return "", nil, false
		}
		if p.Kind != ast.PropertyKindValue {
			return name, nil, ok
		}
		return name, p.Value, ok
	}
	return "", nil, false
}

// isUndefined reports whether e is the value undefined, which JSON leaves out.
func isUndefined(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.Identifier:
		return e.Name == "undefined"
	case *ast.UnaryExpression:
		_, number := e.Operand.(*ast.NumberLiteral)
		return e.Operator == token.VOID && number
	}
	return false
}

// array writes the elements before one that has no certain place.
func (w *draftWriter) array(a *ast.ArrayLiteral, place string, depth int) {
	w.buf = append(w.buf, '[')
	for i, e := range a.Value {
		if _, spread := e.(*ast.SpreadElement); spread || w.nodes > maxLiteralNodes {
			w.open = append(w.open, place)
			break
		}
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.value(e, place+"/"+strconv.Itoa(i), depth+1)
	}
	w.buf = append(w.buf, ']')
}
