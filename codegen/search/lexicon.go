package search

import (
	_ "embed"
	"strings"
	"sync"
)

// lexicon is what is known of English before any document is seen. All words
// are folded.
type lexicon struct {
	// synonyms are the words that a word, or a phrase, may stand for.
	synonyms map[string][]synonym
	// phrases are the words in a row that have synonyms together, and whether
	// they are an idiom.
	phrases map[string]bool
	// joined is the one word that two in a row stand for, in documents too.
	joined map[[2]string]string
	empty  map[string]bool
}

type synonym struct {
	word   string
	factor float32
}

// How much a synonym counts, of what the word itself does, by the kind of line
// it is from. A word that no document has can only be meant as a synonym, which
// then counts unknownFactor at least.
const (
	sameFactor    = 0.8
	meansFactor   = 0.6
	nearFactor    = 0.3
	unknownFactor = 0.7
)

// maxPhrase is the number of words in the longest phrase.
const maxPhrase = 3

// The text says itself what its lines mean.
//
//go:embed lexicon.txt
var lexiconText string

// english is the lexicon, read once: it is the same for every index, which only
// look words up in it, and a gateway makes an index for each of its views.
//
//nolint:gochecknoglobals // a constant that Go has no syntax for
var english = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	l := &lexicon{synonyms: map[string][]synonym{}, phrases: map[string]bool{}, joined: map[[2]string]string{}, empty: map[string]bool{}}
	for line := range strings.Lines(lexiconText) {
		kind, rest, _ := strings.Cut(line, " ")
		left, right, _ := strings.Cut(rest, ">")
		words := folded(strings.Fields(left))
		switch kind {
		case "empty":
			for _, w := range words {
				l.empty[w] = true
			}
		case "join":
			l.joined[[2]string{words[0], words[1]}] = words[2]
		case "same":
			l.group(words, sameFactor)
		case "near", "means", "idiom":
			for from := range strings.SplitSeq(left, ",") {
				l.stands(kind, folded(strings.Fields(from)), folded(strings.Fields(right)))
			}
		}
	}
	return l
}

// stands makes the words on the left, in a row, stand for each on the right, as
// a kind of line says.
func (l *lexicon) stands(kind string, left, right []string) {
	from := strings.Join(left, " ")
	if len(left) > 1 {
		l.phrases[from] = kind == "idiom"
	}
	for _, to := range right {
		if kind == "near" {
			l.group([]string{from, to}, nearFactor)
		} else {
			l.add(from, to, meansFactor)
		}
	}
}

// group makes each of the words a synonym of the others.
func (l *lexicon) group(words []string, factor float32) {
	for _, from := range words {
		for _, to := range words {
			l.add(from, to, factor)
		}
	}
}

func (l *lexicon) add(from, to string, factor float32) {
	if from == to {
		return
	}
	for i, s := range l.synonyms[from] {
		if s.word == to {
			l.synonyms[from][i].factor = max(s.factor, factor)
			return
		}
	}
	l.synonyms[from] = append(l.synonyms[from], synonym{to, factor})
}

// terms returns the words of a document's text as they are indexed: each word,
// the plural beside the singular, what each two in a row are joined to, and
// beside its parts each word with capitals inside (GitHub is one word to those
// who look for it).
func (l *lexicon) terms(text string) []string {
	all := make([]string, 0, len(text)/4) // about one for each word
	before := ""
	for _, token := range tokens(text) {
		parts := Words(token)
		for _, part := range parts {
			w := fold(part)
			all = append(all, w)
			if plural(part) {
				all = append(all, part)
			}
			if j, ok := l.joined[[2]string{before, w}]; ok {
				all = append(all, j)
			}
			before = w
		}
		if len(parts) > 1 && !strings.ContainsFunc(token, isHan) {
			all = append(all, fold(strings.ToLower(token)))
		}
	}
	return all
}

// contract replaces idioms by themselves as one word, and words that are joined
// by what they stand for. Of the words of other phrases it returns the phrase.
func (l *lexicon) contract(words []string) (all []string, phrases map[string]string) {
	phrases = map[string]string{}
	for len(words) > 0 {
		w, n := l.first(words)
		if idiom, ok := l.phrases[w]; ok && !idiom {
			for _, part := range words[:n] {
				phrases[part] = w
			}
			all = append(all, words[:n]...)
		} else {
			all = append(all, w)
		}
		words = words[n:]
	}
	return all, phrases
}

// first returns the longest phrase that words begin with, or the first word,
// and how many words that is.
func (l *lexicon) first(words []string) (string, int) {
	for n := min(maxPhrase, len(words)); n > 1; n-- {
		p := strings.Join(words[:n], " ")
		if _, ok := l.phrases[p]; ok {
			return p, n
		}
	}
	if len(words) > 1 {
		if j, ok := l.joined[[2]string{words[0], words[1]}]; ok {
			return j, 2
		}
	}
	return words[0], 1
}

// telling returns the words that are not in every sentence, or all if there
// are no others.
func (l *lexicon) telling(words []string) []string {
	var told []string
	for _, w := range words {
		if !l.empty[w] {
			told = append(told, w)
		}
	}
	if len(told) == 0 {
		return words
	}
	return told
}
