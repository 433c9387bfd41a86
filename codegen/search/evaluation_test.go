package search_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
	"github.com/bindery-mcp/bindery/codegen/search"
)

// tools returns the tools of the catalogue's servers, or of those named, and
// their documents.
func tools(t testing.TB, servers ...string) ([]bindery.Tool, []search.Document) {
	t.Helper()
	all, err := catalogue.Tools()
	if err != nil {
		t.Fatal(err)
	}
	if len(servers) > 0 {
		all = slices.DeleteFunc(all, func(x bindery.Tool) bool { return !slices.Contains(servers, x.ID.Server) })
	}
	docs := make([]search.Document, len(all))
	for i, x := range all {
		docs[i] = document(t, x)
	}
	return all, docs
}

func document(t testing.TB, x bindery.Tool) search.Document {
	t.Helper()
	d := search.Document{Name: x.ID.Name, Server: x.ID.Server, Title: x.Title}
	d.Summary, d.Detail = firstSentence(x.Description)
	var input struct{ Properties map[string]json.RawMessage }
	if err := json.Unmarshal(x.Input, &input); err != nil {
		t.Fatalf("%v: %v", x.ID, err)
	}
	for p := range input.Properties {
		d.Parameters = append(d.Parameters, p)
	}
	slices.Sort(d.Parameters)
	return d
}

// firstSentence returns the text to the end of its first sentence or paragraph,
// and the rest.
func firstSentence(text string) (string, string) {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	first, more, _ := strings.Cut(strings.Join(strings.Fields(first), " "), ". ")
	return first, more + " " + rest
}

// question is a query in a user's words, with the tools that answer it.
type question struct {
	text    string
	answers []string
}

// questions reads a half of the evaluation: a query, a tab and its answers,
// separated by spaces, in each line.
func questions(t testing.TB, file string) []question {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []question
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		text, answers, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("%s: no tab in %q", file, line)
		}
		all = append(all, question{text, strings.Fields(answers)})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// figures are what an evaluation found.
type figures struct {
	queries int
	// recall is the share of the queries with at least one answer among the
	// first five found; strict, over the queries that have at most five
	// answers, is the share of a query's answers that are there; mrr is the
	// mean of 1 over the place of a query's first answer.
	recall, strict, mrr float64
	// missed are the queries with no answer among the first five.
	missed []string
}

func evaluate(t testing.TB, x *search.Index, all []bindery.Tool, half []question) figures {
	t.Helper()
	const first = 5
	places := map[string]int{}
	for i, tool := range all {
		places[tool.ID.String()] = i
	}
	f := figures{queries: len(half)}
	counted := 0
	for _, q := range half {
		var answers []int
		for _, a := range q.answers {
			at, ok := places[a]
			if !ok {
				t.Errorf("%q: no tool is called %s", q.text, a)
			}
			answers = append(answers, at)
		}
		place, among := 0, 0
		for i, d := range x.Find(q.text, nil) {
			if slices.Contains(answers, d) {
				if place == 0 {
					place = i + 1
				}
				if i < first {
					among++
				}
			}
		}
		if place > 0 {
			f.mrr += 1 / float64(place)
		}
		if among > 0 {
			f.recall++
		} else {
			f.missed = append(f.missed, q.text)
		}
		if len(q.answers) <= first {
			counted++
			f.strict += float64(among) / float64(len(q.answers))
		}
	}
	f.recall /= float64(f.queries)
	f.strict /= float64(max(counted, 1))
	f.mrr /= float64(f.queries)
	return f
}

// The ranking and the lexicon were chosen on the tuning half, and on queries of
// the same kind that are not kept. The final half was written apart from them,
// and was not read until one last run, which found 0.914 of it. Let nothing be
// changed to please it, or it tells nothing.
func TestEvaluation(t *testing.T) {
	all, docs := tools(t)
	x := search.New(docs)
	for _, half := range []string{"tuning", "final"} {
		t.Run(half, func(t *testing.T) {
			f := evaluate(t, x, all, questions(t, "queries-"+half+".tsv"))
			t.Logf("%d queries over %d tools: recall@5 %.3f (at least one answer in the first five), strict %.3f, MRR %.3f",
				f.queries, len(all), f.recall, f.strict, f.mrr)
			if half == "tuning" {
				t.Logf("missed: %q", f.missed)
			}
			if f.queries < 75 {
				t.Errorf("%d queries are too few to tell", f.queries)
			}
			if f.recall < 0.90 {
				t.Errorf("recall@5 is %.3f, want 0.90 or more", f.recall)
			}
		})
	}
}
