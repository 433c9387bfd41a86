package search

import (
	"strings"
	"unicode"
)

// asked returns the fields of a query that say what is asked for, without what
// it is to be done with: a number, an address of a person or of a page tells
// nothing of a tool. A query of nothing else is returned as it is.
func asked(text string) string {
	fields := strings.Fields(text)
	var told []string
	for _, f := range fields {
		if !value(f) {
			told = append(told, f)
		}
	}
	if len(told) == 0 {
		return text
	}
	return strings.Join(told, " ")
}

// value reports whether a field of a query is a number, or an address.
func value(field string) bool {
	if at := strings.IndexByte(field, '@'); at > 0 && at < len(field)-1 || strings.Contains(field, "://") {
		return true
	}
	return strings.ContainsFunc(field, unicode.IsDigit) && !strings.ContainsFunc(field, unicode.IsLetter)
}
