package exposure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
)

// The shapes in which Codex CLI 0.169.0 puts tools before a model, as recorded
// from its requests against real servers. Tests hold the sizes that were
// measured then.

// function is one tool of a Responses API request.
type function struct {
	Type        string          `json:"type"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Strict      bool            `json:"strict"`
	Deferred    bool            `json:"defer_loading,omitempty"`
	Parameters  json.RawMessage `json:"parameters"`
}

// namespace is the tools of one server there.
type namespace struct {
	Type        string     `json:"type"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Tools       []function `json:"tools"`
}

// whole is a tool as most clients define it: alone, with its schema as it is.
func whole(name string, t bindery.Tool) function {
	schema := t.Input
	if schema == nil {
		schema = json.RawMessage(`{"type":"object"}`)
	}
	return function{Type: "function", Name: name, Description: t.Description, Parameters: schema}
}

// trimmedNamespace is a server's tools as Codex sends them.
func trimmedNamespace(server, instructions string, tools []bindery.Tool, deferred bool) namespace {
	n := namespace{Type: "namespace", Name: "mcp__" + flat(server), Description: instructions}
	if n.Description == "" {
		n.Description = "Tools in the " + n.Name + " namespace."
	}
	for _, t := range tools {
		n.Tools = append(n.Tools, function{
			Type: "function", Name: flat(t.ID.Name), Description: t.Description, Deferred: deferred, Parameters: trimmed(t.Input),
		})
	}
	return n
}

// listing is all that stands in a prompt of Codex for servers whose tools it
// defers.
func listing(servers []backends.Server) string {
	if len(servers) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<tools>\nDeferred tool namespaces:\n")
	for _, s := range servers {
		b.WriteString("- mcp__" + flat(s.Name))
		if first, _, _ := strings.Cut(strings.TrimSpace(s.Instructions), "\n"); first != "" {
			b.WriteString(": " + first)
		}
		b.WriteString("\n")
	}
	b.WriteString("</tools>")
	return b.String()
}

// flatName is what a tool is called where all servers' tools are in one place.
func flatName(id bindery.ToolID) string { return "mcp__" + flat(id.Server) + "__" + flat(id.Name) }

// flat is a name as an identifier of JavaScript.
func flat(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r == '_' || r == '$' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	return b.String()
}

// encoded is JSON as it goes over the wire, without escapes for HTML.
func encoded(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("encode what a client shows: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
