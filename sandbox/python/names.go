package python

import (
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/spelling"
	"github.com/bindery-mcp/bindery/sandbox"
)

// namespace is what stands for one server in a script.
type namespace struct {
	server *sandbox.Server
	// byName is set for tools["server"], where a tool's own name comes first.
	byName bool
}

// server finds a server by its own name, or else by its name in scripts.
func (s *session) server(key string) *sandbox.Server {
	return s.script.Bindings.Server(key)
}

func (s *session) serverNames() []string {
	servers := s.servers()
	names := make([]string, len(servers))
	for i := range servers {
		names[i] = servers[i].Name
	}
	return names
}

// found answers what a name stands for; Error says why it stands for nothing.
type found struct {
	Server string            `json:"server,omitempty"`
	Name   string            `json:"name,omitempty"`
	As     string            `json:"as,omitempty"`
	Params map[string]string `json:"params,omitempty"`
	Error  string            `json:"error,omitempty"`
	Hint   string            `json:"hint,omitempty"`
	Code   string            `json:"code,omitempty"`
	Tool   string            `json:"tool,omitempty"`
}

// look finds the tool that a name stands for.
func (s *session) look(h head) found {
	v := s.server(h.Server)
	if v == nil {
		return found{Error: s.unknownServer(h.Server)}
	}
	n := namespace{server: v, byName: h.ByName}
	t, refused := n.find(h.Tool)
	switch {
	case t != nil:
		return found{Server: v.Name, Name: t.Name, As: spellTool(n.spelling(), t), Params: t.Params}
	case n.down():
		return n.unavailable(h.Tool)
	case refused != "":
		return found{Error: n.refusal(h.Tool, refused)}
	}
	return found{Error: n.unknown(h.Tool)}
}

// list names the tools of a server.
func (s *session) list(h head) map[string]any {
	names := []string{}
	if v := s.server(h.Server); v != nil {
		for i := range v.Tools {
			if t := &v.Tools[i]; h.ByName {
				names = append(names, t.Name)
			} else if t.Ident != "" {
				names = append(names, t.Ident)
			}
		}
	}
	return map[string]any{"names": names}
}

// called explains the call of a server itself.
func (s *session) called(h head) found {
	v := s.server(h.Server)
	switch {
	case v == nil:
		return found{Error: s.unknownServer(h.Server)}
	case namespace{server: v}.down():
		return namespace{server: v}.unavailable("")
	case len(v.Tools) == 0:
		return found{Error: "a server is not a function", Hint: "call one of its tools, as in server.tool(name=value)"}
	}
	return found{
		Error: spellServer(v) + " is a server, not a function",
		Hint:  fmt.Sprintf("call one of its tools, as in %s(name=value)", spellTool(spellServer(v), &v.Tools[0])),
	}
}

// spelling is how a script writes the server.
func (n namespace) spelling() string {
	if n.byName {
		return "tools[" + quoted(n.server.Name) + "]"
	}
	return spellServer(n.server)
}

// spellServer is the shortest way to write a server.
func spellServer(s *sandbox.Server) string {
	if s.Ident != "" {
		return s.Ident
	}
	return "tools[" + quoted(s.Name) + "]"
}

func spellTool(namespace string, t *sandbox.Tool) string {
	if t.Ident != "" {
		return namespace + "." + t.Ident
	}
	return namespace + "[" + quoted(t.Name) + "]"
}

// find returns the tool that key names; refused says why a key that would
// name one does not.
func (n namespace) find(key string) (tool *sandbox.Tool, refused string) {
	tool = n.server.Tool(key, n.byName)
	if tool != nil && !n.byName && tool.Ident == "" && isIdentifier(key) && tool.Refused != "" {
		return nil, tool.Refused
	}
	return tool, ""
}

// isIdentifier reports whether s is a plain ASCII identifier.
func isIdentifier(s string) bool {
	for i, c := range s {
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// refusal says why key, which would name a tool, does not.
func (n namespace) refusal(key, why string) string {
	return fmt.Sprintf("%s.%s is not available: %s; write tools[%s][%s](…)", n.spelling(), clip(key, spelling.MaxName),
		why, quoted(n.server.Name), quoted(key))
}

// down reports whether the server is not available: it has a name in scripts,
// and a reason for having no tools.
func (n namespace) down() bool {
	return n.server.Ident != "" && n.server.Refused != "" && len(n.server.Tools) == 0
}

// unavailable is the error that any use of a server that is down raises.
func (n namespace) unavailable(tool string) found {
	return found{
		Error: fmt.Sprintf("%s is not available: %s", n.server.Name, n.server.Refused), Code: bindery.Unavailable.String(),
		Server: n.server.Name, Tool: clip(tool, spelling.MaxName),
	}
}

func (n namespace) unknown(key string) string {
	names := make([]string, 0, 2*len(n.server.Tools))
	spell := make(map[string]string, len(n.server.Tools))
	for i := range n.server.Tools {
		t := &n.server.Tools[i]
		s := spellTool(n.spelling(), t)
		for _, name := range []string{t.Ident, t.Name} {
			if _, seen := spell[name]; name != "" && !seen {
				names = append(names, name)
				spell[name] = s
			}
		}
	}
	var unique []string
	for _, name := range spelling.Resembling(key, names) {
		unique = appendNew(unique, spell[name])
	}
	what := fmt.Sprintf("%s.%s is not a tool", n.spelling(), clip(key, spelling.MaxName))
	if len(unique) > 0 {
		return what + "; did you mean " + strings.Join(unique, " or ") + "?"
	}
	return fmt.Sprintf("%s; %s has %d tools: find them with tools.search(%s, server=%s)", what, n.spelling(),
		len(n.server.Tools), quoted(clip(strings.ReplaceAll(key, "_", " "), spelling.MaxName)), quoted(n.server.Name))
}

func (s *session) unknownServer(key string) string {
	names := s.serverNames()
	what := fmt.Sprintf("tools[%s] is not a server", quoted(clip(key, spelling.MaxName)))
	if near := spelling.Resembling(key, names); len(near) > 0 {
		for i, n := range near {
			near[i] = "tools[" + quoted(n) + "]"
		}
		return what + "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return what + "; the servers are " + listed(names)
}

// listed joins names, up to maxNamed of them.
func listed(names []string) string {
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > maxNamed:
		return strings.Join(names[:maxNamed], ", ") + fmt.Sprintf(" and %d more", len(names)-maxNamed)
	}
	return strings.Join(names, ", ")
}

// quoted writes a name as a string that Python and JSON read alike.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
