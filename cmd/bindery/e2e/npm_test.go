package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// npmRoot is where the pinned packages are installed.
const npmRoot = "../../../testdata/npm"

// npm returns the absolute path of a file of an installed package. Without
// the packages the test is skipped, except in CI, where that would hide that
// nothing was tested.
func npm(t *testing.T, file string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(npmRoot, "node_modules", file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		missing(t, "%v; `make test` installs it", err)
	}
	return path
}

// node returns the path of Node.js.
func node(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		missing(t, "%v; install Node.js 20 or newer", err)
	}
	return path
}

func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// npmServer is one pinned MCP server.
type npmServer struct {
	// Entry is the file to run, under node_modules.
	Entry string
	// Args are its arguments; "{dir}" stands for the scratch directory.
	Args []string
	Env  map[string]string
	// Tools is how many tools this version offers to a client without roots.
	Tools int
}

// npmServers returns the pinned servers by the names that tests give them.
func npmServers() map[string]npmServer {
	return map[string]npmServer{
		"everything": {Entry: "@modelcontextprotocol/server-everything/dist/index.js", Args: []string{"stdio"}, Tools: 16},
		"filesystem": {
			Entry: "@modelcontextprotocol/server-filesystem/dist/index.js", Args: []string{"{dir}"}, Tools: 14,
		},
		"memory": {
			Entry: "@modelcontextprotocol/server-memory/dist/index.js",
			Env:   map[string]string{"MEMORY_FILE_PATH": "{dir}/memory.jsonl"}, Tools: 9,
		},
		"thinking": {Entry: "@modelcontextprotocol/server-sequential-thinking/dist/index.js", Tools: 1},
		"git": {
			Entry: "@cyanheads/git-mcp-server/dist/index.js",
			Env:   map[string]string{"MCP_TRANSPORT_TYPE": "stdio", "MCP_LOG_LEVEL": "error"}, Tools: 28,
		},
		"excel": {Entry: "@negokaz/excel-mcp-server/dist/launcher.js", Tools: 6},
		"playwright": {
			// Chromium's own sandbox does not start as root, which tests in containers are.
			Entry: "@playwright/mcp/cli.js",
			Args:  []string{"--headless", "--isolated", "--no-sandbox", "--executable-path", chromium}, Tools: 25,
		},
	}
}

// chromium is where Debian's package puts the browser.
const chromium = "/usr/bin/chromium"
