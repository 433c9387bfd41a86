package config

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
)

// DefaultListen is the address of a gateway whose configuration names none.
const DefaultListen = "127.0.0.1:8080"

// Config is everything that can be configured. The zero value of a field
// stands for its default.
//
// The json tags are the keys of bindery's YAML, and the jsonschema tags their
// only description.
type Config struct {
	Listen       string            `json:"listen,omitempty" jsonschema:"Address the gateway listens on, as host:port. Default 127.0.0.1:8080. Any address that is not loopback needs clients with tokens."`
	Servers      map[string]Server `json:"mcpServers,omitempty" jsonschema:"The MCP servers behind the gateway, by name."`
	Views        map[string]View   `json:"views,omitempty" jsonschema:"Endpoints by name, each with its own servers and tools: /mcp/NAME, and default for /mcp. Without default, /mcp runs scripts against every tool."`
	Clients      map[string]Client `json:"clients,omitempty" jsonschema:"Who may use the gateway, by name. Without any, only callers on the loopback interface are served, and may call every tool."`
	Roles        map[string]Role   `json:"roles,omitempty" jsonschema:"What clients with a role may see and call, by the role's name."`
	Tokens       string            `json:"tokens,omitempty" jsonschema:"File with the hashes of the tokens that bindery token makes. Relative to this file. Default: bindery-tokens.json beside it."`
	Auth         Auth              `json:"auth,omitzero" jsonschema:"Who else may say who a caller is: OpenID Connect and OAuth."`
	TLS          TLS               `json:"tls,omitzero" jsonschema:"HTTPS, and certificates of clients. Default: HTTP."`
	Policy       Policy            `json:"policy,omitzero" jsonschema:"Rules on calls: which are made, refused, or put to a person first."`
	Pin          Pin               `json:"pin,omitempty" jsonschema:"What becomes of a tool whose name, description, hints or schemas change after they were first seen: warn (the default), quarantine (it is gone until bindery approve) or off."`
	Quotas       []Quota           `json:"quotas,omitempty" jsonschema:"How often clients may call tools and run scripts."`
	Audit        Audit             `json:"audit,omitzero" jsonschema:"The record of who called what, proof against changes."`
	Telemetry    Telemetry         `json:"telemetry,omitzero" jsonschema:"Where traces and metrics go. Default: where the environment says (OTEL_EXPORTER_OTLP_ENDPOINT and so on), or nowhere."`
	Limits       Limits            `json:"limits,omitzero" jsonschema:"What one script may use."`
	Keep         Keep              `json:"keep,omitzero" jsonschema:"What is kept for each client between scripts."`
	Sandbox      Sandbox           `json:"sandbox,omitzero" jsonschema:"How scripts are run."`
	InlineTokens int               `json:"inlineTokens,omitempty" jsonschema:"Tokens that stubs of the tools may take in the description of execute_code. Default 0: scripts search for tools instead."`
	Learn        *bool             `json:"learn,omitempty" jsonschema:"Whether the types of results are learned from calls, for tools that declare none. Their structure is kept beside the tool lists, never a value. Default true."`
	CacheDir     string            `json:"cacheDir,omitempty" jsonschema:"Folder for the tool lists remembered between runs. Relative to this file. Default: bindery in the user's cache folder."`

	path  string
	key   string // of the servers, in the words of the file's format
	order []string
	notes []Problem
}

// MaxWorkers is the largest pool: each worker is a process.
const MaxWorkers = 64

// Sandbox is how scripts are run.
type Sandbox struct {
	Workers int `json:"workers,omitempty" jsonschema:"Worker processes kept ready. Default 2."`
	// Python is nil for true.
	Python     *bool  `json:"python,omitempty" jsonschema:"Whether scripts may be written in Python. Default true."`
	PythonWasm string `json:"pythonWasm,omitempty" jsonschema:"File with another CPython, compiled to WebAssembly. Relative to this file. Default: the one that bindery carries."`
}

// Find returns the configuration file used when none is named: bindery.yaml
// in the current folder, or else in bindery's folder of the user's
// configuration ($XDG_CONFIG_HOME, ~/.config). If there is neither, the error
// wraps [os.ErrNotExist] and names both places.
func Find() (string, error) {
	places := []string{"bindery.yaml"}
	if dir := Folder(); dir != "" {
		places = append(places, filepath.Join(dir, "bindery.yaml"))
	}
	return firstFile(places)
}

// Folder is bindery's folder of the user's configuration, whether or not it
// exists; "" if the user has no home.
func Folder() string {
	base := os.Getenv("XDG_CONFIG_HOME")
	// A relative value is to be ignored: XDG Base Directory Specification, Basics.
	if !filepath.IsAbs(base) {
		home, err := os.UserHomeDir()
		if err != nil || !filepath.IsAbs(home) {
			return ""
		}
		base = filepath.Join(home, ".config")
	}
	return filepath.Join(base, "bindery")
}

// RunsPython reports whether scripts may be written in Python.
func (c *Config) RunsPython() bool { return c.Sandbox.Python == nil || *c.Sandbox.Python }

// Learns reports whether the types of results are to be learned.
func (c *Config) Learns() bool { return c.Learn == nil || *c.Learn }

// Path returns the file that c was read from, or "".
func (c *Config) Path() string { return c.path }

// ServerNames returns the names of the servers in the order of the file;
// servers that came from elsewhere follow in alphabetical order.
func (c *Config) ServerNames() []string {
	names := make([]string, 0, len(c.Servers))
	for _, n := range c.order {
		if _, ok := c.Servers[n]; ok {
			names = append(names, n)
		}
	}
	inFile := make(map[string]bool, len(names))
	for _, n := range names {
		inFile[n] = true
	}
	rest := len(names)
	for n := range c.Servers {
		if !inFile[n] {
			names = append(names, n)
		}
	}
	slices.Sort(names[rest:])
	return names
}

// pathTo returns the place of a server, in the words of the file's format.
func (c *Config) pathTo(server string) string { return cmp.Or(c.key, "mcpServers") + "." + server }

// ListenAddress returns Listen or its default.
func (c *Config) ListenAddress() string {
	if c.Listen == "" {
		return DefaultListen
	}
	return c.Listen
}
