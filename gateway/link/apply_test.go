package link_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/gateway/link"
)

const original = `# mine
model = "x"

[mcp_servers.docs]
command = "npx"
`

// linked writes text to a file and links it.
func linked(t *testing.T, path, text string) link.Edit {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	return relink(t, path, all)
}

func relink(t *testing.T, path string, o link.Options) link.Edit {
	t.Helper()
	before, err := link.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	e, err := link.Codex(before, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := link.Apply(path, e); err != nil {
		t.Fatal(err)
	}
	return e
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestApplyKeepsModeAndCopy(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	e := linked(t, path, original)
	if got := read(t, path); got != string(e.After) {
		t.Error(got)
	}
	if got := read(t, path+".bindery-backup"); got != original {
		t.Error(got)
	}
	for _, name := range files(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o640 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	o := all
	o.URL = "http://127.0.0.1:9999/mcp"
	second := relink(t, path, o)
	names := files(t, dir)
	if len(names) != 3 || !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "config.toml.bindery-backup-2") }) {
		t.Error(names)
	}
	if got := read(t, path+".bindery-backup"); got != original || !second.Changed {
		t.Error("the first copy was not kept:", got)
	}
	if how, err := link.Undo(path, "bindery"); err != nil || how != link.Restored || read(t, path) != original {
		t.Errorf("%q, %v\n%s", how, err, read(t, path))
	}
}

func TestApplyFollowsSymlink(t *testing.T) {
	dir := t.TempDir()
	file, path := filepath.Join(dir, "real.toml"), filepath.Join(dir, "config.toml")
	if err := os.Symlink(file, path); err != nil {
		t.Skip(err)
	}
	linked(t, path, original)
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced:", err)
	}
	if got := read(t, file); !strings.Contains(got, "bindery") {
		t.Error(got)
	}
	if how, err := link.Undo(path, ""); err != nil || how != link.Restored || read(t, file) != original {
		t.Errorf("%q, %v", how, err)
	}
}

func TestApplyRefusesAFileThatChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	e, err := link.Codex([]byte(original), all)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("model = \"y\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := link.Apply(path, e); err == nil || !strings.Contains(err.Error(), "changed") {
		t.Error(err)
	}
	if got := read(t, path); got != "model = \"y\"\n" {
		t.Error(got)
	}
}

func TestNoFileBeforeAndAfter(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "codex", "config.toml")
	if how, err := link.Undo(path, ""); err != nil || how != link.Nothing {
		t.Errorf("%q, %v", how, err)
	}
	relink(t, path, all)
	if how, err := link.Undo(path, ""); err != nil || how != link.Deleted {
		t.Errorf("%q, %v", how, err)
	}
	if got := files(t, filepath.Dir(path)); len(got) != 0 {
		t.Error(got)
	}
}

// TestUndoAfterOtherChanges edits a linked file as its owner would.
func TestUndoAfterOtherChanges(t *testing.T) {
	for _, tt := range []struct {
		name, before string
		change       func(string) string
		want         string
	}{
		{
			name: "a line at the end", before: original,
			change: func(s string) string { return s + "\n[tui]\na = 1\n" },
			want:   original + "\n[tui]\na = 1\n",
		},
		{
			name: "a line at the start", before: original,
			change: func(s string) string { return "# new\n" + s },
			want:   "# new\n" + original,
		},
		{
			name: "more in the gateway's tables", before: original,
			change: func(s string) string {
				return s + "enabled = true\n\n[mcp_servers.bindery.tools.execute_code]\napproval_mode = \"approve\"\n"
			},
			want: original + "\n[features.code_mode]\nenabled = true\n",
		},
		{
			name: "another namespace", before: original,
			change: func(s string) string { return strings.Replace(s, `"mcp__bindery"`, `"mcp__bindery", "mcp__other"`, 1) },
			want:   original + "\n[features.code_mode]\ndirect_only_tool_namespaces = [\"mcp__other\"]\n",
		},
		{
			name: "a list that was there", before: "[features.code_mode]\ndirect_only_tool_namespaces = []\n",
			change: func(s string) string { return s + "# x\n" },
			want:   "[features.code_mode]\ndirect_only_tool_namespaces = []\n# x\n",
		},
		{
			name: "dotted keys", before: "mcp_servers.docs.command = \"x\"\nfeatures.code_mode.direct_only_tool_namespaces = [\"mcp__a\"]\n",
			change: func(s string) string { return s + "# x\n" },
			want:   "mcp_servers.docs.command = \"x\"\nfeatures.code_mode.direct_only_tool_namespaces = [\"mcp__a\"]\n# x\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "config.toml")
			e := linked(t, path, tt.before)
			if err := os.WriteFile(path, []byte(tt.change(string(e.After))), 0o640); err != nil {
				t.Fatal(err)
			}
			how, err := link.Undo(path, "")
			if err != nil || how != link.Removed {
				t.Errorf("%q, %v", how, err)
			}
			if diff := cmp.Diff(tt.want, read(t, path)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for _, name := range files(t, dir) {
				if name == "config.toml.bindery-backup" {
					t.Error("the copy would be taken for that of the next link")
				}
			}
			if how, err := link.Undo(path, ""); err != nil || how != link.Nothing {
				t.Errorf("the second time: %q, %v", how, err)
			}
		})
	}
}

func TestUndoRefusesInlineTables(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	const text = "mcp_servers = { bindery = { url = \"http://x/mcp\" } }\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if how, err := link.Undo(path, ""); err == nil || read(t, path) != text {
		t.Errorf("%q, %v", how, err)
	}
}
