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
		words, to := strings.Fields(left), strings.Fields(right)
		ok := false
		switch kind {
		case "empty":
			ok = !directed && len(words) > 0
		case "join":
			ok = !directed && len(words) == 3
		case "same":
			ok = !directed && len(words) > 1
		case "near":
			ok = directed && len(words) == 1 && len(to) > 0
		case "means":
			ok = directed && len(words) > 0 && len(words) <= maxPhrase && len(to) > 0
		}
		if !ok {
			t.Errorf("lexicon.txt:%d: %q is not as the head of the file says", n, line)
		}
		if line != strings.ToLower(line) || seen[kind+left] {
			t.Errorf("lexicon.txt:%d: %q is in upper case, or there already", n, line)
		}
		seen[kind+left] = true
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
