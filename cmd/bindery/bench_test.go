package main_test

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/benchmarks/report"
)

const benchPage = "../../docs/benchmarks.md"

// Tokens are the same on any machine, so what the documentation says of them is
// what a run says now, and so are the pictures.
func TestBenchmarksPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(benchPage)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	fresh, pictures := filepath.Join(dir, "benchmarks.md"), filepath.Join(dir, "benchmarks")
	if err := os.WriteFile(fresh, page, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "bindery"), "bench", "all", "--only", "tokens,catalogue", "--markdown", fresh, "--svg", pictures)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"tokens", "catalogue"} {
		want, err := report.Spliced(page, part)
		if err != nil {
			t.Fatal(err)
		}
		now, err := report.Spliced(got, part)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(now)); diff != "" {
			t.Errorf("docs/benchmarks.md is not what a run says in the part %q; make bench writes it anew (-page +run):\n%s", part, diff)
		}
	}
	drawn, err := filepath.Glob(filepath.Join(pictures, "*.svg"))
	if err != nil || len(drawn) == 0 {
		t.Fatalf("no pictures: %v", err)
	}
	for _, path := range drawn {
		want, err := os.ReadFile(filepath.Join(strings.TrimSuffix(benchPage, ".md"), filepath.Base(path)))
		if err != nil {
			t.Error(err)
			continue
		}
		now, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != string(now) {
			t.Errorf("docs/benchmarks/%s is not what a run draws; make bench draws it anew", filepath.Base(path))
		}
	}
}

// The tokenizer is a matter of the commands that count: a process that serves
// has no way to it.
func TestOnlyWhatCountsImportsTheTokenizer(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "bench") || file == "demo.go" {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			if strings.Contains(imp.Path.Value, "/benchmarks") || strings.Contains(imp.Path.Value, "tokenizer") {
				t.Errorf("%s imports %s: what counts tokens belongs in a bench file", file, imp.Path.Value)
			}
		}
	}
	for _, dir := range []string{"gateway", "backends", "sandbox", "codegen"} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "github.com/bindery-mcp/bindery/"+dir+"/...").Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		if strings.Contains(string(out), "/tokenizer") {
			t.Errorf("%s reaches the tokenizer, whose vocabulary would be in every gateway's memory", dir)
		}
	}
}
