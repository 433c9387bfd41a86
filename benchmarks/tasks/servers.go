package tasks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bindery-mcp/bindery/backends"
)

// Package is one npm package at the version that the figures are of.
type Package struct{ Name, Version string }

// server is one pinned MCP server. In its arguments and variables "{dir}"
// stands for the folder that a task works in, and "{chromium}" for a browser.
type server struct {
	name  string
	pack  Package
	entry string
	args  []string
	env   map[string]string
}

func servers() []server {
	return []server{
		{
			name: "filesystem", pack: Package{"@modelcontextprotocol/server-filesystem", "2026.8.31"},
			entry: "dist/index.js", args: []string{"{dir}"},
		},
		{
			name: "memory", pack: Package{"@modelcontextprotocol/server-memory", "2026.8.31"},
			entry: "dist/index.js", env: map[string]string{"MEMORY_FILE_PATH": "{dir}/" + memoryFile},
		},
		{
			name: "dbhub", pack: Package{"@bytebase/dbhub", "0.21.2"},
			entry: "dist/index.js", args: []string{"--transport", "stdio", "--dsn", "sqlite://{dir}/shop.db"},
		},
		{name: "excel", pack: Package{"@negokaz/excel-mcp-server", "0.12.0"}, entry: "dist/launcher.js"},
		{
			name: "git", pack: Package{"@cyanheads/git-mcp-server", "2.15.3"},
			entry: "dist/index.js", env: map[string]string{"MCP_TRANSPORT_TYPE": "stdio", "MCP_LOG_LEVEL": "error"},
		},
		{name: "eslint", pack: Package{"@eslint/mcp", "0.3.13"}, entry: "src/mcp-cli.js"},
		{
			// Chromium's own sandbox does not start as root, which programs in containers are.
			name: "playwright", pack: Package{"@playwright/mcp", "0.0.83"},
			entry: "cli.js", args: []string{"--headless", "--isolated", "--no-sandbox", "--executable-path", "{chromium}"},
		},
		{
			name: "everything", pack: Package{"@modelcontextprotocol/server-everything", "2026.8.31"},
			entry: "dist/index.js", args: []string{"stdio"},
		},
	}
}

func serverNamed(name string) server {
	for _, s := range servers() {
		if s.name == name {
			return s
		}
	}
	return server{name: name}
}

// Folder is where the packages are installed: it has a node_modules.
type Folder string

// Missing returns what stands in the way of running the servers, or nil. Other
// versions than the pinned ones would give other figures, so they count as
// missing.
func (f Folder) Missing(names ...string) error {
	for _, name := range names {
		s := serverNamed(name)
		text, err := os.ReadFile(filepath.Join(f.path(s), "package.json"))
		if err != nil {
			return fmt.Errorf("look for %s@%s: %w", s.pack.Name, s.pack.Version, err)
		}
		var found struct {
			Version string `json:"version"`
		}
		if err := json.Unmarshal(text, &found); err != nil {
			return fmt.Errorf("read which version of %s is installed: %w", s.pack.Name, err)
		}
		if found.Version != s.pack.Version {
			return fmt.Errorf("%s is installed in version %s, and the tasks are of %s", s.pack.Name, found.Version, s.pack.Version)
		}
	}
	return nil
}

func (f Folder) path(s server) string { return filepath.Join(string(f), "node_modules", s.pack.Name) }

// Manifest is a package.json of all the servers. The drivers of dbhub that are
// native, or for other databases, are replaced: by libsql, which has the
// interface of better-sqlite3 and comes built, and by nothing. So that nothing
// has to be run or compiled to install them.
func Manifest() []byte {
	var m struct {
		Private      bool                         `json:"private"`
		Dependencies map[string]string            `json:"dependencies"`
		Overrides    map[string]map[string]string `json:"overrides"`
	}
	m.Private = true
	m.Dependencies = make(map[string]string)
	for _, s := range servers() {
		m.Dependencies[s.pack.Name] = s.pack.Version
	}
	m.Overrides = map[string]map[string]string{"@bytebase/dbhub": overrides()}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		panic(err) // strings and maps of strings are JSON
	}
	return b.Bytes()
}

func overrides() map[string]string {
	m := map[string]string{"better-sqlite3": "npm:libsql@0.5.22"}
	for _, unused := range []string{"@aws-sdk/rds-signer", "@azure/identity", "mariadb", "mssql", "mysql2", "pg"} {
		m[unused] = "npm:empty-npm-package@1.0.0"
	}
	return m
}

// spec is how to start a server of a task that works in dir, with env besides
// its own variables.
func (f Folder) spec(name, dir string, env map[string]string, chromium string) backends.Spec {
	s := serverNamed(name)
	fill := strings.NewReplacer("{dir}", dir, "{chromium}", chromium).Replace
	spec := backends.Spec{
		// Servers show other tools to clients that can be asked; the baseline is
		// one that cannot.
		Ask:  []string{},
		Name: name, Command: "node", Args: []string{filepath.Join(f.path(s), filepath.FromSlash(s.entry))}, Dir: dir,
		Env: env,
	}
	for _, a := range s.args {
		spec.Args = append(spec.Args, fill(a))
	}
	for k, v := range s.env {
		spec.Env[k] = fill(v)
	}
	return spec
}
