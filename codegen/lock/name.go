package lock

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxName is how long a name may be in a lock, and maxLabel in a message, both
// in bytes.
const (
	maxName  = 256
	maxLabel = 80
)

// key returns name as a lock spells it.
func key(name string) string {
	if len(name) <= maxName {
		return strings.ToValidUTF8(name, "\ufffd")
	}
	return strings.ToValidUTF8(cut(name, maxName-1-shortLen), "\ufffd") + "~" + short([]byte(name))
}

// label returns name for a message: as it is if it is a plain word, quoted
// otherwise, so that it looks like nothing else and acts on no terminal.
func label(name string) string {
	plain := name != "" && len(name) <= maxLabel
	for i := 0; plain && i < len(name); i++ {
		c := name[i]
		plain = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("_-./$@", c) >= 0
	}
	if plain {
		return name
	}
	return quote(name)
}

// quote returns name in ASCII: a look-alike from another script must not pass
// for the name that it looks like.
func quote(name string) string {
	if len(name) > maxLabel {
		name = cut(name, maxLabel-len("…")) + "…"
	}
	return strconv.QuoteToASCII(name)
}

// plain returns text for a message, in printable ASCII of bounded length.
func plain(text string) string {
	const most = 4 * maxLabel
	if len(text) > most {
		text = cut(text, most) + "..."
	}
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return '?'
		}
		return r
	}, text)
}

// unprintable reports whether r is anything but a printable character of
// ASCII.
func unprintable(r rune) bool { return r < ' ' || r > '~' }

// cut returns at most the first most bytes of s, without half a character at
// their end.
func cut(s string, most int) string {
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
