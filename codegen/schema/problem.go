package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is one way in which a value does not fit its schema.
type Problem struct {
	// Path leads to the value, as in "filter.labels[2]"; empty for the whole.
	Path string
	// Want and Got say what was expected and what came, in few words.
	Want string
	Got  string
	// Hint says what was probably meant; empty if nothing comes to mind.
	Hint string
}

// String returns "path: expected X, got Y (hint)".
func (p Problem) String() string {
	var b strings.Builder
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	fmt.Fprintf(&b, "expected %s, got %s", p.Want, p.Got)
	if p.Hint != "" {
		b.WriteString(" (" + p.Hint + ")")
	}
	return b.String()
}

// path is where in a value a check is. Most checks find nothing, so it is
// only written out for a problem.
type path struct {
	up    *path
	key   string
	index int // if not negative, the path is of an element
}

func (p *path) property(key string) *path { return &path{up: p, key: key, index: -1} }
func (p *path) element(i int) *path       { return &path{up: p, index: i} }

func (p *path) String() string {
	var parts []string
	for ; p != nil; p = p.up {
		switch {
		case p.index >= 0:
			parts = append(parts, "["+strconv.Itoa(p.index)+"]")
		case plain(p.key):
			parts = append(parts, "."+p.key)
		default:
			parts = append(parts, "["+clip(p.key)+"]")
		}
	}
	var b strings.Builder
	for _, part := range slices.Backward(parts) {
		b.WriteString(part)
	}
	return strings.TrimPrefix(b.String(), ".")
}

// plain reports whether a key can be shown without quotes.
func plain(key string) bool {
	for i, c := range key {
		letter := c == '_' || c == '$' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return key != "" && len(key) <= nearestLength
}

// shown bounds how many values, keys or types a problem lists.
const shown = 8

// got describes a value that came.
func (v *value) got() string {
	switch v.kind {
	case stringValue:
		return "string " + quoteShort(v.str)
	case arrayValue:
		return fmt.Sprintf("array of %d", len(v.items))
	case objectValue:
		if len(v.keys) == 0 {
			return "object {}"
		}
		keys := make([]string, 0, shown)
		for _, k := range v.keys[:min(shown, len(v.keys))] {
			if !plain(k) {
				k = quoteShort(k)
			}
			keys = append(keys, k)
		}
		if len(v.keys) > shown {
			keys = append(keys, "…")
		}
		return "object {" + strings.Join(keys, ", ") + "}"
	case nullValue:
		return "null"
	}
	raw := string(v.raw)
	if len(raw) > shownText {
		raw = raw[:shownText] + "…"
	}
	return v.kind.String() + " " + raw
}

// shownText bounds how much of a text a problem quotes.
const shownText = 40

func quoteShort(s string) string {
	if len(s) > shownText {
		s = strings.ToValidUTF8(s[:shownText], "") + "…"
	}
	return strconv.QuoteToGraphic(s)
}

// want describes what a type accepts, to a depth that fits in a message.
func (t *Type) want(depth int) string {
	switch t.Kind {
	case Unknown:
		return "any value"
	case Never:
		return "nothing here"
	case Literal:
		return wantLiteral(t)
	case Array, Tuple:
		if depth > 0 && t.Items != nil && t.Kind == Array && t.Items.Kind != Unknown {
			return "array of " + t.Items.want(depth-1)
		}
		return "array"
	case Union:
		var parts []string
		for _, u := range t.Of {
			p := "…"
			if depth > 0 && len(parts) < shown {
				p = u.want(depth - 1)
			}
			if len(parts) == 0 || parts[len(parts)-1] != p {
				parts = append(parts, p)
			}
			if p == "…" {
				break
			}
		}
		return strings.Join(parts, " | ")
	case Intersection:
		return t.Of[0].want(depth)
	case Ref:
		if depth > 0 {
			return t.Def.Type.want(depth - 1)
		}
		return "object"
	}
	return t.Kind.String()
}

func wantLiteral(t *Type) string {
	parts := make([]string, 0, shown)
	for _, raw := range t.Values {
		if len(parts) == shown {
			parts = append(parts, fmt.Sprintf("… %d more", len(t.Values)-shown))
			break
		}
		s := string(raw)
		if len(s) > shownText {
			s = strings.ToValidUTF8(s[:shownText], "") + "…"
		}
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsGraphic(r) }) {
			s = strconv.QuoteToGraphic(s)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " | ")
}
