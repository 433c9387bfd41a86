package config

import (
	"strconv"
	"unicode/utf8"
)

// quote quotes a word of the file for a message, shortened: a message is one
// line however long the word is.
func quote(s string) string { return strconv.Quote(clip(s, 60)) }

func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}

// isVariable reports whether s can be the name of an environment variable as
// shells know it.
func isVariable(s string) bool {
	for i, r := range []byte(s) {
		if !(r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || i > 0 && '0' <= r && r <= '9') {
			return false
		}
	}
	return s != ""
}
