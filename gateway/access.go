package gateway

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/policy"
)

// AccessMistakes returns what is wrong with the rules of clients and roles, and
// with those of the policy, as the servers are now: patterns that are about no
// tool, and roles that nobody has described. A server that is not up is given the
// benefit of the doubt.
func (g *Gateway) AccessMistakes() []string {
	servers := g.everything()
	var list []string
	say := func(who, key string, patterns []config.ToolPattern) {
		for _, p := range patterns {
			if !about(p, servers) {
				list = append(list, mistake(who, key, p, servers))
			}
		}
	}
	clients := slices.Clone(g.opts().Clients)
	slices.SortFunc(clients, func(a, b Client) int { return strings.Compare(a.Name, b.Name) })
	for _, c := range clients {
		say("client "+c.Name, "allow", c.rules.Allow)
		say("client "+c.Name, "deny", c.rules.Deny)
		for _, r := range c.rules.Roles {
			if _, ok := g.opts().Roles[r]; !ok && len(g.opts().Roles) > 0 {
				text := fmt.Sprintf("client %s: role %s is not among roles", c.Name, r)
				if near, ok := codegen.Nearest(r, slices.Sorted(maps.Keys(g.opts().Roles))); ok {
					text += "; did you mean " + near + "?"
				}
				list = append(list, text)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(g.opts().Roles)) {
		say("role "+name, "allow", g.opts().Roles[name].Allow)
		say("role "+name, "deny", g.opts().Roles[name].Deny)
	}
	for what, patterns := range g.opts().Policy.Patterns() {
		for _, p := range patterns {
			if !about(p, servers) && !aboutRequests(p, servers) {
				list = append(list, mistake("policy", what, p, servers))
			}
		}
	}
	return list
}

// everything is the servers with all their tools, also those that are set aside.
func (g *Gateway) everything() []backends.Server {
	servers := slices.Clone(g.opts().Tools.Catalogue().Servers)
	for id := range g.opts().absent() {
		for i, s := range servers {
			if s.Name == id.Server {
				servers[i].Tools = append(slices.Clip(s.Tools), bindery.Tool{ID: id})
			}
		}
	}
	return servers
}

// mistake says that a pattern is about no tool.
func mistake(who, key string, p config.ToolPattern, servers []backends.Server) string {
	text := fmt.Sprintf("%s: %s %s is about no tool", who, key, p)
	if near, ok := meant(p, servers); ok {
		text += "; did you mean " + near + "?"
	}
	return text
}

// aboutRequests reports whether the pattern stands for requests of a server that
// are about no tool, which the policy has names for.
func aboutRequests(p config.ToolPattern, servers []backends.Server) bool {
	return slices.ContainsFunc(servers, func(s backends.Server) bool {
		return slices.ContainsFunc(policy.Requests(), func(name string) bool { return p.Match(s.Name, name) })
	})
}

// about reports whether there is a tool that the pattern stands for, or may be.
func about(p config.ToolPattern, servers []backends.Server) bool {
	only := config.Client{Allow: []config.ToolPattern{p}}
	for _, s := range servers {
		if len(s.Tools) == 0 && s.State != backends.Ready && only.Reaches(s.Name) {
			return true
		}
		for _, t := range s.Tools {
			if p.Match(t.ID.Server, t.ID.Name) {
				return true
			}
		}
	}
	return p == "*"
}

// meant returns the tool, or the server with what stands for tools, that a
// pattern was probably to be about.
func meant(p config.ToolPattern, servers []backends.Server) (string, bool) {
	server, tool, _ := strings.Cut(string(p), ".")
	var names, tools []string
	for _, s := range servers {
		names = append(names, s.Name)
		for _, t := range s.Tools {
			tools = append(tools, t.ID.String())
		}
	}
	if !strings.ContainsAny(string(p), "*?") {
		if near, ok := codegen.Nearest(string(p), tools); ok {
			return near, true
		}
	}
	if near, ok := codegen.Nearest(server, names); ok && near != server && !strings.ContainsAny(server, "*?") {
		return near + "." + tool, true
	}
	return "", false
}
