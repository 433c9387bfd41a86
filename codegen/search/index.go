package search

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Document is what is known of one tool. Texts are used without regard to
// case, and those over a limit are cut at it.
type Document struct {
	// Name is the tool's name, and Server the name of the one that has it: up
	// to 200 bytes each.
	Name, Server string
	// Title is a name for people, and Summary the first sentence of the
	// description: up to 400 bytes each.
	Title, Summary string
	// Detail is the rest of the description: up to 1000 bytes.
	Detail string
	// Parameters are the names of what the tool takes: up to 64, of up to 64
	// bytes each.
	Parameters []string
}

// Index finds documents by words. It does not change, and is safe for
// concurrent use.
type Index struct {
	lexicon    *lexicon
	documents  []document
	servers    []server
	exact      map[string][]int32 // documents by name, spoken, with and without the server's
	vocabulary map[string]int32   // a term's place in postings
	postings   [][]posting
	sorted     []term // by text
}

type document struct {
	server int32
	norm   float64 // what its length does to the weight of its terms
}

type posting struct {
	document int32
	weight   float32
}

// term is a word of the vocabulary, with the letters it has.
type term struct {
	text    string
	letters uint64
	id      int32
}

// server is one that documents are of. Its forms are its name as the words
// that name it.
type server struct {
	forms     [][]string
	documents int // how many it has
}

// A term counts with the sum of the weights of the fields it is in, and that
// as in Okapi BM25: BM25F of Robertson and Zaragoza, "The Probabilistic
// Relevance Framework" (2009). The weights were chosen on the tuning half of
// the evaluation's queries; a third more or less of any makes little difference.
const (
	nameWeight      = 4
	serverWeight    = 2
	titleWeight     = 1
	summaryWeight   = 1
	parameterWeight = 0.5
	detailWeight    = 0.3

	saturation = 2   // k1
	lengthNorm = 0.5 // b
)

// The limits of a document, in bytes but for the number of parameters, and of
// what a server takes: one that floods costs its own tools their place in the
// index, not others', and these are still found by their exact names. The
// largest server known takes a fiftieth.
const (
	maxName       = 200
	maxText       = 400
	maxDetail     = 1000
	maxParameter  = 64
	maxParameters = 64

	maxTerms    = 1 << 16 // that no server before has
	maxPostings = 1 << 20 // then no more of its documents are indexed
)

// New returns an index of docs, which it does not keep. Its time and memory
// are linear in the number of documents.
func New(docs []Document) *Index {
	b := &builder{
		Index:   &Index{lexicon: english(), exact: map[string][]int32{}, vocabulary: map[string]int32{}},
		servers: map[string]int32{},
	}
	for _, d := range docs {
		b.add(d)
	}
	return b.finish()
}

// builder is an index that is not finished.
type builder struct {
	*Index
	servers map[string]int32
	used    []used    // by server
	lengths []float64 // by document
	weights []float32 // by term, of the document that is being added
	touched []int32   // the terms with weights, in order of appearance
}

// used is what a server has taken of its limits.
type used struct{ terms, postings int }

func (b *builder) add(d Document) {
	name, serverName := clip(d.Name, maxName), clip(d.Server, maxName)
	n := int32(len(b.documents))
	s := b.server(serverName)
	b.documents = append(b.documents, document{server: s})
	b.Index.servers[s].documents++
	b.lengths = append(b.lengths, 0)
	if b.used[s].postings < maxPostings {
		b.lengths[n] = b.count(s, name, serverName, d)
		b.post(s, n)
	}
	short, full := spoken(name), spoken(serverName+" "+name)
	b.exact[short] = append(b.exact[short], n)
	if full != short {
		b.exact[full] = append(b.exact[full], n)
	}
}

// count counts the words of a document's fields, and returns its length. A tool
// is not less about its words for having much else to say, so that only its
// names and its summary make it long.
func (b *builder) count(server int32, name, serverName string, d Document) float64 {
	b.field(server, name, nameWeight)
	b.field(server, serverName, serverWeight)
	b.field(server, clip(d.Title, maxText), titleWeight)
	b.field(server, clip(d.Summary, maxText), summaryWeight)
	length := 0.0
	for _, t := range b.touched {
		length += float64(b.weights[t])
	}
	b.field(server, clip(d.Detail, maxDetail), detailWeight)
	for _, p := range d.Parameters[:min(len(d.Parameters), maxParameters)] {
		b.field(server, clip(p, maxParameter), parameterWeight)
	}
	return length
}

// post turns the words that were counted into postings of document n.
func (b *builder) post(server, n int32) {
	for _, t := range b.touched {
		b.postings[t] = append(b.postings[t], posting{n, b.weights[t]})
		b.weights[t] = 0
	}
	b.used[server].postings += len(b.touched)
	b.touched = b.touched[:0]
}

// field counts the words of a text with a weight.
func (b *builder) field(server int32, text string, weight float32) {
	for _, w := range b.lexicon.terms(text) {
		t, ok := b.vocabulary[w]
		if !ok {
			if b.used[server].terms == maxTerms {
				continue
			}
			b.used[server].terms++
			t = int32(len(b.postings))
			b.vocabulary[strings.Clone(w)] = t // not a part of text, which would stay with it
			b.postings = append(b.postings, nil)
			b.weights = append(b.weights, 0)
		}
		if b.weights[t] == 0 {
			b.touched = append(b.touched, t)
		}
		b.weights[t] += weight
	}
}

// server returns the place of a server.
func (b *builder) server(name string) int32 {
	s, ok := b.servers[name]
	if !ok {
		s = int32(len(b.used))
		b.servers[name] = s
		b.used = append(b.used, used{})
		b.Index.servers = append(b.Index.servers, b.lexicon.server(name))
	}
	return s
}

func (l *lexicon) server(name string) server {
	var s server
	for _, words := range [][]string{Words(name), tokens(strings.ToLower(name))} {
		form := slices.DeleteFunc(folded(words), func(w string) bool { return l.empty[w] })
		if len(form) > 0 {
			s.forms = append(s.forms, form)
		}
	}
	return s
}

func (b *builder) finish() *Index {
	x := b.Index
	for text, id := range x.vocabulary {
		x.sorted = append(x.sorted, term{text: text, letters: letters(text), id: id})
	}
	slices.SortFunc(x.sorted, func(a, b term) int { return strings.Compare(a.text, b.text) })
	total, counted := 0.0, 0.0
	for _, l := range b.lengths {
		if l > 0 {
			total += l
			counted++
		}
	}
	average := max(total/max(counted, 1), 1)
	for i, l := range b.lengths {
		x.documents[i].norm = saturation * (1 - lengthNorm + lengthNorm*l/average)
	}
	return x
}

// rarity is how much it says of a document that it has a term.
func (x *Index) rarity(t int32) float64 {
	n, with := float64(len(x.documents)), float64(len(x.postings[t]))
	return math.Log(1 + (n-with+0.5)/(with+0.5))
}

// clip cuts a text at a character's end, after at most so many bytes. What it
// returns keeps no more than that in memory.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.Clone(s[:most])
}
