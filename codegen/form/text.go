package form

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The bounds of texts that come from servers, in bytes.
const (
	MaxDescription = 4 << 10
	MaxParameter   = 1 << 10
	maxSentence    = 100
)

// Clean returns a server's text without whatever a reader would not see or
// that would act on a terminal: control characters and escape sequences,
// bidirectional controls, zero-width and tag characters, broken UTF-8. Lines
// are kept, and the text is cut at most bytes.
func Clean(s string, most int) string {
	// What is dropped may be long; what is looked at must be bounded too.
	if len(s) > 4*most {
		s = s[:4*most]
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '\x1b' || r == '\u009b' {
			i += n + escapeLen(s[i+n:], r)
			continue
		}
		i += n
		switch {
		case r == utf8.RuneError && n == 1:
		case r == '\n' || r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case r == '\t':
			b.WriteByte(' ')
		case Unseen(r):
		default:
			b.WriteRune(r)
		}
	}
	lines := strings.Split(b.String(), "\n")
	out := lines[:0]
	for _, line := range lines {
		line = strings.TrimRight(line, " ")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return Clip(strings.TrimSpace(strings.Join(out, "\n")), most)
}

// escapeLen returns the length of the rest of an ECMA-48 control sequence.
func escapeLen(s string, start rune) int {
	i := 0
	if start == '\x1b' {
		if s == "" || s[0] != '[' {
			return 0
		}
		i = 1
	}
	for i < len(s) && i < 32 && s[i] >= 0x20 && s[i] <= 0x3f {
		i++
	}
	if i < len(s) && s[i] >= 0x40 && s[i] <= 0x7e {
		i++
	}
	return i
}

// Unseen reports whether a character has no look of its own: Unicode's
// controls, formats and private use, and the fillers and selectors that are
// letters or marks in name only.
func Unseen(r rune) bool {
	if unicode.Is(unicode.C, r) {
		return true
	}
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u3164', '\uffa0':
		return true
	}
	return 0x180b <= r && r <= 0x180f || 0xe0000 <= r && r <= 0xe0fff
}

// Clip cuts s at most bytes, between characters.
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	cut := most - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.TrimRight(s[:cut], " \n") + "…"
}

// Sentence returns the first sentence of a server's text on one line.
func Sentence(s string) string {
	s = Clean(s, 8*maxSentence)
	s = firstLines(s)
	s = strings.Join(strings.Fields(s), " ")
	for i := 0; i+1 < len(s); i++ {
		if strings.IndexByte(".!?", s[i]) >= 0 && s[i+1] == ' ' && !abbreviation(s[:i+1]) {
			s = s[:i+1]
			break
		}
	}
	return Clip(strings.TrimSuffix(s, "."), maxSentence)
}

// firstLines returns the text up to the first line break that does not merely
// wrap a line: one before an empty line or a capital letter.
func firstLines(s string) string {
	const short = 10
	for i := short; i+1 < len(s); i++ {
		if c := s[i+1]; s[i] == '\n' && (c < 'a' || c > 'z') && c < utf8.RuneSelf {
			return s[:i]
		}
	}
	return s
}

// abbreviation reports whether the full stop at the end of s ends no
// Sentence.
func abbreviation(s string) bool {
	for _, a := range []string{"e.g.", "i.e.", "etc.", "vs.", "incl."} {
		if strings.HasSuffix(strings.ToLower(s), a) {
			return true
		}
	}
	return false
}

// Quote returns s as a string literal of JSON, which JavaScript takes too, with
// whatever cannot be seen escaped. It stands for s itself, with broken UTF-8
// replaced.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r > 0xffff && Unseen(r):
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		case r == '\u2028' || r == '\u2029' || Unseen(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Count returns a number of things.
func Count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
