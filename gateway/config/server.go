package config

import "time"

// Server is one MCP server: either a command to start, spoken to over its
// standard input and output, or the URL of a Streamable HTTP endpoint.
type Server struct {
	Type string `json:"type,omitempty" jsonschema:"Kind of connection, as other clients write it. It follows from command or url and can be left out."`

	Command Value             `json:"command,omitzero" jsonschema:"Program to start."`
	Args    []Value           `json:"args,omitempty" jsonschema:"Arguments of the program."`
	Env     map[string]Secret `json:"env,omitempty" jsonschema:"Environment variables of the program. Write secrets as ${env:NAME} or ${file:PATH}."`
	PassEnv []string          `json:"passEnv,omitempty" jsonschema:"Names of environment variables handed on to the program as they are; those that are not set are left out."`
	Cwd     Value             `json:"cwd,omitzero" jsonschema:"Folder the program starts in. Relative to this file."`

	URL     Value             `json:"url,omitzero" jsonschema:"Streamable HTTP endpoint."`
	Headers map[string]Secret `json:"headers,omitempty" jsonschema:"HTTP headers of every request. Write secrets as ${env:NAME} or ${file:PATH}."`

	Enabled       *bool         `json:"enabled,omitempty" jsonschema:"Whether the server is used. Default true."`
	Required      bool          `json:"required,omitempty" jsonschema:"Whether the gateway refuses to start without this server. Default false: a server that is down is reported and the others are served."`
	EnabledTools  []Glob        `json:"enabledTools,omitempty" jsonschema:"The only tools offered, by name; * and ? are wildcards. Default: all."`
	DisabledTools []Glob        `json:"disabledTools,omitempty" jsonschema:"Tools not offered, by name; * and ? are wildcards. They win over enabledTools."`
	StartTimeout  time.Duration `json:"startupTimeout,omitempty" jsonschema:"How long the server may take to start and list its tools."`
	CallTimeout   time.Duration `json:"callTimeout,omitempty" jsonschema:"How long one call of a tool may take."`
	Concurrency   Concurrency   `json:"concurrency,omitempty" jsonschema:"Calls in flight at once, or serial: one at a time in the script's order. Default: tools that only read run side by side, all others one at a time."`

	pos Pos
}

// IsEnabled reports whether the server is to be used.
func (s Server) IsEnabled() bool { return s.Enabled == nil || *s.Enabled }

// IsRemote reports whether the server is reached by URL.
func (s Server) IsRemote() bool { return !s.URL.IsZero() }

// Offers reports whether the server's tool of this name, in the server's own
// spelling, is to be offered.
func (s Server) Offers(tool string) bool {
	for _, g := range s.DisabledTools {
		if g.Match(tool) {
			return false
		}
	}
	for _, g := range s.EnabledTools {
		if g.Match(tool) {
			return true
		}
	}
	return s.EnabledTools == nil
}

// Concurrency is how many calls of one server may be under way at once.
// 0 leaves it to what each tool says of itself: tools that only read run side
// by side, others one at a time.
type Concurrency int

// Serial runs every call of a server, reading or not, one at a time and in
// the script's order.
const Serial Concurrency = 1
