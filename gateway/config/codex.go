package config

import (
	"reflect"
	"time"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

// codexFile is the part of Codex's config.toml that is about MCP servers.
type codexFile struct {
	Servers map[string]codexServer `json:"mcp_servers"`
}

// codexServer has the keys that Codex knows in [mcp_servers.NAME]
// (codex-rs/config/src/mcp_types.rs, and the strings in the program of release
// 0.169). Codex passes over others in silence; here they are mistakes.
type codexServer struct {
	Command Value             `json:"command"`
	Args    []Value           `json:"args"`
	Env     map[string]Secret `json:"env"`
	EnvVars []codexEnvVar     `json:"env_vars"`
	Cwd     Value             `json:"cwd"`

	URL               Value             `json:"url"`
	BearerTokenEnvVar string            `json:"bearer_token_env_var"`
	HTTPHeaders       map[string]Secret `json:"http_headers"`
	EnvHTTPHeaders    map[string]string `json:"env_http_headers"`

	Enabled                   *bool   `json:"enabled"`
	Required                  bool    `json:"required"`
	EnabledTools              []Glob  `json:"enabled_tools"`
	DisabledTools             []Glob  `json:"disabled_tools"`
	StartupTimeoutSec         seconds `json:"startup_timeout_sec"`
	StartupTimeoutMS          int     `json:"startup_timeout_ms"`
	ToolTimeoutSec            seconds `json:"tool_timeout_sec"`
	SupportsParallelToolCalls bool    `json:"supports_parallel_tool_calls"`

	// Who may call a tool, and whether somebody is asked, is decided in front
	// of the gateway or by its clients section.
	DefaultToolsApprovalMode ignored `json:"default_tools_approval_mode"`
	Tools                    ignored `json:"tools"`
	ExperimentalEnvironment  ignored `json:"experimental_environment"`
	EnvironmentID            ignored `json:"environment_id"`
	StartupReadiness         ignored `json:"startup_readiness"`
	ToolInputSchemaMaxBytes  ignored `json:"tool_input_schema_max_bytes"`

	BearerToken   ignored  `json:"bearer_token"`
	HeadersHelper ignored  `json:"http_headers_helper"`
	Auth          ignored  `json:"auth"`
	OAuth         ignored  `json:"oauth"`
	OAuthResource string   `json:"oauth_resource"`
	Scopes        []string `json:"scopes"`

	server Server
}

// codexParallel is the concurrency of a server that Codex is told to call in
// parallel, for which it has no bound of its own.
const codexParallel Concurrency = 64

// codexEnvVar is the name of a variable, or a table of the name and the place
// it is taken from.
type codexEnvVar struct {
	Name   string `json:"name"`
	Source string `json:"source"`
}

func (v *codexEnvVar) decodeNode(d *decoder, n *node, path string) {
	if n.kind == stringNode {
		v.Name = n.text
		return
	}
	if !d.expect(n, tableNode, path) {
		return
	}
	d.decodeStruct(n, reflect.ValueOf(v).Elem(), path)
	if v.Source != "" && v.Source != "local" {
		d.r.add(n.get("source").pos, join(path, "source"), quote(v.Source)+" is not supported", `only "local" is`)
	}
}

func decodeCodex(r *report, n *node, c *Config) {
	servers := n.get("mcp_servers")
	for _, e := range n.entries {
		if e.key != "mcp_servers" && spelling.Fold(e.key) == "mcpservers" {
			r.note(e.pos, e.key, "is not read, neither here nor by Codex", "did you mean mcp_servers?")
		}
	}
	// All else in the file is Codex's own business.
	only := &node{kind: tableNode, pos: n.pos}
	if servers != nil {
		only.entries = []entry{{key: "mcp_servers", pos: servers.pos, value: servers}}
	}
	var f codexFile
	// Codex expands nothing.
	d := decoder{r: r, value: func(text string, _ Pos, _ string) (Value, error) { return Literal(text), nil }}
	d.decode(only, reflect.ValueOf(&f).Elem(), "")
	c.adopt("mcp_servers", keysOf(servers), func(name string) Server { return f.Servers[name].server })
}

func (s *codexServer) isServer() {}

func (s *codexServer) check(r *report, n *node, path string) {
	if t := n.get("bearer_token"); t != nil {
		r.add(t.pos, join(path, "bearer_token"), "is not supported, by Codex neither", "use bearer_token_env_var")
	}
	if t := n.get("http_headers_helper"); t != nil {
		r.add(t.pos, join(path, "http_headers_helper"), "is not supported", "use env_http_headers")
	}
	for _, key := range []string{"auth", "oauth"} {
		if v := n.get(key); v != nil {
			r.note(v.pos, join(path, key), "is not carried over", "log in with bindery login, or give the server a token in http_headers")
		}
	}
	s.server = Server{
		Command: s.Command, Args: s.Args, Env: s.Env, Cwd: s.Cwd, URL: s.URL, Headers: s.HTTPHeaders,
		Enabled: s.Enabled, Required: s.Required, EnabledTools: s.EnabledTools, DisabledTools: s.DisabledTools,
		StartTimeout: s.StartupTimeoutSec.duration(), CallTimeout: s.ToolTimeoutSec.duration(),
	}
	if s.StartupTimeoutMS > 0 && s.StartupTimeoutSec == 0 {
		s.server.StartTimeout = time.Duration(s.StartupTimeoutMS) * time.Millisecond
	}
	if s.SupportsParallelToolCalls {
		s.server.Concurrency = codexParallel
	}
	for _, v := range s.EnvVars {
		s.server.PassEnv = append(s.server.PassEnv, v.Name)
	}
	for header, name := range s.EnvHTTPHeaders {
		s.header(r, n, path, "env_http_headers", header, "", name)
	}
	if n.get("bearer_token_env_var") != nil {
		s.header(r, n, path, "bearer_token_env_var", "Authorization", "Bearer ", s.BearerTokenEnvVar)
	}
	_, header := s.server.Headers["Authorization"]
	if !header && (s.OAuthResource != "" || len(s.Scopes) > 0) {
		s.server.OAuth = &OAuth{Resource: s.OAuthResource, Scopes: s.Scopes}
	}
	s.server.check(r, n, path)
}

// header adds a header whose value, or the end of it, is a variable.
func (s *codexServer) header(r *report, n *node, path, key, header, before, name string) {
	at := n.get(key).pos
	if v := n.get(key).get(header); v != nil {
		at = v.pos
	}
	if !isVariable(name) {
		r.add(at, join(path, key), quote(name)+" is not the name of a variable", "")
		return
	}
	v := Value{pos: at}
	v.addLiteral(before)
	v.parts = append(v.parts, part{kind: envRef, text: name})
	if s.server.Headers == nil {
		s.server.Headers = map[string]Secret{}
	}
	s.server.Headers[header] = Secret{v}
}
