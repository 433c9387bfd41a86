package pin

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bindery-mcp/bindery/codegen/form"
)

// Finding is hidden text in one string of a declaration.
type Finding struct {
	// Where is the way to the string, such as inputSchema.properties.q.description.
	Where string
	// What was found, such as `12 tag characters ("ignore all…")`. It is one
	// line of ASCII.
	What string
	// Kept tells that it is still there, for the string is one that has to be
	// sent or compared as it is.
	Kept bool
}

// String returns the finding on one line of ASCII.
func (f Finding) String() string {
	text := f.Where + ": " + f.What
	if f.Kept {
		text += ", kept because it is part of a name or a value"
	}
	return text
}

// kind is a kind of hidden text.
type kind uint8

const (
	control kind = iota
	escape
	bidi
	zeroWidth
	tag
	other
	kinds
)

// names of one and of more.
func (k kind) names() (one, more string) {
	switch k {
	case control:
		return "control character", "control characters"
	case escape:
		return "terminal escape sequence", "terminal escape sequences"
	case bidi:
		return "bidirectional control", "bidirectional controls"
	case zeroWidth:
		return "zero-width character", "zero-width characters"
	case tag:
		return "tag character", "tag characters"
	default:
		return "unseen character", "unseen characters"
	}
}

func kindOf(r rune) kind {
	switch {
	case 0xe0000 <= r && r <= 0xe007f:
		return tag
	case r == 0x061c, r == 0x200e, r == 0x200f, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069:
		return bidi
	case 0x200b <= r && r <= 0x200d, 0x2060 <= r && r <= 0x2064, r == 0xfeff, r == 0x00ad, r == 0x034f:
		return zeroWidth
	case unicode.IsControl(r):
		return control
	default:
		return other
	}
}

// tally counts what was found in one string.
type tally struct {
	n       [kinds]int
	spelled []byte // by tag characters, which are ASCII in disguise
}

// maxSpelled is how much of what tag characters spell is shown.
const maxSpelled = 60

func (t *tally) add(r rune) {
	k := kindOf(r)
	t.n[k]++
	if k == tag && 0xe0020 <= r && r <= 0xe007e && len(t.spelled) < maxSpelled {
		t.spelled = append(t.spelled, byte(r-0xe0000))
	}
}

func (t *tally) String() string {
	var parts []string
	for k, n := range t.n {
		if n == 0 {
			continue
		}
		one, more := kind(k).names()
		if n > 1 {
			one = more
		}
		text := fmt.Sprintf("%d %s", n, one)
		if kind(k) == tag && len(t.spelled) > 0 {
			text += fmt.Sprintf(" (%+q)", t.spelled)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// Text returns a text that is there to be read, such as the instructions of a
// server, without what nobody sees of it.
func Text(s string) string {
	clean, _ := visible(s)
	return clean
}

// visible returns s without what cannot be seen and what acts on a terminal,
// and what that was; "" for nothing. Line breaks and tabs stay.
func visible(s string) (clean, what string) {
	i := strings.IndexFunc(s, hidden)
	if i < 0 {
		return s, ""
	}
	var b strings.Builder
	var found tally
	b.WriteString(s[:i])
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case !hidden(r):
			b.WriteString(s[i-n : i])
		case r == '\x1b' || r == '\u009b':
			i += sequence(s[i:], r)
			found.n[escape]++
		default:
			found.add(r)
		}
	}
	return b.String(), found.String()
}

// hidden reports whether r is to go. The end of a line is no control here.
func hidden(r rune) bool {
	return r != '\n' && r != '\t' && r != '\r' && form.Unseen(r)
}

// sequence returns how many bytes after its start a control sequence goes on
// (ECMA-48, 5.4), bounded, for whatever follows a lone escape is text.
func sequence(s string, start rune) int {
	const most = 64
	i := 0
	if start == '\x1b' {
		if s == "" || s[0] != '[' {
			return 0
		}
		i = 1
	}
	for i < len(s) && i < most && 0x20 <= s[i] && s[i] <= 0x3f {
		i++
	}
	if i < len(s) && 0x40 <= s[i] && s[i] <= 0x7e {
		i++
	}
	return i
}
