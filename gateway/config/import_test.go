package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/gateway/config"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func places(t *testing.T) config.Places {
	return config.Places{Home: t.TempDir(), Project: t.TempDir(), GOOS: "linux", Getenv: func(string) string { return "" }}
}

func TestImportClaude(t *testing.T) {
	at := places(t)
	write(t, filepath.Join(at.Project, ".mcp.json"), `{"mcpServers": {"shared": {"command": "project", "cwd": "tools"}}}`)
	write(t, filepath.Join(at.Home, ".claude.json"), fmt.Sprintf(`{
		"numStartups": 3, "client": {}, "sandbox": {"enabled": true},
		"mcpServers": {"shared": {"command": "user"}, "mine": {"command": "user"}, "bindery": {"url": "http://127.0.0.1:8080/mcp"}},
		"projects": {%q: {"mcpServers": {"mine": {"command": "local"}, "here": {"command": "local"}}}, "/other": {"mcpServers": {"no": {"command": "x"}}}}}`,
		at.Project))
	write(t, filepath.Join(at.Home, ".config", "Claude", "claude_desktop_config.json"),
		`{"mcpServers": {"desk": {"command": "desk"}, "broken": {"command": "x", "url": "y"}, "old": {"type": "pigeon", "url": "https://example.com"}}}`)

	got, err := config.Import("claude", at)
	if err != nil {
		t.Fatal(err)
	}
	commands := map[string]string{}
	for name, s := range got.Config.Servers {
		commands[name] = s.Command.Reveal()
	}
	if diff := cmp.Diff(map[string]string{"shared": "project", "mine": "local", "here": "local", "desk": "desk"}, commands); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"shared", "mine", "here", "desk"}, got.Config.ServerNames()); diff != "" {
		t.Error(diff)
	}
	if cwd := got.Config.Servers["shared"].Cwd.Reveal(); cwd != filepath.Join(at.Project, "tools") {
		t.Error("cwd is", cwd)
	}
	skipped := map[string]bool{}
	for _, p := range got.Skipped {
		skipped[p.Server] = true
	}
	if diff := cmp.Diff(map[string]bool{"broken": true, "old": true}, skipped); diff != "" {
		t.Error(diff)
	}
	if len(got.Files) != 3 {
		t.Error(got.Files)
	}
}

func TestImportPlaces(t *testing.T) {
	const servers = `{"mcpServers": {"a": {"command": "x"}}}`
	windows := map[string]string{"APPDATA": "roaming"}
	for _, tt := range []struct {
		kind, goos, file, text string
	}{
		{"codex", "linux", "home/.codex/config.toml", "[mcp_servers.a]\ncommand = \"x\"\n"},
		{"codex", "linux", "project/.codex/config.toml", "[mcp_servers.a]\ncommand = \"x\"\n"},
		{"claude", "darwin", "home/Library/Application Support/Claude/claude_desktop_config.json", servers},
		{"claude", "windows", "roaming/Claude/claude_desktop_config.json", servers},
		{"cursor", "linux", "home/.cursor/mcp.json", servers},
		{"cursor", "linux", "project/.cursor/mcp.json", servers},
		{"vscode", "linux", "home/.config/Code/User/mcp.json", `{"servers": {"a": {"command": "x"}}}`},
		{"vscode", "linux", "project/.vscode/mcp.json", `{"servers": {"a": {"command": "x"}}}`},
	} {
		t.Run(tt.kind+" "+tt.file, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, tt.file, tt.text)
			at := config.Places{Home: "home", Project: "project", GOOS: tt.goos, Getenv: func(name string) string { return windows[name] }}
			got, err := config.Import(tt.kind, at)
			if err != nil {
				t.Fatal(err)
			}
			if got.Config.Servers["a"].Command.Reveal() != "x" {
				t.Error(got.Config)
			}
		})
	}
}

func TestImportInputs(t *testing.T) {
	at := places(t)
	write(t, filepath.Join(at.Project, ".vscode", "mcp.json"),
		`{"inputs": [], "servers": {"gh": {"url": "https://x.example/", "headers": {"Authorization": "Bearer ${input:gh-token}"}}}}`)
	got, err := config.Import("vscode", at)
	if err != nil || len(got.Skipped) != 0 {
		t.Fatal(err, got)
	}
	if v := got.Config.Servers["gh"].Headers["Authorization"].String(); v != "Bearer ${env:GH_TOKEN}" {
		t.Error(v)
	}
	if w := got.Config.Warnings(); len(w) != 1 || w[0].Hint != "set the variable GH_TOKEN" {
		t.Error(w)
	}
}

func TestImportErrors(t *testing.T) {
	at := places(t)
	if _, err := config.Import("cursor", at); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), ".cursor") {
		t.Error("no file:", err)
	}
	write(t, filepath.Join(at.Home, ".cursor", "mcp.json"), "{")
	var e *config.Error
	if _, err := config.Import("cursor", at); !errors.As(err, &e) {
		t.Error("a broken file:", err)
	}
	if _, err := config.Import(filepath.Join(at.Home, "absent.json"), at); !errors.Is(err, os.ErrNotExist) {
		t.Error("an absent file:", err)
	}
}
