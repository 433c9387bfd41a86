package search

import (
	"slices"
	"strings"
)

// word is a word or phrase of a query, and the terms of the vocabulary that
// answer it.
type word struct {
	text    string
	answers []answer
}

// answer is a term, and how much it counts of what the word itself would.
type answer struct {
	term   int32
	factor float32
}

const (
	// pluralFactor is for the same plural: who asks for issues wants a list.
	pluralFactor = 1.15
	prefixFactor = 0.3 // for a term that begins with the word

	minPrefix = 3 // bytes
)

// The limits of a query, in bytes and in numbers.
const (
	maxQuery    = 1000
	maxWords    = 32
	maxGuesses  = 8
	maxPrefixed = 200
	// maxRead is how many postings are read for a word, for each document:
	// every tool may have every synonym in it.
	maxRead = 8
)

// split returns the words of a text that tell anything, and the plurals of
// those that are one. A word with capitals inside is one word where a tool has
// it as one.
func (x *Index) split(text string) (all []string, plurals, phrases map[string]string) {
	plurals = map[string]string{}
	for _, token := range tokens(asked(text)) {
		parts := Words(token)
		whole := strings.ToLower(token)
		if _, ok := x.vocabulary[fold(whole)]; ok && !strings.ContainsFunc(token, isHan) {
			parts = []string{whole}
		}
		for _, part := range parts {
			w := fold(part)
			all = append(all, w)
			if plural(part) {
				plurals[w] = part
			}
		}
	}
	all, phrases = x.lexicon.contract(all)
	return x.lexicon.telling(all), plurals, phrases
}

// words returns the distinct words of a query, with what answers them.
func (x *Index) words(text string) []word {
	var words []word
	all, plurals, phrases := x.split(text)
	guesses := 0
	for i, w := range all {
		if len(words) == maxWords {
			break
		}
		if slices.ContainsFunc(words, func(o word) bool { return o.text == w }) {
			continue
		}
		answers := x.known(w)
		answers = append(answers, x.synonyms(phrases[w], 0)...)
		if t, ok := x.vocabulary[plurals[w]]; ok {
			answers = append(answers, answer{t, pluralFactor})
		}
		if i > 0 {
			answers = x.asOne(answers, all[i-1], w)
		}
		if i+1 < len(all) {
			answers = x.asOne(answers, w, all[i+1])
		}
		if len(answers) == 0 && guesses < maxGuesses {
			guesses++
			answers = x.guessed(w)
			for _, a := range x.near(plurals[w]) {
				answers = append(answers, answer{a.term, a.factor * pluralFactor})
			}
		}
		words = append(words, word{w, x.readable(answers)})
	}
	return words
}

// known returns the terms that are the word, stand for the same, or begin
// with it.
func (x *Index) known(w string) []answer {
	var answers []answer
	least := float32(unknownFactor)
	if t, ok := x.vocabulary[w]; ok {
		answers = append(answers, answer{t, 1})
		least = 0
	}
	answers = append(answers, x.synonyms(w, least)...)
	if len(w) < minPrefix {
		return answers
	}
	at, _ := slices.BinarySearchFunc(x.sorted, w, func(t term, w string) int { return strings.Compare(t.text, w) })
	for _, t := range x.sorted[at:min(at+maxPrefixed, len(x.sorted))] {
		if !strings.HasPrefix(t.text, w) {
			break
		}
		if t.text != w {
			answers = append(answers, answer{t.id, prefixFactor})
		}
	}
	return answers
}

// synonyms returns the terms that a word or a phrase stands for, each with a
// factor of least or more.
func (x *Index) synonyms(text string, least float32) []answer {
	var answers []answer
	for _, s := range x.lexicon.synonyms[text] {
		if t, ok := x.vocabulary[s.word]; ok {
			answers = append(answers, answer{t, max(s.factor, least)})
		}
	}
	return answers
}

// asOne adds the term that two words in a row are if written as one.
func (x *Index) asOne(answers []answer, a, b string) []answer {
	if t, ok := x.vocabulary[a+b]; ok {
		return append(answers, answer{t, 1})
	}
	return answers
}

// readable returns the first of the answers whose postings are not too many.
func (x *Index) readable(answers []answer) []answer {
	room := maxRead * len(x.documents)
	for i, a := range answers {
		if room -= len(x.postings[a.term]); room < 0 {
			return answers[:i]
		}
	}
	return answers
}
