package js

import (
	"strings"
	"unicode/utf16"

	"github.com/dop251/goja"
)

// thrownAt is a thrown value and where it was thrown. Errors have a stack;
// this is for everything else.
type thrownAt struct {
	value goja.Value
	at    site
}

// noteThrown is what throw statements pass their value through.
func (x *execution) noteThrown(c goja.FunctionCall) goja.Value {
	v := c.Argument(0)
	x.rememberThrown(v)
	return v
}

// rememberThrown keeps where v was thrown. Only the last value is kept, and
// its first place: it may be thrown again on its way out.
func (x *execution) rememberThrown(v goja.Value) {
	if v == nil || x.threw.value != nil && x.threw.value.SameAs(v) {
		return
	}
	if o, ok := v.(*goja.Object); ok && o.ClassName() == "Error" {
		return
	}
	if at := x.here(); at.line > 0 {
		x.threw = thrownAt{v, at}
	}
}

// siteOfThrown is where v was thrown. A promise can be rejected from a timer
// or a callback without a trace; then a string may still be written somewhere.
func (x *execution) siteOfThrown(v goja.Value) site {
	if x.threw.value != nil && x.threw.value.SameAs(v) {
		return x.threw.at
	}
	if s, ok := v.(goja.String); ok && s.Length() > 0 && s.Length() <= maxSourceLine {
		for _, quote := range []string{`"`, "'", "`"} {
			if at := x.onlyPlaceOf(quote + s.String() + quote); at.line > 0 {
				return at
			}
		}
	}
	return site{}
}

// onlyPlaceOf is where the script has s, if it has it once.
func (x *execution) onlyPlaceOf(s string) site {
	before, after, found := strings.Cut(string(x.text), s)
	if !found || strings.Contains(after, s) {
		return site{}
	}
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return site{strings.Count(before, "\n") + 1, len(utf16.Encode([]rune(line))) + 1}
}
