package tasks

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The published figures are of exactly these bytes.
func TestFixturesAreTheSame(t *testing.T) {
	t.Parallel()
	asJSON := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var pages strings.Builder
	for i, page := range products(Seed) {
		pages.WriteString(pageHTML(i+1, page))
	}
	for _, tc := range []struct{ what, text, digest string }{
		{"projects", asJSON(projects(Seed)), "0cbcdfb7d5bd25fd"},
		{"people", asJSON(people(Seed)), "1d957745d5c623f4"},
		{"orders", strings.Join(ordersSQL(Seed), "\n"), "32e1618067a5a85d"},
		{"history", fastImport(Seed), "d3caa7b052debf9d"},
		{"pages", pages.String(), "60fd27e6ca8560dc"},
		{"notes", notes(Seed), "32d79c67ba6263d6"},
	} {
		sum := sha256.Sum256([]byte(tc.text))
		if got := hex.EncodeToString(sum[:8]); got != tc.digest {
			t.Errorf("%s: digest %s, want %s", tc.what, got, tc.digest)
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	t.Parallel()
	for what, made := range map[string]func(uint64) string{
		"projects": func(s uint64) string { return fmt.Sprint(projects(s)) },
		"orders":   func(s uint64) string { return fmt.Sprint(ordersSQL(s)) },
		"history":  fastImport,
		"products": func(s uint64) string { return fmt.Sprint(products(s)) },
		"notes":    notes,
	} {
		if made(1) == made(2) {
			t.Errorf("%s are the same with another seed", what)
		}
	}
}

func TestWorkbookIsReadBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := writeWorkbook(path, "Orders"); err != nil {
		t.Fatal(err)
	}
	cells, err := sheetsOf(path)
	if err != nil || !strings.Contains(cells, "<sheetData/>") {
		t.Errorf("the sheets are %q, %v", cells, err)
	}
}

// The commits have hashes that depend on nothing of the machine.
func TestRepositoryIsTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := writeRepository(t.Context(), dir, Seed); err != nil {
		t.Fatal(err)
	}
	head, err := os.ReadFile(filepath.Join(dir, "repo", ".git", "refs", "heads", "main"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.TrimSpace(string(head)), "a8774741802a3769429441d410f3cd9abee58495"; got != want {
		t.Errorf("main is at %s, want %s", got, want)
	}
}

// The packages that the repository's tests install are those that the figures
// are of.
func TestManifestIsInstalled(t *testing.T) {
	t.Parallel()
	type manifest struct {
		Dependencies map[string]string
		Overrides    map[string]map[string]string
	}
	var ours, installed manifest
	text, err := os.ReadFile("../../testdata/npm/package.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &installed); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(Manifest(), &ours); err != nil {
		t.Fatal(err)
	}
	for name, version := range ours.Dependencies {
		if installed.Dependencies[name] != version {
			t.Errorf("testdata/npm has %s in version %q, and the tasks are of %s", name, installed.Dependencies[name], version)
		}
	}
	if diff := cmp.Diff(installed.Overrides, ours.Overrides); diff != "" {
		t.Errorf("overrides (-testdata/npm +tasks):\n%s", diff)
	}
}
