package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

// mcpServersFile is JSON with mcpServers, as Claude, Cursor and many others
// keep it. bindery's own keys can stand beside it.
type mcpServersFile struct {
	Config
	Servers map[string]jsonServer `json:"mcpServers"`
}

// vscodeFile is VS Code's mcp.json.
type vscodeFile struct {
	Servers map[string]jsonServer `json:"servers"`
	Inputs  ignored               `json:"inputs"`
}

// jsonServer is a [Server] with the other names that clients have for its
// keys, and the keys that only concern the client.
type jsonServer struct {
	Server
	Disabled     bool       `json:"disabled"`     // Cline, Roo, Windsurf
	ServerURL    Value      `json:"serverUrl"`    // Windsurf
	HTTPURL      Value      `json:"httpUrl"`      // Gemini CLI
	IncludeTools []Glob     `json:"includeTools"` // Gemini CLI
	ExcludeTools []Glob     `json:"excludeTools"` // Gemini CLI
	Tools        []Glob     `json:"tools"`        // Copilot CLI
	OAuth        *jsonOAuth `json:"oauth"`

	// What follows is the business of the client, or has no counterpart.
	Timeout        ignored `json:"timeout"`
	Auth           ignored `json:"auth"`
	EnvFile        ignored `json:"envFile"`
	HeadersHelper  ignored `json:"headersHelper"`
	AutoApprove    ignored `json:"autoApprove"`
	AlwaysAllow    ignored `json:"alwaysAllow"`
	AlwaysLoad     ignored `json:"alwaysLoad"`
	Trust          ignored `json:"trust"`
	Name           ignored `json:"name"`
	Description    ignored `json:"description"`
	Icon           ignored `json:"icon"`
	Gallery        ignored `json:"gallery"`
	Version        ignored `json:"version"`
	Dev            ignored `json:"dev"`
	Sandbox        ignored `json:"sandbox"`
	SandboxEnabled ignored `json:"sandboxEnabled"`
}

func decodeJSON(r *report, n *node, c *Config) {
	d := decoder{r: r, value: clientValues(r, c.path)}
	if n.kind == tableNode && n.get("mcpServers") == nil && n.get("servers") != nil {
		var f vscodeFile
		d.decode(onlyKnown(r, n, "servers", &f), reflect.ValueOf(&f).Elem(), "")
		c.adopt("servers", keysOf(n.get("servers")), func(name string) Server { return f.Servers[name].Server })
		return
	}
	if n.kind == tableNode && len(n.entries) > 0 && n.get("mcpServers") == nil {
		r.add(n.pos, "", "holds no servers", "known are mcpServers, and VS Code's servers")
	}
	f := mcpServersFile{Config: *c}
	d.decode(onlyKnown(r, n, "mcpServers", &f), reflect.ValueOf(&f).Elem(), "")
	*c = f.Config
	c.adopt("mcpServers", keysOf(n.get("mcpServers")), func(name string) Server { return f.Servers[name].Server })
}

// onlyKnown leaves out what else clients keep in the same file. A key that is
// almost one of ours stays, for the decoder to complain about. An import is
// after the servers alone.
func onlyKnown(r *report, n *node, servers string, file any) *node {
	if n.kind != tableNode {
		return n
	}
	known := fieldsOf(reflect.ValueOf(file).Elem()).keys
	if r.importing {
		known = []string{servers}
	}
	kept := *n
	kept.entries = nil
	for _, e := range n.entries {
		near := func(k string) bool {
			return e.key == k || !r.importing && (spelling.Fold(e.key) == spelling.Fold(k) || len(e.key) > 4 && spelling.Distance(e.key, k, 1) == 1)
		}
		if slices.ContainsFunc(known, near) {
			kept.entries = append(kept.entries, e)
		}
	}
	return &kept
}

func (s *jsonServer) check(r *report, n *node, path string) {
	if v := n.get("envFile"); v != nil {
		r.add(v.pos, join(path, "envFile"), "is not supported", "write the variables in env, as ${env:NAME} or ${file:PATH}")
	}
	if v := n.get("headersHelper"); v != nil {
		r.add(v.pos, join(path, "headersHelper"), "is not supported", "write the headers in headers, as ${env:NAME} or ${file:PATH}")
	}
	if v := n.get("timeout"); v != nil {
		r.note(v.pos, join(path, "timeout"), "is not carried over: some clients count seconds, others milliseconds", `write callTimeout: "60s"`)
	}
	if v := n.get("auth"); v != nil {
		r.note(v.pos, join(path, "auth"), "is not carried over", "log in with bindery login, or give the server a token in headers")
	}
	if s.OAuth != nil {
		s.Server.OAuth = &s.OAuth.OAuth
	}
	for _, other := range []Value{s.ServerURL, s.HTTPURL} {
		if s.URL.IsZero() {
			s.URL = other
		}
	}
	if s.Disabled {
		off := false
		s.Enabled = &off
	}
	for _, other := range [][]Glob{s.IncludeTools, s.Tools} {
		if s.EnabledTools == nil {
			s.EnabledTools = other
		}
	}
	s.DisabledTools = append(s.DisabledTools, s.ExcludeTools...)
	s.Server.check(r, n, path)
}

// clientValues reads text with the variables of Claude (${NAME}, ${NAME:-…})
// and of editors (${workspaceFolder}, ${userHome}) beside bindery's own. What
// VS Code asks for (${input:…}) becomes a variable when servers are imported.
func clientValues(r *report, path string) valueReader {
	return func(text string, at Pos, where string) (Value, error) {
		return parseValue(text, func(body string) (part, error) {
			name, fallback, optional := strings.Cut(body, ":-")
			switch {
			case body == "workspaceFolder":
				return part{text: projectOf(path)}, nil
			case body == "userHome":
				home, err := os.UserHomeDir()
				if err != nil {
					return part{}, fmt.Errorf("${userHome}: the home folder is not known; write it out")
				}
				return part{text: home}, nil
			case strings.HasPrefix(body, "input:"):
				name := clip(strings.TrimPrefix(body, "input:"), 60)
				if r.importing {
					r.note(at, where, "asks for "+quote(name), "set the variable "+variableName(name))
					return part{kind: envRef, text: variableName(name)}, nil
				}
				return part{}, fmt.Errorf("${input:%s} asks somebody, and a gateway has nobody to ask; write ${env:%s} and set that variable",
					name, variableName(name))
			case isVariable(name):
				return part{kind: envRef, text: name, fallback: fallback, optional: optional}, nil
			}
			return parseReference(body)
		})
	}
}

// projectOf returns the folder that an editor has open when it reads the file.
func projectOf(path string) string {
	dir := filepath.Dir(path)
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if base := filepath.Base(dir); strings.HasPrefix(base, ".") && len(base) > 2 {
		return filepath.Dir(dir)
	}
	return dir
}

// variableName spells words as the name of an environment variable.
func variableName(words string) string {
	name := strings.Map(func(r rune) rune {
		if r < 128 && isAlnum(byte(r)) {
			return r
		}
		return '_'
	}, strings.ToUpper(words))
	if name = strings.Trim(name, "_"); name == "" || '0' <= name[0] && name[0] <= '9' {
		name = "_" + name
	}
	return name
}
