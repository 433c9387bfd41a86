package benchmarks_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
	"github.com/bindery-mcp/bindery/codegen"
)

// What a model pays for the answer to a search of five hits, on average over
// the queries that the search is judged by.
func TestSearchReplies(t *testing.T) {
	t.Parallel()
	const most = 260
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	tools, err := catalogue.Tools()
	if err != nil {
		t.Fatal(err)
	}
	m := codegen.Compile(tools)
	var sizes []int
	sum := 0
	for i, query := range queries(t) {
		if i%sampled != 0 {
			continue
		}
		n, err := counter.Count(m.Search(codegen.Query{Text: query}).String())
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, n)
		sum += n
	}
	slices.Sort(sizes)
	mean := sum / len(sizes)
	t.Logf("%d replies: %d tokens on average, %d in the middle, %d at the 95th percentile, %d at most",
		len(sizes), mean, sizes[len(sizes)/2], sizes[len(sizes)*95/100], sizes[len(sizes)-1])
	if mean > most {
		t.Errorf("a reply takes %d tokens on average, more than %d", mean, most)
	}
}

func queries(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../codegen/search/testdata/queries-*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries: %v", err)
	}
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if query, _, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(line, "#") {
				all = append(all, query)
			}
		}
	}
	return all
}
