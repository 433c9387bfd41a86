package python_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/python"
)

// chosen are the tools in the golden files: those with the least usual
// schemas.
func chosen() map[string][]string {
	return map[string][]string{
		"azure":    {"get_azure_bestpractices", "storage"},
		"git":      {"git_branch", "git_log"},
		"monday":   {"create_column", "update_doc"},
		"openapi":  nil,
		"postman":  {"createEnvironment", "getCollections", "updateCollectionRequest"},
		"todoist":  {"add-tasks", "get-overview"},
		"mongodb":  {"aggregate", "find"},
		"gopls":    {"go_search"},
		"airtable": {"create_field"},
	}
}

func golden(t *testing.T) []*form.Server {
	t.Helper()
	all, err := catalogue.Tools()
	if err != nil {
		t.Fatal(err)
	}
	choice := chosen()
	tools := slices.DeleteFunc(all, func(x bindery.Tool) bool {
		names, ok := choice[x.ID.Server]
		return !ok || names != nil && !slices.Contains(names, x.ID.Name)
	})
	return form.Build(tools)
}

func TestGolden(t *testing.T) {
	servers := golden(t)
	if len(servers) != len(chosen()) {
		t.Errorf("%d servers", len(servers))
	}
	for _, s := range servers {
		var calls strings.Builder
		for _, f := range s.Tools {
			calls.WriteString(python.Line(f, form.MaxLine) + "\n" + python.Full(f) + "\n\n")
		}
		for name, got := range map[string]string{s.Name + ".pyi": python.File(s, true), s.Name + ".txt": calls.String()} {
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
}
