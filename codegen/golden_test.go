package codegen_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/codegen"
)

func TestGolden(t *testing.T) {
	tools := catalogue(t)
	m := codegen.Compile(tools)
	slices.Reverse(tools)
	again := codegen.Compile(tools)
	if m.Digest() != again.Digest() {
		t.Error("the digest depends on the order of the tools")
	}
	files := map[string]string{}
	for _, s := range m.Servers() {
		files[s.Name+".d.ts"] = m.Declarations(s.Name, codegen.TypeScript, codegen.Full)
		files[s.Name+".lines.txt"] = m.Declarations(s.Name, codegen.TypeScript, codegen.Line)
		for _, d := range []codegen.Detail{codegen.Name, codegen.Line, codegen.Full} {
			if m.Declarations(s.Name, codegen.TypeScript, d) != again.Declarations(s.Name, codegen.TypeScript, d) {
				t.Errorf("%s: the %v declarations depend on the order of the tools", s.Name, d)
			}
		}
	}
	for name, got := range files {
		path := filepath.Join("testdata/golden", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v; go test -update writes the golden files", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// No tool is ever missing, whatever its schema.
func TestEveryToolAppears(t *testing.T) {
	tools := catalogue(t)
	m := codegen.Compile(tools)
	for _, tool := range tools {
		f, ok := m.Lookup(tool.ID)
		if !ok || f.In(codegen.TypeScript).Ident == "" {
			t.Errorf("%s: not in the module, or without an identifier", tool.ID)
			continue
		}
		for _, d := range []codegen.Detail{codegen.Name, codegen.Line, codegen.Full} {
			if !strings.Contains(m.Declarations(tool.ID.Server, codegen.TypeScript, d), f.In(codegen.TypeScript).Ident) {
				t.Errorf("%s: not declared at %v", tool.ID, d)
			}
		}
		if hits := m.Search(codegen.Query{Text: tool.ID.String(), Detail: codegen.Name}); hits.N == 0 || !strings.Contains(hits.Lines[0], f.In(codegen.TypeScript).Ident) {
			t.Errorf("%s: not found by its name: %v", tool.ID, hits.Lines)
		}
		if _, err := m.Describe(tool.ID.String(), codegen.TypeScript); err != nil {
			t.Error(err)
		}
	}
}
