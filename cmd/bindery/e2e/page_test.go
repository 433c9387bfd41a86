package e2e

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

var writePage = flag.Bool("page", false, "write docs/conformance.md anew")

// page is what is said of conformance, in parts that runs of the suite know
// better than anybody who writes.
type page struct{ mu *sync.Mutex }

const pageFile = "../../../docs/conformance.md"

// conformancePage is one for all tests, which run side by side.
var conformancePage = page{new(sync.Mutex)}

// Hold holds a part of the page to what a run has found, or writes it.
func (p page) Hold(t *testing.T, part, text string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	data, err := os.ReadFile(pageFile)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- generated: "+part+" -->\n", "<!-- end: "+part+" -->"
	before, rest, ok := strings.Cut(string(data), begin)
	old, after, closed := strings.Cut(rest, end)
	switch {
	case !ok || !closed:
		t.Errorf("%s has no part %q", pageFile, part)
	case old == text:
	case !*writePage:
		t.Errorf("the part %q of docs/conformance.md is not what was found; go test ./cmd/bindery/e2e -run Conformance -page writes it anew:\n%s", part, text)
	default:
		if err := os.WriteFile(pageFile, []byte(before+begin+text+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// table is a table in Markdown.
func table(rows ...[]string) string {
	var b strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(&b, "|%s\n", strings.Repeat("---|", len(row)))
		}
	}
	return b.String()
}

// reasons lists what does not pass, by the reason.
func reasons(missing map[string]string) string {
	byReason := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		byReason[missing[name]] = append(byReason[missing[name]], name)
	}
	rows := [][]string{{"what does not pass", "why"}}
	for _, why := range slices.SortedFunc(maps.Keys(byReason), func(a, b string) int {
		return strings.Compare(byReason[a][0], byReason[b][0])
	}) {
		rows = append(rows, []string{code(byReason[why]), why})
	}
	return table(rows...)
}

// code is a list of names as such.
func code(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// outOf is a number of scenarios of all that count.
func (r report) outOf(scored []string) string {
	return fmt.Sprintf("%d of %d", r.count(scored), len(scored))
}
