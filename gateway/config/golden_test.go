package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// TestLoad reads testdata/*.txtar: the comment holds lines NAME=value of the
// environment, the first file is the configuration, "want" what it says or
// what is wrong with it, and all others lie beside it.
func TestLoad(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no test data:", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			want := ""
			for _, f := range a.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for line := range strings.Lines(string(a.Comment)) {
				if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
					t.Setenv(name, value)
				}
			}
			got := strings.ReplaceAll(describe(t, filepath.Join(dir, a.Files[0].Name)), dir+string(filepath.Separator), "")
			if *update {
				rewrite(t, path, a, got)
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func describe(t *testing.T, path string) string {
	t.Helper()
	c, err := config.Load(path)
	if err != nil {
		if _, ok := errors.AsType[*config.Error](err); !ok {
			t.Fatalf("%T is not an *Error: %v", err, err)
		}
		return err.Error() + "\n"
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		t.Fatal(err)
	}
	b.WriteString("order: " + strings.Join(c.ServerNames(), " ") + "\n")
	for _, w := range c.Warnings() {
		b.WriteString("warning: " + w.String() + "\n")
	}
	return b.String()
}

func rewrite(t *testing.T, path string, a *txtar.Archive, got string) {
	t.Helper()
	if last := &a.Files[len(a.Files)-1]; last.Name == "want" {
		last.Data = []byte(got)
	} else {
		a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(got)})
	}
	if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}
