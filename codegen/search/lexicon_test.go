package search

import (
	"strings"
	"testing"
)

// A line that newLexicon would skip or misread is a word that nobody finds.
func TestLexiconLines(t *testing.T) {
	seen := map[string]bool{}
	n := 0
	for line := range strings.Lines(lexiconText) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		kind, rest, _ := strings.Cut(line, " ")
		left, right, directed := strings.Cut(rest, " > ")
		if !wellFormed(kind, left, right, directed) || line != strings.ToLower(line) {
			t.Errorf("lexicon.txt:%d: %q is not as the head of the file says", n, line)
		}
		for from := range strings.SplitSeq(left, ", ") {
			of := kind
			if kind == "idiom" {
				of = "means" // a phrase is one or the other
			}
			if seen[of+from] {
				t.Errorf("lexicon.txt:%d: %q is there already", n, from)
			}
			seen[of+from] = true
		}
	}
}

func wellFormed(kind, left, right string, directed bool) bool {
	words := len(strings.Fields(left))
	switch kind {
	case "empty":
		return !directed && words > 0
	case "join":
		return !directed && words == 3
	case "same":
		return !directed && words > 1
	}
	least, most := 1, 1
	switch kind {
	case "near":
	case "means":
		most = maxPhrase
	case "idiom":
		least, most = 2, maxPhrase
	default:
		return false
	}
	for from := range strings.SplitSeq(left, ", ") {
		if n := len(strings.Fields(from)); n < least || n > most {
			return false
		}
	}
	return directed && len(strings.Fields(right)) > 0
}

// A phrase keeps its words unless it is an idiom, and a pair that is joined is
// no phrase, which would hide it.
func TestContract(t *testing.T) {
	l := newLexicon()
	for text, want := range map[string]string{
		"get rid of test case": "get rid of|test|case",
		"merge pull request":   "merg|pr",
		"list issue":           "list|issu",
	} {
		all, _ := l.contract(folded(strings.Fields(text)))
		if got := strings.Join(all, "|"); got != want {
			t.Errorf("contract(%q) = %q, want %q", text, got, want)
		}
	}
	for pair := range l.joined {
		if _, ok := l.phrases[pair[0]+" "+pair[1]]; ok {
			t.Errorf("%q is joined and a phrase", pair)
		}
	}
}

func TestAsked(t *testing.T) {
	for text, want := range map[string]string{
		"share it with bob@example.com":    "share it with",
		"what is at 48.85, 2.35":           "what is at",
		"fetch https://example.com/a?b=c!": "fetch",
		"say hi to @alice in #general":     "say hi to @alice in #general",
		"oauth2 v1.2":                      "oauth2 v1.2",
		"404":                              "404",
	} {
		if got := asked(text); got != want {
			t.Errorf("asked(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, same := range []string{
		"create creates created creating", "issue issues", "repository repositories", "run running", "branch branches",
		"list lists listing listed", "stop stopped", "call called", "release releasing", "box boxes",
	} {
		words := strings.Fields(same)
		for _, w := range words[1:] {
			if fold(w) != fold(words[0]) {
				t.Errorf("fold(%q) = %q, fold(%q) = %q", w, fold(w), words[0], fold(words[0]))
			}
		}
	}
	for _, apart := range []string{"string str", "feed fe", "status statu", "coordinates coordination", "user use"} {
		a, b, _ := strings.Cut(apart, " ")
		if fold(a) == fold(b) {
			t.Errorf("%q and %q are both %q", a, b, fold(a))
		}
	}
}

// Han characters and invalid bytes are words or none, never a panic.
func TestTerms(t *testing.T) {
	l := newLexicon()
	for text, want := range map[string]string{
		"merge_pull_request": "merg pull request pr",
		"GitHub issues":      "git hub github issu issues",
		"搜索_docs":            "搜 索 doc docs",
		"\xff\xfe":           "",
	} {
		if got := strings.Join(l.terms(text), " "); got != want {
			t.Errorf("terms(%q) = %q, want %q", text, got, want)
		}
	}
}
