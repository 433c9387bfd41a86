package shape

import (
	"encoding/json"
	"slices"
	"strings"
)

// Words is a set of words, in lower case. A word is a run of ASCII letters,
// digits and underscores, of at most maxKey bytes.
type Words map[string]struct{}

// WordsOf returns the words of texts, as far as 1 MiB of each. The texts of a
// tool, its description and its schemas, give the words that everyone sees who
// sees the tool.
func WordsOf(texts ...string) Words {
	w := Words{}
	for _, s := range texts {
		w.add(s[:min(len(s), MaxBytes)])
	}
	return w
}

func (w Words) has(word string) bool {
	_, ok := w[word]
	return ok
}

func (w Words) add(s string) {
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r != '_' && !letter(r) && !digit(r) }) {
		if len(part) <= maxKey && len(w) < maxArgWords {
			w[strings.ToLower(part)] = struct{}{}
		}
	}
}

func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func digit(r rune) bool  { return r >= '0' && r <= '9' }

// folded returns a key as [Words] would hold it.
func folded(key string) string { return strings.ToLower(strings.TrimLeft(key, "@$")) }

// echoes are the words of one call that are somebody's data: what the
// arguments say, and what the answer says in its values.
type echoes struct {
	args   Words
	values Words
	// full: there were more words than are kept, so any key may be one.
	full bool
}

func listen(a Answer) echoes {
	e := echoes{args: Words{}, values: Words{}}
	eachString(a.Args, func(s string, _ string, _ bool) { e.args.add(s) })
	eachString(a.JSON, func(s, key string, isKey bool) {
		// Whole values only: long texts hold most words there are.
		if len(s) <= maxKey && !isKey && !tags(key) {
			e.values[folded(s)] = struct{}{}
		}
	})
	e.full = len(e.args) >= maxArgWords
	return e
}

// tags reports whether a field of this name says what its record is. Many
// services put the details into a field that is called like the tag:
// {"type": "text", "text": …}.
func tags(key string) bool {
	switch strings.ReplaceAll(folded(key), "_", "") {
	case "type", "kind", "object", "typename", "objecttype", "resourcetype":
		return true
	}
	return false
}

// eachString calls do with the strings of valid JSON: each key, and each value
// that is a string with the key that it stands under, if any. It does not
// recurse.
func eachString(data []byte, do func(s, under string, isKey bool)) {
	key, fresh := "", false
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case ',', '[', '{':
			fresh = false
		case '"':
			end := stringEnd(data, i)
			s := unquoted(data[i:end])
			switch {
			case isKey(data[end:]):
				key, fresh = s, true
				do(s, "", true)
			case fresh:
				do(s, key, false)
			default:
				do(s, "", false)
			}
			i = end - 1
		}
	}
}

// isKey reports whether a colon follows.
func isKey(rest []byte) bool {
	for _, c := range rest {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == ':'
		}
	}
	return false
}

// stringEnd returns the position after the string that begins at i.
func stringEnd(data []byte, i int) int {
	for i++; data[i] != '"'; i++ {
		if data[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// unquoted returns the text of a JSON string.
func unquoted(quoted []byte) string {
	plain := quoted[1 : len(quoted)-1]
	if !slices.Contains(plain, '\\') {
		return string(plain)
	}
	var s string
	// It is valid: the whole was checked.
	_ = json.Unmarshal(quoted, &s)
	return s
}
