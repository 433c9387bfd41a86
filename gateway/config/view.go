package config

import (
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

// DefaultView is the name of the view at the endpoint without a name.
const DefaultView = "default"

// View is an endpoint: which servers and tools there are, what they are called
// there, and how a client finds them.
type View struct {
	Mode    Mode                `json:"mode,omitempty" jsonschema:"How clients find the tools: code (the one tool execute_code, the default), direct (the tools themselves) or both."`
	Servers []string            `json:"servers,omitempty" jsonschema:"The only servers in the view. Default: all."`
	Include []ToolPattern       `json:"include,omitempty" jsonschema:"The only tools in the view, as server.tool; * and ? are wildcards within either part. Default: all."`
	Exclude []ToolPattern       `json:"exclude,omitempty" jsonschema:"Tools that are not in the view. They win over include."`
	Prefix  *bool               `json:"prefix,omitempty" jsonschema:"Whether names of tools and prompts begin with that of their server, as in github__get_issue. Default true, unless servers names just one."`
	Tools   map[string]Override `json:"tools,omitempty" jsonschema:"What single tools, by server.tool, are called and say in the view."`
}

// Mode is how clients find the tools of a view.
type Mode string

// The modes of a view.
const (
	Code   Mode = "code"
	Direct Mode = "direct"
	Both   Mode = "both"
)

// Override is what a tool is called and says in a view; what is zero stays as
// the server says it.
type Override struct {
	Name        string `json:"name,omitempty" jsonschema:"Name of the tool, without its server."`
	Title       string `json:"title,omitempty" jsonschema:"Title of the tool."`
	Description string `json:"description,omitempty" jsonschema:"Description of the tool."`
	Hints       Hints  `json:"hints,omitzero" jsonschema:"What the tool says about its effects. They decide which calls run side by side."`
}

// Hints are the annotations of a tool; nil leaves one as the server has it.
type Hints struct {
	ReadOnly    *bool `json:"readOnly,omitempty" jsonschema:"Whether the tool changes nothing."`
	Destructive *bool `json:"destructive,omitempty" jsonschema:"Whether what it changes may be lost."`
	Idempotent  *bool `json:"idempotent,omitempty" jsonschema:"Whether a second call with the same arguments changes nothing more."`
	OpenWorld   *bool `json:"openWorld,omitempty" jsonschema:"Whether it reaches out to the world outside of the server."`
}

// Has reports whether the server may be in the view.
func (v View) Has(server string) bool { return v.Servers == nil || slices.Contains(v.Servers, server) }

// Shows reports whether the tool is in the view, both names as they are spelled
// in the configuration and by the server.
func (v View) Shows(server, tool string) bool {
	return v.Has(server) && Client{Allow: v.Include, Deny: v.Exclude}.Allows(server, tool)
}

// Reaches reports whether a tool of the server can be in the view.
func (v View) Reaches(server string) bool {
	return v.Has(server) && Client{Allow: v.Include, Deny: v.Exclude}.Reaches(server)
}

// Prefixes reports whether names begin with that of the server.
func (v View) Prefixes() bool {
	if v.Prefix != nil {
		return *v.Prefix
	}
	return len(v.Servers) != 1
}

func (v *View) check(r *report, n *node, path string) {
	switch Mode(spelling.Fold(string(v.Mode))) {
	case "":
		v.Mode = Code
	case Code, Direct, Both:
		v.Mode = Mode(spelling.Fold(string(v.Mode)))
	default:
		r.add(n.get("mode").pos, join(path, "mode"), quote(string(v.Mode))+" is no mode", "known are code, direct, both")
	}
	checkPatterns(r, n, path, "include", v.Include)
	checkPatterns(r, n, path, "exclude", v.Exclude)
	tools := n.get("tools")
	if tools == nil {
		return
	}
	for _, e := range tools.entries {
		if !strings.Contains(strings.Trim(e.key, "."), ".") || strings.ContainsAny(e.key, "*?") {
			r.add(e.pos, join(path, "tools"), quote(e.key)+" names no tool", "write it as server.tool")
		}
	}
}

// checkView holds a view against the servers there are.
func (c *Config) checkView(r *report, e entry) {
	for i, name := range c.Views[e.key].Servers {
		if _, ok := c.Servers[name]; !ok {
			r.add(itemPos(e.value, "servers", i), join(join("views", e.key), "servers"), "there is no server "+quote(name), suggest(name, c.ServerNames()))
		}
	}
}
