package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// Places are where the files of other clients are looked for.
type Places struct {
	Home    string // the user's home folder
	Project string // the folder of the current project
	GOOS    string // as runtime.GOOS
	// Getenv reads the variables by which clients move their folders; it must
	// not be nil.
	Getenv func(string) string
}

// LocalPlaces returns the places of this machine, user and folder.
func LocalPlaces() (Places, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return Places{}, fmt.Errorf("find the home folder: %w", err)
	}
	dir, err := os.Getwd()
	if err != nil {
		return Places{}, fmt.Errorf("find the current folder: %w", err)
	}
	return Places{Home: home, Project: dir, GOOS: runtime.GOOS, Getenv: os.Getenv}, nil
}

// Imported are servers that were found in the files of other clients.
type Imported struct {
	Config *Config
	// Files are those that were read, in order; where two name a server, the
	// first one counts.
	Files []string
	// Skipped says which servers were left out, and why.
	Skipped []Problem
}

// maxImport is larger than [MaxFile]: Claude Code keeps its whole state, of
// which the servers are a small part, in one file.
const maxImport = 16 << 20

// Kinds returns the clients that [Import] knows by name.
func Kinds() []string { return []string{"codex", "claude", "cursor", "vscode"} }

// Files returns the files in which a client keeps its servers, whether or not
// they exist, those of the project first; nil for a client that is not known.
func (p Places) Files(kind string) []string {
	switch kind {
	case "codex":
		home := p.Getenv("CODEX_HOME")
		if home == "" {
			home = filepath.Join(p.Home, ".codex")
		}
		return []string{filepath.Join(p.Project, ".codex", "config.toml"), filepath.Join(home, "config.toml")}
	case "claude":
		return []string{
			filepath.Join(p.Project, ".mcp.json"),
			filepath.Join(p.Home, ".claude.json"),
			filepath.Join(p.appData(), "Claude", "claude_desktop_config.json"),
		}
	case "cursor":
		return []string{filepath.Join(p.Project, ".cursor", "mcp.json"), filepath.Join(p.Home, ".cursor", "mcp.json")}
	case "vscode":
		return []string{filepath.Join(p.Project, ".vscode", "mcp.json"), filepath.Join(p.appData(), "Code", "User", "mcp.json")}
	}
	return nil
}

// appData is where desktop programs keep their settings.
func (p Places) appData() string {
	switch p.GOOS {
	case "darwin":
		return filepath.Join(p.Home, "Library", "Application Support")
	case "windows":
		if dir := p.Getenv("APPDATA"); dir != "" {
			return dir
		}
		return filepath.Join(p.Home, "AppData", "Roaming")
	}
	if dir := p.Getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(p.Home, ".config")
}

// Import reads the servers of another client, one of [Kinds], or those of a
// file in any known format. References are left unresolved. A server that
// cannot be used is left out and named in Skipped, and so is the gateway
// itself; a file that cannot be read at all is an error. If a client has no
// file, the error wraps [os.ErrNotExist] and names the places.
func Import(what string, at Places) (*Imported, error) {
	files := at.Files(what)
	known := files != nil
	if !known {
		files = []string{what}
	}
	all := &Imported{Config: &Config{Servers: map[string]Server{}}}
	for _, path := range files {
		data, err := atomicfile.Read(path, maxImport)
		if known && errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("import from %s: %w", path, err)
		}
		if err := all.add(path, data, at.Project); err != nil {
			return nil, err
		}
	}
	if len(all.Files) == 0 {
		return nil, fmt.Errorf("import from %s: none of %q is there: %w", what, files, os.ErrNotExist)
	}
	return all, nil
}

func (all *Imported) add(path string, data []byte, project string) error {
	r := &report{file: path, importing: true}
	c := parse(r, path, data)
	if filepath.Base(path) == ".claude.json" && c.Servers != nil {
		addClaudeProject(r, data, project, c)
	}
	bad := map[string]bool{}
	var rest []Problem
	for _, p := range r.problems {
		if p.Server == "" {
			rest = append(rest, p)
		}
		bad[p.Server] = true
	}
	if err := asError(rest); err != nil {
		return err
	}
	all.Files = append(all.Files, path)
	all.Skipped = append(all.Skipped, r.problems...)
	all.Config.notes = append(all.Config.notes, r.notes...)
	for _, name := range c.ServerNames() {
		if _, taken := all.Config.Servers[name]; taken || bad[name] {
			continue
		}
		s := c.Servers[name]
		if dir := s.Cwd.Reveal(); dir != "" && !filepath.IsAbs(dir) {
			s.Cwd = Literal(filepath.Join(filepath.Dir(path), dir))
		}
		all.Config.Servers[name] = s
		all.Config.order = append(all.Config.order, name)
	}
	return nil
}

// addClaudeProject adds the servers that Claude Code keeps for one folder, in
// projects of its .claude.json; they win over those for all folders.
func addClaudeProject(r *report, data []byte, project string, c *Config) {
	again := &report{file: r.file}
	root := readJSON(again, data)
	servers := root.get("projects").get(project).get("mcpServers")
	if servers == nil {
		return
	}
	only := &node{kind: tableNode, entries: []entry{{key: "mcpServers", pos: servers.pos, value: servers}}}
	local := &Config{path: c.path}
	decodeJSON(r, only, local)
	for _, name := range local.ServerNames() {
		if !slices.Contains(c.order, name) {
			c.order = append(c.order, name)
		}
		c.Servers[name] = local.Servers[name]
	}
}
