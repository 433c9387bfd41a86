package search

import (
	"strings"
	"unicode"
)

// Words splits a text at everything that is no letter or digit and where lower
// case turns to upper, and brings each word to lower case. A Han character is
// a word. Its time and memory are linear in the text.
func Words(text string) []string {
	var all []string
	start := -1 // of the word being read
	end := func(at int) {
		if start >= 0 {
			all = append(all, strings.ToLower(text[start:at]))
			start = -1
		}
	}
	var before rune
	for i, r := range text {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end(i)
		case isHan(r):
			end(i)
			all = append(all, string(r))
		default:
			// listIssues, HTMLParser
			if unicode.IsUpper(r) && (unicode.IsLower(before) || unicode.IsUpper(before) && lowerAfter(text[i:])) {
				end(i)
			}
			if start < 0 {
				start = i
			}
		}
		before = r
	}
	end(len(text))
	return all
}

// lowerAfter reports whether a lower case letter follows the first of text.
func lowerAfter(text string) bool {
	for i, r := range text {
		if i > 0 {
			return unicode.IsLower(r)
		}
	}
	return false
}

// isHan reports whether r is a character of a script without spaces, where
// each is a word.
func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// tokens splits a text at everything that is no letter or digit.
func tokens(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// spoken returns a name without regard to case and separators.
func spoken(name string) string { return strings.Join(Words(name), " ") }
