package js

import (
	"slices"
	"strings"

	"github.com/dop251/goja"
)

const (
	// minAccumulated is the length, in UTF-16 units, up to which strings are
	// copied: an accumulator costs more.
	minAccumulated = 256
	// maxAccumulators is how many strings can grow in turns.
	maxAccumulators = 8
	// maxRetained bounds the bytes that accumulators hold besides the last.
	maxRetained = 16 << 20
)

// appender adds to strings without copying them. Every string it gives is
// complete and immutable, as strings are; the next one, if it is this one and
// more, shares its bytes, which a strings.Builder allows. A string that was
// added to already, or comes from elsewhere, is copied once.
type appender struct {
	realm *realm
	// grown are the accumulators, the one used last at the end.
	grown []*accumulator
}

// accumulator is a string that can grow in place.
type accumulator struct {
	tip  goja.Value // the string as the script has it
	text strings.Builder
}

// function is what [rewriteAppends] calls: the operator + of two values.
func (a *appender) function(c goja.FunctionCall) goja.Value {
	left, isText := c.Argument(0).(goja.String)
	if !isText {
		return must(a.realm.add(goja.Undefined(), c.Arguments...))
	}
	right, isText := c.Argument(1).(goja.String)
	if !isText {
		// The language's own conversion; it may call code of the script.
		right, isText = must(a.realm.textOf(goja.Undefined(), c.Argument(1))).(goja.String)
		if !isText {
			return must(a.realm.add(goja.Undefined(), c.Arguments...))
		}
	}
	return a.concat(left, right)
}

func (a *appender) concat(left, right goja.String) goja.Value {
	for i, g := range slices.Backward(a.grown) {
		if g.tip != goja.Value(left) {
			continue
		}
		if i < len(a.grown)-1 {
			a.grown = append(append(a.grown[:i], a.grown[i+1:]...), g)
		}
		more, whole := utf8Text(right)
		if !whole {
			return left.Concat(right)
		}
		return a.grow(g, more)
	}
	if left.Length() < minAccumulated {
		return left.Concat(right)
	}
	text, whole := utf8Text(left)
	more, alsoWhole := utf8Text(right)
	if !whole || !alsoWhole {
		return left.Concat(right)
	}
	g := new(accumulator)
	g.text.Grow(2 * (len(text) + len(more)))
	g.text.WriteString(text)
	a.keep(g)
	return a.grow(g, more)
}

func (a *appender) grow(g *accumulator, more string) goja.Value {
	g.text.WriteString(more)
	g.tip = a.realm.rt.ToValue(g.text.String())
	return g.tip
}

// keep adds g and lets go of what was not used for longest.
func (a *appender) keep(g *accumulator) {
	held := 0
	first := len(a.grown)
	for first > 0 && len(a.grown)-first < maxAccumulators-1 {
		held += a.grown[first-1].text.Cap()
		if held > maxRetained {
			break
		}
		first--
	}
	a.grown = append(append([]*accumulator(nil), a.grown[first:]...), g)
}

// utf8Text returns s in UTF-8; whole is false where that could lose something:
// half of a surrogate pair becomes U+FFFD.
func utf8Text(s goja.String) (text string, whole bool) {
	text = s.String()
	return text, !strings.ContainsRune(text, '\ufffd')
}
