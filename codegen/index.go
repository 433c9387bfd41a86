package codegen

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/bindery-mcp/bindery/codegen/form"
)

// index finds functions by words, ranked by BM25F: the words of each field
// count with its weight, and then as in Okapi BM25 (Robertson and Zaragoza,
// "The Probabilistic Relevance Framework", 2009).
type index struct {
	functions []*Function
	names     []string // as words, for exact matches
	terms     []string // sorted, for prefixes
	postings  map[string][]posting
	length    []float64
	average   float64
}

type posting struct {
	function int
	weight   float64
}

const (
	nameWeight      = 4
	serverWeight    = 2
	titleWeight     = 1.5
	sentenceWeight  = 1
	parameterWeight = 0.5
	// prefixWeight is what a word counts that only begins with the term.
	prefixWeight = 0.4

	saturation = 1.2 // k1
	lengthNorm = 0.5 // b
)

// maxIndexed bounds how many parameters of a tool are indexed.
const maxIndexed = 64

func newIndex(servers []*Server) *index {
	x := &index{postings: map[string][]posting{}}
	for _, s := range servers {
		for _, f := range s.Tools {
			x.add(f)
		}
	}
	for t := range x.postings {
		x.terms = append(x.terms, t)
	}
	slices.Sort(x.terms)
	total := 0.0
	for _, l := range x.length {
		total += l
	}
	x.average = total / max(float64(len(x.length)), 1)
	return x
}

func (x *index) add(f *Function) {
	weights := map[string]float64{}
	var order []string // a fixed order of addition gives a fixed sum
	field := func(text string, weight float64) {
		for _, w := range words(text) {
			if _, ok := weights[w]; !ok {
				order = append(order, w)
			}
			weights[w] += weight
		}
	}
	name := form.Clip(f.ID.Name, 200)
	field(name, nameWeight)
	server := form.Clip(f.ID.Server, 200)
	field(server, serverWeight)
	for _, w := range wholeWords(server) {
		if _, ok := weights[w]; !ok { // GitHub is one word to those who look for it
			field(w, serverWeight)
		}
	}
	field(form.Sentence(f.Tool.Title), titleWeight)
	field(form.Sentence(f.Tool.Description), sentenceWeight)
	// A tool is not less about its words for having many parameters.
	length := 0.0
	for _, w := range order {
		length += weights[w]
	}
	for i, p := range f.Input.Root.Resolve().Props {
		if i == maxIndexed {
			break
		}
		field(form.Clip(p.Name, 100), parameterWeight)
	}
	n := len(x.functions)
	x.functions = append(x.functions, f)
	x.names = append(x.names, spoken(name))
	for _, w := range order {
		x.postings[w] = append(x.postings[w], posting{n, weights[w]})
	}
	x.length = append(x.length, length)
}

// score returns each function's score, and how many of the terms it matched.
func (x *index) score(terms []string) ([]float64, []int) {
	scores := make([]float64, len(x.functions))
	matched := make([]int, len(x.functions))
	for _, term := range terms {
		weights := map[int]float64{}
		var order []int
		add := func(ps []posting, factor float64) {
			for _, p := range ps {
				if _, ok := weights[p.function]; !ok {
					order = append(order, p.function)
				}
				weights[p.function] = max(weights[p.function], p.weight*factor)
			}
		}
		add(x.postings[term], 1)
		if len(term) >= 3 {
			at, _ := slices.BinarySearch(x.terms, term)
			for _, t := range x.terms[at:] {
				if !strings.HasPrefix(t, term) {
					break
				}
				if t != term {
					add(x.postings[t], prefixWeight)
				}
			}
		}
		rarity := math.Log(1 + (float64(len(x.functions))-float64(len(order))+0.5)/(float64(len(order))+0.5))
		for _, i := range order {
			norm := saturation * (1 - lengthNorm + lengthNorm*x.length[i]/x.average)
			scores[i] += rarity * weights[i] * (saturation + 1) / (weights[i] + norm)
			matched[i]++
		}
	}
	return scores, matched
}

// queryTerms returns the distinct words of a query that tell anything. A word
// with capitals inside is one word where a tool has it as one.
func (x *index) queryTerms(text string) []string {
	var all []string
	for _, token := range tokens(text) {
		whole := singular(strings.ToLower(token))
		if _, ok := x.postings[whole]; ok && !strings.ContainsFunc(token, isHan) {
			all = append(all, whole)
		} else {
			all = append(all, words(token)...)
		}
	}
	var terms []string
	for _, w := range all {
		if !empty(w) && !slices.Contains(terms, w) && len(terms) < maxQueryTerms {
			terms = append(terms, w)
		}
	}
	if len(terms) == 0 {
		return all
	}
	return terms
}

// tokens splits a text at everything that is no letter or digit.
func tokens(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// wholeWords returns the words of a text without regard to capitals.
func wholeWords(text string) []string {
	all := tokens(text)
	for i, w := range all {
		all[i] = singular(strings.ToLower(w))
	}
	return all
}

// empty reports whether a word is in every sentence.
func empty(word string) bool {
	switch word {
	case "a", "an", "the", "of", "in", "to", "for", "with", "and", "or", "on", "by", "from", "is", "that", "this", "tool":
		return true
	}
	return false
}

// spoken returns a name without regard to case and separators.
func spoken(name string) string { return strings.Join(Words(name), " ") }

// words returns the words of a text in the singular.
func words(text string) []string {
	all := Words(text)
	for i, w := range all {
		all[i] = singular(w)
	}
	return all
}

// Words splits a text at everything that is no letter or digit and where lower
// case turns to upper, and brings each word to lower case.
func Words(text string) []string {
	var all []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			all = append(all, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	runes := []rune(text)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			end()
			continue
		}
		if isHan(r) {
			end()
			all = append(all, string(r))
			continue
		}
		if unicode.IsUpper(r) && i > 0 {
			next := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if before := runes[i-1]; unicode.IsLower(before) || unicode.IsUpper(before) && next {
				end() // listIssues, HTMLParser
			}
		}
		word = append(word, r)
	}
	end()
	return all
}

// isHan reports whether r is a character of a script without spaces, where
// each is a word.
func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// singular returns an English noun's singular, roughly: it must only be the
// same for both.
func singular(w string) string {
	n := len(w)
	switch {
	case n > 4 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case n > 4 && (strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "xes")):
		return w[:n-2]
	case n > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		return w[:n-1]
	}
	return w
}
