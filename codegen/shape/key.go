package shape

import (
	"strings"
	"unicode"
)

// maxKey is the longest name of a field, in bytes.
const maxKey = 64

// looksLikeData reports whether a key is more likely a piece of data than a
// word of whoever made the interface: an address, an identifier, a path, a
// date, a token. It errs towards data: that costs a name, the opposite would
// publish one. Names with a dot or a dash are data, since hosts, files, users
// and slugs have them and fields seldom.
func looksLikeData(key string) bool {
	if standard(key) {
		return false
	}
	name := strings.TrimPrefix(key, "$")
	if name == "" || len(key) > maxKey || digit(rune(name[0])) {
		return true
	}
	for _, r := range name {
		if r != '_' && r != '$' && !letter(r) && !digit(r) {
			return true
		}
	}
	if numbered(name) {
		return true
	}
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '_' || r == '$' }) {
		if hexadecimal(part) || random(part) {
			return true
		}
	}
	return false
}

// standard reports whether a key is a word of JSON-LD, OData or Elasticsearch.
func standard(key string) bool {
	switch key {
	case "@id", "@type", "@context", "@graph", "@value", "@language", "@timestamp", "@version",
		"@odata.type", "@odata.context", "@odata.id", "@odata.etag", "@odata.count", "@odata.nextLink":
		return true
	}
	return false
}

// numbered reports whether the digits in a name are more than the name of a
// field has: a version, a position, a usual size, a standard.
func numbered(name string) bool {
	runs := strings.FieldsFunc(name, func(r rune) bool { return !digit(r) })
	for _, run := range runs {
		if len(run) > 1 && !usual(run) {
			return true
		}
	}
	return len(runs) > 1 && len(name) > 3*len(runs) || len(runs) > 2
}

// usual reports whether a number is one that names of fields have.
func usual(number string) bool {
	switch number {
	case "10", "11", "12", "16", "18", "24", "30", "32", "48", "50", "60", "64", "72", "75", "90", "95", "96", "99",
		"100", "128", "192", "256", "384", "512", "1024", "3166", "3339", "8601":
		return true
	}
	return false
}

// hexadecimal reports whether part is the beginning of a digest or of another
// number in hexadecimal: no English word has eight letters from a to f.
func hexadecimal(part string) bool {
	if len(part) < 6 || strings.Trim(strings.ToLower(part), "0123456789abcdef") != "" {
		return false
	}
	return len(part) >= 8 || strings.ContainsAny(part, "0123456789")
}

const (
	// maxWord is above the longest words of 67 public servers' properties.
	maxWord = 24
	// longWord is how long a word is that is all usual: the odd ones are
	// abbreviations.
	longWord = 8
	// maxJoined is how long letters and digits may be together, without an
	// underscore or a capital.
	maxJoined = 16
)

// random reports whether part, letters and digits, is unlike words written
// together.
func random(part string) bool {
	words := camel(part)
	odd, letters := 0, 0
	for _, w := range words {
		n := oddPairs(w)
		if len(w) > maxWord || n > 0 && len(w) > longWord {
			return true
		}
		odd += n
		letters += len(w)
	}
	if len(words) > 2 && letters < 4*len(words) {
		// Words so short have few pairs in them; those between count as well.
		odd = oddPairs(strings.Join(words, ""))
		if letters < 3*len(words) {
			odd *= 2
		}
	}
	return odd > 1 || len(part) > maxJoined && strings.ContainsAny(part[1:len(part)-1], "0123456789") && len(words) < 3
}

// camel returns the words of a name such as "baseURLOf2Things", in lower case
// and without digits: base, url, of, things.
func camel(part string) []string {
	var words []string
	start := 0
	for i := 1; i <= len(part); i++ {
		if i < len(part) && !boundary(part, i) {
			continue
		}
		if w := strings.Trim(part[start:i], "0123456789"); w != "" {
			words = append(words, strings.ToLower(w))
		}
		start = i
	}
	return words
}

// boundary reports whether a word begins at i, which is inside part.
func boundary(part string, i int) bool {
	before, at := rune(part[i-1]), rune(part[i])
	switch {
	case digit(at) != digit(before):
		return true
	case !unicode.IsUpper(at):
		return false
	}
	return unicode.IsLower(before) || i+1 < len(part) && unicode.IsLower(rune(part[i+1]))
}
