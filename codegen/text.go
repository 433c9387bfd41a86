package codegen

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of texts that come from servers, in bytes.
const (
	maxDescription = 4 << 10
	maxParameter   = 1 << 10
	maxSentence    = 100
)

// clean returns a server's text without whatever a reader would not see or
// that would act on a terminal: control characters and escape sequences,
// bidirectional controls, zero-width and tag characters, broken UTF-8. Lines
// are kept, and the text is cut at most bytes.
func clean(s string, most int) string {
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
		case unseen(r):
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
	return clipText(strings.TrimSpace(strings.Join(out, "\n")), most)
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

// unseen reports whether a character has no look of its own: Unicode's
// controls, formats and private use, and the fillers and selectors that are
// letters or marks in name only.
func unseen(r rune) bool {
	if unicode.Is(unicode.C, r) {
		return true
	}
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u3164', '\uffa0':
		return true
	}
	return 0x180b <= r && r <= 0x180f || 0xe0000 <= r && r <= 0xe0fff
}

// clipText cuts s at most bytes, between characters.
func clipText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	cut := most - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.TrimRight(s[:cut], " \n") + "…"
}

// sentence returns the first sentence of a server's text on one line.
func sentence(s string) string {
	s = clean(s, 8*maxSentence)
	s = firstLines(s)
	s = strings.Join(strings.Fields(s), " ")
	for i := 0; i+1 < len(s); i++ {
		if strings.IndexByte(".!?", s[i]) >= 0 && s[i+1] == ' ' && !abbreviation(s[:i+1]) {
			s = s[:i+1]
			break
		}
	}
	return clipText(strings.TrimSuffix(s, "."), maxSentence)
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
// sentence.
func abbreviation(s string) bool {
	for _, a := range []string{"e.g.", "i.e.", "etc.", "vs.", "incl."} {
		if strings.HasSuffix(strings.ToLower(s), a) {
			return true
		}
	}
	return false
}

// comment returns text as a JSDoc comment, each line behind indent; empty for
// no text.
func comment(text, indent string) string {
	if text == "" {
		return ""
	}
	text = strings.ReplaceAll(text, "*/", `*\/`)
	if !strings.Contains(text, "\n") {
		return indent + "/** " + text + " */\n"
	}
	var b strings.Builder
	b.WriteString(indent + "/**\n")
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(strings.TrimRight(indent+" * "+line, " ") + "\n")
	}
	b.WriteString(indent + " */\n")
	return b.String()
}

// quoteJS returns s as a JavaScript string literal, in which whatever cannot
// be seen is escaped: it evaluates to s itself.
func quoteJS(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\u2028' || r == '\u2029' || unseen(r):
			if r > 0xffff {
				fmt.Fprintf(&b, `\u{%x}`, r)
			} else {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
