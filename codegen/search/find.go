package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

const (
	serverFactor = 2   // how much more a tool counts whose server the query names
	spreadFactor = 0.6 // how much of what the tools of its server say counts for a tool
)

type hit struct {
	document int32
	named    bool
	score    float64
}

// Find returns the places of the documents that answer to any word of text
// and that within, if it is not nil, is true of: the best first, ties in the
// order of the documents. Those that text names, in any spelling of the name
// (server.tool, tool_name, toolName), come first of all. A text without words
// finds every document.
//
// Only the first 1000 bytes of text, and 32 distinct words of it, count. Equal
// texts have equal answers.
func (x *Index) Find(text string, within func(document int) bool) []int {
	text = clip(text, maxQuery)
	words := x.words(text)
	scores := x.scores(words)
	named := x.named(text)
	var hits []hit
	for i := range x.documents {
		if within != nil && !within(i) {
			continue
		}
		h := hit{int32(i), named[int32(i)], scores[i]}
		if len(words) == 0 || h.named || h.score > 0 {
			hits = append(hits, h)
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		if a.named != b.named {
			if a.named {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.document, b.document))
	})
	found := make([]int, len(hits))
	for i, h := range hits {
		found[i] = int(h.document)
	}
	return found
}

// named returns the documents that the text, or a word of it that is more
// than one word of English, is the name of.
func (x *Index) named(text string) map[int32]bool {
	found := map[int32]bool{}
	add := func(name string) {
		for _, d := range x.exact[name] {
			found[d] = true
		}
	}
	add(spoken(text))
	for field := range strings.FieldsSeq(text) {
		if name := spoken(field); strings.Contains(name, " ") {
			add(name)
		}
	}
	return found
}

// scores returns each document's score. A tool that answers to half of the
// words is worth less than half as much, so the sum of what the words count
// is multiplied by how much of each is answered, on average.
func (x *Index) scores(words []word) []float64 {
	sums, shares := make([]float64, len(x.documents)), make([]float64, len(x.documents))
	matched := make([]int, len(x.documents))
	counts := make([]float64, len(x.documents))
	servers, naming := x.namedServers(words)
	answered := 0
	for _, w := range words {
		if len(w.answers) == 0 {
			continue // it tells documents apart no more than an empty one
		}
		clear(counts)
		most := x.count(w, counts)
		answered++
		for d, c := range counts {
			if c > 0 {
				matched[d]++
			}
		}
		if !naming[w.text] {
			x.spread(counts)
		}
		for d, c := range counts {
			sums[d] += c
			shares[d] += min(1, c/most)
		}
	}
	for i, d := range x.documents {
		if matched[i] == 0 {
			sums[i] = 0
			continue
		}
		sums[i] *= shares[i] / float64(answered)
		// A server that is named makes a tool of it that answers to another
		// word count more, or any tool if no other word is there.
		if n := servers[d.server]; n > 0 && (matched[i] > n || n == len(words)) {
			sums[i] *= serverFactor
		}
	}
	return sums
}

// count sets what a word counts for each document, which is what its best
// answer does, and returns the most that one answer's rarity allows.
func (x *Index) count(w word, counts []float64) (most float64) {
	for a, rarity := range x.rarities(w) {
		most = max(most, rarity)
		for _, p := range x.postings[a.term] {
			weight := float64(p.weight)
			c := float64(a.factor) * rarity * weight * (saturation + 1) / (weight + x.documents[p.document].norm)
			counts[p.document] = max(counts[p.document], c)
		}
	}
	return most
}

// spread adds to each document's count a part of what its server's documents
// count on average: a tool seldom says what all of its server is about, but
// sending a message is sending an email where the other tools speak of emails.
// It is the smoothing of Liu and Croft, "Cluster-Based Retrieval Using Language
// Models" (2004), with servers for clusters.
func (x *Index) spread(counts []float64) {
	totals := make([]float64, len(x.servers))
	for d, c := range counts {
		totals[x.documents[d].server] += c
	}
	for d := range counts {
		s := x.documents[d].server
		// One document more in the mean, or a server of one tool counts it twice.
		counts[d] += spreadFactor * totals[s] / float64(x.servers[s].documents+1)
	}
}

// rarities yields the answers to a word with the rarity of each, which is not
// above that of the word itself: a strange synonym tells no more.
func (x *Index) rarities(w word) func(yield func(answer, float64) bool) {
	return func(yield func(answer, float64) bool) {
		own := math.Inf(1)
		for _, a := range w.answers {
			if a.factor == 1 {
				own = min(own, x.rarity(a.term))
			}
		}
		for _, a := range w.answers {
			if !yield(a, min(own, x.rarity(a.term))) {
				return
			}
		}
	}
}

// namedServers returns how many words of the query it took to name a server in
// full, by server: 0 for those not named; and the words that did. These say
// which server is meant, and nothing of what tools are about.
func (x *Index) namedServers(words []word) (found []int, naming map[string]bool) {
	naming = map[string]bool{}
	texts := map[string]bool{}
	for _, w := range words {
		texts[w.text] = true
	}
	found = make([]int, len(x.servers))
	for i, s := range x.servers {
		for _, form := range s.forms {
			if !slices.ContainsFunc(form, func(w string) bool { return !texts[w] }) {
				found[i] = len(form)
				for _, w := range form {
					naming[w] = true
				}
				break
			}
		}
	}
	return found, naming
}
