package schema

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"regexp/syntax"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// bounds returns the bounds of t that v, which is of its kind, exceeds.
func (c *checker) bounds(t *Type, v *value, at *path) []finding {
	b := t.Bounds
	if b == nil {
		return nil
	}
	c.steps--
	var want func() string
	switch v.kind {
	case numberValue:
		want = b.number(v)
	case stringValue:
		want = c.text(b, v.str)
	case arrayValue:
		want = v.size(b.MinItems, b.MaxItems, "items")
	case objectValue:
		want = v.size(b.MinProperties, b.MaxProperties, "properties")
	}
	if want == nil {
		return nil
	}
	return []finding{{at: at, want: want, got: v.got}}
}

// size checks how many items v has. An unknown property may turn out to be
// absent, an unknown element not.
func (v *value) size(least, most int, of string) func() string {
	n := len(v.items)
	sure := n
	if v.kind == objectValue && v.partial {
		for _, item := range v.items {
			if item.kind == unknownValue {
				sure--
			}
		}
	}
	switch {
	case least >= 0 && n < least && !v.open:
		return say("at least %d %s", least, of)
	case most >= 0 && sure > most:
		return say("at most %d %s", most, of)
	}
	return nil
}

// text checks a string. Servers count its length in characters or in UTF-16
// units, so it is only too long or too short if it is by both.
func (c *checker) text(b *Bounds, s string) func() string {
	c.steps -= len(s) / 64
	runes, units := utf8.RuneCountInString(s), 0
	for _, r := range s {
		units += max(utf16.RuneLen(r), 1)
	}
	switch {
	case b.MinLength >= 0 && units < b.MinLength:
		return say("at least %d characters", b.MinLength)
	case b.MaxLength >= 0 && runes > b.MaxLength:
		return say("at most %d characters", b.MaxLength)
	}
	if b.Pattern == "" {
		return nil
	}
	if match, sure := c.match(b.Pattern, s); sure && !match {
		return say("text that matches %s", clip(b.Pattern))
	}
	return nil
}

// The bounds of a pattern and of the text it is held against. RE2 takes time
// in proportion to the product of the two.
const (
	maxPattern = 512
	maxProgram = 2000
	maxText    = 2048
)

// match reports whether the ECMA-262 pattern expr matches s, and whether that
// is sure: RE2 lacks a part of that language, and differs for white space and
// case outside of ASCII.
func (c *checker) match(expr, s string) (match, sure bool) {
	if len(expr) > maxPattern || len(s) > maxText || !printable(s) {
		return false, false
	}
	c.steps -= len(expr)
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return false, false
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(prog.Inst) > maxProgram {
		return false, false
	}
	c.steps -= len(prog.Inst) * (1 + len(s)/8)
	if c.steps <= 0 {
		return false, false
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return false, false
	}
	return re.MatchString(s), true
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func (b *Bounds) number(v *value) func() string {
	n := json.Number(v.raw)
	switch {
	case b.Min != "" && compare(n, b.Min) < 0:
		return say("at least %s", b.Min)
	case b.Max != "" && compare(n, b.Max) > 0:
		return say("at most %s", b.Max)
	case b.ExclusiveMin != "" && (compare(n, b.ExclusiveMin) < 0 || same(n, b.ExclusiveMin)):
		return say("more than %s", b.ExclusiveMin)
	case b.ExclusiveMax != "" && (compare(n, b.ExclusiveMax) > 0 || same(n, b.ExclusiveMax)):
		return say("less than %s", b.ExclusiveMax)
	case b.MultipleOf != "":
		i, err1 := n.Int64()
		m, err2 := b.MultipleOf.Int64()
		if err1 == nil && err2 == nil && m > 0 && i%m != 0 {
			return say("a multiple of %d", m)
		}
	}
	return nil
}

// exact is the largest integer up to which every one is a double.
const exact = 1 << 53

// compare orders two numbers as doubles. Rounding keeps order, so that what
// differs here differs in truth; 0 may mean that they are merely close.
func compare(a, b json.Number) int {
	x, y := float(a), float(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// same reports whether two numbers are certainly equal.
func same(a, b json.Number) bool {
	x, y := float(a), float(b)
	return a == b || x == y && math.Abs(x) < exact && x == math.Trunc(x)
}

func float(n json.Number) float64 {
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// whole reports whether a number is an integer, however it is written.
func whole(raw []byte) bool {
	if !bytes.ContainsAny(raw, ".eE") {
		return true
	}
	f := float(json.Number(raw))
	return f == math.Trunc(f)
}

// equal reports whether two values are equal as JSON Schema has it: numbers
// by value, objects without regard to order.
func equal(a, b *value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case numberValue:
		x, y := json.Number(a.raw), json.Number(b.raw)
		return x == y || compare(x, y) == 0 // close is not certainly different
	case stringValue:
		return a.str == b.str
	case boolValue, nullValue:
		return bytes.Equal(a.raw, b.raw)
	}
	if len(a.items) != len(b.items) {
		return false
	}
	for i, item := range a.items {
		other := b.items[i]
		if a.kind == objectValue {
			if other = b.get(a.keys[i]); other == nil {
				return false
			}
		}
		if !equal(item, other) {
			return false
		}
	}
	return true
}

// quoteJSON returns s as a JSON string.
func quoteJSON(s string) json.RawMessage {
	b, _ := json.Marshal(s) // a string always has a JSON form
	return b
}
