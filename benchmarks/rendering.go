package benchmarks

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
)

// Rendering is what the tools of one server cost in each of the ways in which
// a model can read of them, in tokens.
type Rendering struct {
	Server string
	Tools  int
	// JSON is name, description and inputSchema of each tool, which is what
	// clients put into a prompt; there the type of a result has no place.
	JSON int
	// Name is the level of detail of that name; it is the same in all
	// languages but for the spelling of a few names.
	Name               int
	TypeScript, Python Written
}

// Written is what the tools cost in one language, in tokens.
type Written struct {
	// Line and Full are the levels of detail, and FullInput is Full without
	// the types of results.
	Line, Full, FullInput int
}

// Add adds what other tools cost.
func (r *Rendering) Add(o Rendering) {
	r.Tools += o.Tools
	r.JSON += o.JSON
	r.Name += o.Name
	for _, w := range []struct{ to, of *Written }{{&r.TypeScript, &o.TypeScript}, {&r.Python, &o.Python}} {
		w.to.Line += w.of.Line
		w.to.Full += w.of.Full
		w.to.FullInput += w.of.FullInput
	}
}

// Render counts the tokens of one server's tools.
func Render(c *Counter, server string, tools []bindery.Tool) (Rendering, error) {
	r := Rendering{Server: server, Tools: len(tools)}
	type definition struct {
		Name        string          `json:"name"`
		Description string          `json:"description,omitempty"`
		InputSchema json.RawMessage `json:"inputSchema"`
	}
	definitions := make([]definition, len(tools))
	for i, t := range tools {
		definitions[i] = definition{t.ID.Name, t.Description, t.Input}
	}
	list, err := json.Marshal(definitions)
	if err != nil {
		return r, fmt.Errorf("render %s: %w", server, err)
	}
	module := codegen.Compile(tools)
	if r.JSON, err = c.Count(string(list)); err != nil {
		return r, err
	}
	if r.Name, err = c.Count(module.Declarations(server, codegen.TypeScript, codegen.Name)); err != nil {
		return r, err
	}
	if r.TypeScript, err = written(c, module, server, tools, codegen.TypeScript); err != nil {
		return r, err
	}
	r.Python, err = written(c, module, server, tools, codegen.Python)
	return r, err
}

func written(c *Counter, module *codegen.Module, server string, tools []bindery.Tool, l codegen.Language) (w Written, err error) {
	if w.Line, err = c.Count(module.Declarations(server, l, codegen.Line)); err != nil {
		return w, err
	}
	if w.Full, err = c.Count(module.Declarations(server, l, codegen.Full)); err != nil {
		return w, err
	}
	w.FullInput = w.Full
	if !slices.ContainsFunc(tools, func(t bindery.Tool) bool { return t.Output != nil }) {
		return w, nil
	}
	silent := slices.Clone(tools)
	for i := range silent {
		silent[i].Output = nil
	}
	w.FullInput, err = c.Count(codegen.Compile(silent).Declarations(server, l, codegen.Full))
	return w, err
}
