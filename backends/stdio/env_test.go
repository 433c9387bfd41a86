package stdio

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// TestLookPath starts the same server in each way that a command can be named.
func TestLookPath(t *testing.T) {
	file, env, err := backendtest.Command()
	if err != nil {
		t.Fatal(err)
	}
	theirs, ours := t.TempDir(), t.TempDir()
	for _, link := range []string{filepath.Join(theirs, "a-server"), filepath.Join(ours, "another-server")} {
		if runtime.GOOS == "windows" {
			link += ".exe"
		}
		if err := os.Symlink(file, link); err != nil {
			t.Skipf("no symbolic links: %v", err)
		}
	}
	t.Setenv("PATH", ours)
	tests := []struct {
		name, command, dir, path string // path "" for no PATH of its own
		found                    bool
	}{
		{"in its own PATH", "a-server", "", "relative" + string(filepath.ListSeparator) + theirs, true},
		{"in its own PATH alone", "another-server", "", theirs, false},
		{"in the gateway's", "another-server", "", "", true},
		{"in the gateway's alone", "a-server", "", "", false},
		{"relative PATH", "a-server", theirs, ".", false},
		{"absolute", filepath.Join(theirs, "a-server"), "", ours, true},
		{"relative to its folder", "." + string(filepath.Separator) + "a-server", theirs, "", true},
		{"not in its folder", "." + string(filepath.Separator) + "a-server", ours, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config := Config{Command: tt.command, Dir: tt.dir, Env: maps.Clone(env), MaxMessage: 1 << 20}
			if tt.path != "" {
				config.Env["PATH"] = tt.path
			}
			c, err := Connect(context.Background(), config)
			if !tt.found {
				if _, ok := errors.AsType[*NotFoundError](err); !ok {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}
