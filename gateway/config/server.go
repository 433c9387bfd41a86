package config

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// Server is one MCP server: either a command to start, spoken to over its
// standard input and output, or the URL of an endpoint.
type Server struct {
	Type Transport `json:"type,omitempty" jsonschema:"Kind of connection: stdio, http (Streamable HTTP), sse (HTTP+SSE of 2024-11-05) or websocket. It follows from command or url, or is found out, and can be left out."`

	Command Value             `json:"command,omitzero" jsonschema:"Program to start."`
	Args    []Value           `json:"args,omitempty" jsonschema:"Arguments of the program."`
	Env     map[string]Secret `json:"env,omitempty" jsonschema:"Environment variables of the program. Write secrets as ${secret:NAME}, ${env:NAME} or another reference."`
	PassEnv []string          `json:"passEnv,omitempty" jsonschema:"Names of environment variables handed on to the program as they are; those that are not set are left out."`
	Cwd     Value             `json:"cwd,omitzero" jsonschema:"Folder the program starts in. Relative to this file."`

	URL     Value             `json:"url,omitzero" jsonschema:"Endpoint: http and https for Streamable HTTP or HTTP+SSE, ws and wss for WebSocket."`
	Headers map[string]Secret `json:"headers,omitempty" jsonschema:"HTTP headers of every request. Write secrets as ${secret:NAME}, ${env:NAME} or another reference."`

	OAuth   *OAuth  `json:"oauth,omitempty" jsonschema:"How the gateway gets a token for the server. A server that asks for a login needs none of it: bindery login NAME."`
	Forward Forward `json:"forward,omitempty" jsonschema:"Headers of a caller's own request and what they are called in the caller's requests to the server, as in X-Upstream-Authorization: Authorization. Each caller has a connection of its own. Never Authorization itself."`

	Enabled        *bool         `json:"enabled,omitempty" jsonschema:"Whether the server is used. Default true."`
	Required       bool          `json:"required,omitempty" jsonschema:"Whether the gateway refuses to start without this server. Default false: a server that is down is reported and the others are served."`
	EnabledTools   []Glob        `json:"enabledTools,omitempty" jsonschema:"The only tools offered, by name; * and ? are wildcards. Default: all."`
	DisabledTools  []Glob        `json:"disabledTools,omitempty" jsonschema:"Tools not offered, by name; * and ? are wildcards. They win over enabledTools."`
	StartTimeout   time.Duration `json:"startupTimeout,omitempty" jsonschema:"How long the server may take to start and list its tools."`
	CallTimeout    time.Duration `json:"callTimeout,omitempty" jsonschema:"How long one call of a tool may take, counted from the last progress that the server told of, where the client asks for that. Default 60s."`
	MaxCallTimeout time.Duration `json:"maxCallTimeout,omitempty" jsonschema:"How long one call may take in all, however much progress the server tells of. Default 10m; below callTimeout it is as good as that."`
	Concurrency    Concurrency   `json:"concurrency,omitempty" jsonschema:"Calls in flight at once, or serial: one at a time in the script's order. Default: tools that only read run side by side, all others one at a time."`

	Isolate  Isolation     `json:"isolate,omitempty" jsonschema:"session gives each session of a client a connection, and with a command a process, of its own, for servers that keep state which must not mix. Default: one for all."`
	Lazy     bool          `json:"lazy,omitempty" jsonschema:"Whether the server is started by the first call instead of with the gateway. Its tools are those remembered; default false."`
	IdleStop time.Duration `json:"idleStop,omitempty" jsonschema:"Time without calls after which the server is stopped until the next one. Default: never."`
	Rate     Rate          `json:"rate,omitzero" jsonschema:"Calls in a time at most, such as 10/s or 600/m. Default: no bound."`
	Roots    []string      `json:"roots,omitempty" jsonschema:"Roots declared to the server, as file URIs. Some servers allow other folders because of them. Default: none are declared."`
	Asks     []Ask         `json:"asks,omitempty" jsonschema:"What the server may ask clients for: elicitation, sampling. Default: both, as far as the client can."`

	pos Pos
}

// Same reports whether o says the same, wherever in the file it does.
func (s Server) Same(o Server) bool { return reflect.DeepEqual(s.anywhere(), o.anywhere()) }

// anywhere is the server without the places of its values.
func (s Server) anywhere() Server {
	s.pos, s.Command.pos, s.Cwd.pos, s.URL.pos = Pos{}, Pos{}, Pos{}, Pos{}
	s.Args = slices.Clone(s.Args)
	for i := range s.Args {
		s.Args[i].pos = Pos{}
	}
	s.Env, s.Headers = anywhere(s.Env), anywhere(s.Headers)
	if s.OAuth != nil {
		o := *s.OAuth
		o.ClientID.pos, o.ClientSecret.pos, o.PrivateKey.pos = Pos{}, Pos{}, Pos{}
		s.OAuth = &o
	}
	return s
}

func anywhere(secrets map[string]Secret) map[string]Secret {
	secrets = maps.Clone(secrets)
	for name, v := range secrets {
		v.pos = Pos{}
		secrets[name] = v
	}
	return secrets
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

// Transport is a kind of connection; "" leaves it to the command or the URL.
type Transport string

// The kinds of connections.
const (
	Stdio     Transport = "stdio"
	HTTP      Transport = "http"
	SSE       Transport = "sse"
	WebSocket Transport = "websocket"
)

// Isolation is who shares a connection to a server.
type Isolation string

// PerSession gives each session of a client a connection of its own.
const PerSession Isolation = "session"

// Ask is something that a server may ask a client for.
type Ask string

// What servers may ask for (2025-11-25, client features).
const (
	Elicitation Ask = "elicitation"
	Sampling    Ask = "sampling"
)
