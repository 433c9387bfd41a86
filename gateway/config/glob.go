package config

import "strings"

// Glob is a pattern for the name of a tool: * stands for any run of
// characters, ? for one, and everything else for itself.
type Glob string

// Match reports whether name is one of those that g stands for.
func (g Glob) Match(name string) bool { return matchGlob(string(g), name) }

// ToolPattern is a pair of [Glob]s, server.tool, or "*" for every tool. A
// wildcard does not reach across the dot: "git.*" says nothing of the server
// "git.internal".
type ToolPattern string

// Match reports whether p stands for the tool of this server.
func (p ToolPattern) Match(server, tool string) bool {
	if p == "*" {
		return true
	}
	// Both names may hold dots, so any dot may be the one that separates them.
	for i := 0; i < len(p); i++ {
		if p[i] == '.' && matchGlob(string(p[:i]), server) && matchGlob(string(p[i+1:]), tool) {
			return true
		}
	}
	return false
}

// reaches reports whether p stands for some tool that the server could have.
func (p ToolPattern) reaches(server string) bool {
	return p == "*" || p.splits(func(s, _ string) bool { return matchGlob(s, server) })
}

// all reports whether p stands for every tool that the server could have.
func (p ToolPattern) all(server string) bool {
	return p == "*" || p.splits(func(s, tool string) bool { return matchGlob(s, server) && strings.Trim(tool, "*") == "" })
}

func (p ToolPattern) splits(yes func(server, tool string) bool) bool {
	for i := range len(p) {
		if p[i] == '.' && i+1 < len(p) && yes(string(p[:i]), string(p[i+1:])) {
			return true
		}
	}
	return false
}

// matchGlob needs no more than len(pattern)*len(s) steps: only the last *
// seen is ever widened.
func matchGlob(pattern, s string) bool {
	p, i := 0, 0
	star, mark := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
