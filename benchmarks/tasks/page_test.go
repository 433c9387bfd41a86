package tasks_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// byHand is the section that compares with what was found before there was a
// harness.
const byHand = "Against what was found by hand"

// checkPage holds the published figures to those of a run: of each task that
// was done, all rows in all tables, and if all were done, the sums as well.
// Times are in another section, which no document of this package has.
func checkPage(t *testing.T, d report.Document) {
	t.Helper()
	file, err := os.ReadFile("../../docs/benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	page, err := report.Spliced(file, "tasks")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := report.Markdown(&text, d, ""); err != nil {
		t.Fatal(err)
	}
	published, now := rows(string(page)), rows(text.String())
	if len(now) == 0 {
		t.Error("the run has no rows to compare")
	}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if sums := !strings.Contains(name, ": T"); sums && !*every {
			continue
		}
		if diff := cmp.Diff(published[name], now[name]); diff != "" {
			t.Errorf("docs/benchmarks.md is not what a run says of %q; make bench writes it anew (-page +run):\n%s", name, diff)
		}
	}
}

// rows returns the rows of all tables, each with the rows below it that have
// no name, under their section's heading and their name.
func rows(markdown string) map[string][]string {
	found := map[string][]string{}
	heading, name := "", ""
	for line := range strings.Lines(markdown) {
		line = strings.TrimSpace(line)
		switch cells := strings.Split(line, "|"); {
		case strings.HasPrefix(line, "### "):
			heading = strings.TrimPrefix(line, "### ")
		case len(cells) > 2 && !strings.HasPrefix(cells[1], "---"):
			if cell := strings.TrimSpace(cells[1]); cell != "" {
				name = heading + ": " + cell
			}
			found[name] = append(found[name], line)
		}
	}
	return found
}

// What was found by hand, by other people's fixtures, is what the tasks cost
// now, to the tolerance that the page names. The page is held to a run by
// another test; here it stands for the tasks that are too long for one.
func TestPageAgreesWithHand(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("../../docs/benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	page, err := report.Spliced(file, "tasks")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for name, lines := range rows(string(page)) {
		if !strings.HasPrefix(name, byHand+": T") {
			continue
		}
		compared++
		for _, line := range lines {
			if strings.Contains(line, "✗") {
				t.Errorf("off by more than the tolerance: %s", line)
			}
		}
	}
	if compared != 8 {
		t.Errorf("%d tasks are compared, and 8 were done by hand", compared)
	}
}
