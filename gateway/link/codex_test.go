package link_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/link"
)

var all = link.Options{
	URL: "http://127.0.0.1:8080/mcp", TokenEnvVar: "BINDERY_TOKEN", ToolTimeout: 120,
	Required: true, Approval: "approve", DirectNamespaces: true,
}

// TestCodex edits the first file of each testdata/*.txtar: "want" is the diff
// or the error. Each edit is then made a second time, and undone.
func TestCodex(t *testing.T) {
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
			before := a.Files[0].Data
			if bytes.Contains(a.Comment, []byte("crlf")) {
				before = bytes.ReplaceAll(before, []byte("\n"), []byte("\r\n"))
			}
			if bytes.Contains(a.Comment, []byte("no newline at the end")) {
				before = bytes.TrimSuffix(before, []byte("\n"))
			}
			e, err := link.Codex(before, all)
			got := string(e.Diff("config.toml"))
			if err != nil {
				got = err.Error() + "\n"
			}
			// The archive holds neither carriage returns nor trailing blanks.
			got = strings.ReplaceAll(got, "\r", "␍")
			if *update {
				a.Files = append(a.Files[:1], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if err == nil {
				checkEdit(t, e)
			} else if e.Changed || e.After != nil {
				t.Error("an edit beside an error")
			}
		})
	}
}

func checkEdit(t *testing.T, e link.Edit) {
	t.Helper()
	again, err := link.Codex(e.After, all)
	if err != nil || again.Changed {
		t.Errorf("the second time: changed %v, %v", again.Changed, err)
	}
	if e.Changed != !bytes.Equal(e.Before, e.After) {
		t.Error("Changed is", e.Changed)
	}
	// Codex's reader of the servers accepts the result.
	c, err := config.Parse("config.toml", e.After)
	if err != nil {
		t.Error(err)
	} else if _, ok := c.Servers["bindery"]; ok {
		t.Error("the gateway would be a server of itself")
	}
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, e.Before, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := link.Apply(path, e); err != nil {
		t.Fatal(err)
	}
	if !e.Changed {
		return
	}
	how, err := link.Undo(path, "")
	if err != nil || how != link.Restored {
		t.Errorf("undo: %q, %v", how, err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, e.Before) {
		t.Errorf("undo gave %q, %v", got, err)
	}
}

func TestCodexOptions(t *testing.T) {
	for name, change := range map[string]func(*link.Options){
		"no url":         func(o *link.Options) { o.URL = "" },
		"scheme":         func(o *link.Options) { o.URL = "file:///x" },
		"line break":     func(o *link.Options) { o.URL = "http://x/\n[a]" },
		"password":       func(o *link.Options) { o.URL = "http://u:p@x/" },
		"name":           func(o *link.Options) { o.Name = "a.b" },
		"variable":       func(o *link.Options) { o.TokenEnvVar = "A B" },
		"timeout":        func(o *link.Options) { o.ToolTimeout = -1 },
		"approval":       func(o *link.Options) { o.Approval = "maybe" },
		"approval break": func(o *link.Options) { o.Approval = "approve\"\nx = 1" },
	} {
		t.Run(name, func(t *testing.T) {
			o := all
			change(&o)
			if e, err := link.Codex(nil, o); err == nil {
				t.Errorf("no error, but %s", e.After)
			}
		})
	}
	e, err := link.Codex(nil, link.Options{URL: "http://x/mcp", Name: "gw"})
	if err != nil || string(e.After) != "[mcp_servers.gw]\nurl = \"http://x/mcp\"\n" {
		t.Errorf("%q, %v", e.After, err)
	}
}

func TestCodexRefusesWhatIsNotTOML(t *testing.T) {
	for name, text := range map[string]string{
		"syntax": "a = ", "twice": "a = 1\na = 2\n", "nested": "a = " + strings.Repeat("[", 100_000),
		"many": strings.Repeat("a = 1\n", 20_000), "large": strings.Repeat("#", 2<<20), "manual": "mcp_servers = 1\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := link.Codex([]byte(text), all)
			if err == nil {
				t.Error("no error")
			}
			var m *link.ManualError
			if got := errors.As(err, &m); got != (name == "manual") {
				t.Errorf("%T: %v", err, err)
			}
		})
	}
}

func FuzzCodex(f *testing.F) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(a.Files[0].Data)
		f.Add(bytes.ReplaceAll(a.Files[0].Data, []byte("\n"), []byte("\r\n")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := link.Codex(data, all)
		if err != nil {
			return
		}
		if again, err := link.Codex(e.After, all); err != nil || again.Changed {
			t.Errorf("the second time: changed %v, %v", again.Changed, err)
		}
	})
}
