package benchmarks

import (
	"encoding/json"
	"fmt"

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
	// Name, Line and Full are the levels of detail.
	Name, Line, Full int
	// FullInput is Full without the types of results.
	FullInput int
}

// Render counts the tokens of one server's tools in a language.
func Render(c *Counter, server string, tools []bindery.Tool, l codegen.Language) (Rendering, error) {
	r := Rendering{Server: server, Tools: len(tools)}
	type definition struct {
		Name        string          `json:"name"`
		Description string          `json:"description,omitempty"`
		InputSchema json.RawMessage `json:"inputSchema"`
	}
	definitions := make([]definition, len(tools))
	silent := make([]bindery.Tool, len(tools))
	for i, t := range tools {
		definitions[i] = definition{t.ID.Name, t.Description, t.Input}
		silent[i] = t
		silent[i].Output = nil
	}
	list, err := json.Marshal(definitions)
	if err != nil {
		return r, fmt.Errorf("render %s: %w", server, err)
	}
	module, inputs := codegen.Compile(tools), codegen.Compile(silent)
	for _, text := range []struct {
		to *int
		of string
	}{
		{&r.JSON, string(list)},
		{&r.Name, module.Declarations(server, l, codegen.Name)},
		{&r.Line, module.Declarations(server, l, codegen.Line)},
		{&r.Full, module.Declarations(server, l, codegen.Full)},
		{&r.FullInput, inputs.Declarations(server, l, codegen.Full)},
	} {
		if *text.to, err = c.Count(text.of); err != nil {
			return r, err
		}
	}
	return r, nil
}
