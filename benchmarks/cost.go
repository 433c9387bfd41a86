package benchmarks

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
)

// Cost is what one way of doing the work puts into a model's context, in
// tokens.
type Cost struct {
	// Definitions are read before the first word, on every turn.
	Definitions int
	// Written are the arguments, or the script, that the model has to write.
	Written int
	// Read are the results that come back to it, and what it had to look up.
	Read int
}

// Total is the sum, each part counted once: the least that any number of
// turns can cost.
func (c Cost) Total() int { return c.Definitions + c.Written + c.Read }

// Plain is the cost of making the calls one by one, with every tool defined
// up front as the function tools of the OpenAI API are.
func (c *Counter) Plain(tools []bindery.Tool, calls []Recorded) (Cost, error) {
	var cost Cost
	for _, t := range tools {
		def, err := functionTool(t)
		if err != nil {
			return Cost{}, err
		}
		if err := c.add(&cost.Definitions, def); err != nil {
			return Cost{}, err
		}
	}
	for _, r := range calls {
		if err := c.add(&cost.Written, r.Call.Tool.Name+string(r.Call.Args)); err != nil {
			return Cost{}, err
		}
		if err := c.add(&cost.Read, Shown(r.Result)); err != nil {
			return Cost{}, err
		}
	}
	return cost, nil
}

// Surface is the one tool that stands for all: its name, description and
// schema, and the server's instructions.
type Surface struct{ Name, Description, Schema, Instructions string }

// Code is the cost of the same work as one script: the surface, the stubs the
// model looked up, the script and the answer.
func (c *Counter) Code(s Surface, stubs, script, answer string) (Cost, error) {
	var cost Cost
	for _, p := range []struct {
		into *int
		text string
	}{
		{&cost.Definitions, strings.Join([]string{s.Name, s.Description, s.Schema, s.Instructions}, "\n")},
		{&cost.Read, stubs}, {&cost.Written, script}, {&cost.Read, answer},
	} {
		if err := c.add(p.into, p.text); err != nil {
			return Cost{}, err
		}
	}
	return cost, nil
}

func (c *Counter) add(n *int, text string) error {
	k, err := c.Count(text)
	*n += k
	return err
}

func functionTool(t bindery.Tool) (string, error) {
	parameters := t.Input
	if parameters == nil {
		parameters = json.RawMessage(`{"type":"object"}`)
	}
	def, err := json.Marshal(struct {
		Type        string          `json:"type"`
		Name        string          `json:"name"`
		Description string          `json:"description"`
		Parameters  json.RawMessage `json:"parameters"`
	}{"function", "mcp__" + t.ID.Server + "__" + t.ID.Name, t.Description, parameters})
	if err != nil {
		return "", fmt.Errorf("encode the definition of %s: %w", t.ID, err)
	}
	return string(def), nil
}

// Shown is what clients, Codex among them, put before the model: structuredContent
// if there is any, else the text.
func Shown(r bindery.Result) string {
	if r.Structured != nil {
		return string(r.Structured)
	}
	var b strings.Builder
	for _, block := range r.Content {
		b.WriteString(block.Text)
	}
	return b.String()
}
