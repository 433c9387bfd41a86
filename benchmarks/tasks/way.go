package tasks

import (
	"slices"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/exposure"
	"github.com/bindery-mcp/bindery/codegen"
)

// Cell is one way of doing a task in one setting. The way is one of those of
// package exposure; Inline and Code were run, ToolSearch and ClientCode are
// computed from the same calls and the same scripts.
type Cell struct {
	Way     string `json:"way"`
	Servers int    `json:"servers"`
	Tokens  Tokens `json:"tokens"`
}

// ways are those of a report, with what people call them there.
func ways() []struct{ id, name string } {
	return []struct{ id, name string }{
		{exposure.Inline, "plain calls, definitions inline"},
		{exposure.ToolSearch, "plain calls, client's tool search"},
		{exposure.ClientCode, "client's own code mode"},
		{exposure.Code, "bindery"},
	}
}

// cells are all ways in one setting.
func cells(c *benchmarks.Counter, t Task, s setting, prompt int, plain, code []step, tools []bindery.Tool) ([]Cell, error) {
	searched, err := searched(c, t, tools)
	if err != nil {
		return nil, err
	}
	documented, err := documented(c, t, tools)
	if err != nil {
		return nil, err
	}
	own, here := slices.Clone(code), slices.Clone(code)
	own[0].read, here[0].read = documented, s.found
	var list []Cell
	for _, way := range []struct {
		id    string
		steps []step
	}{{exposure.Inline, plain}, {exposure.ToolSearch, append([]step{searched}, plain...)}, {exposure.ClientCode, own}, {exposure.Code, here}} {
		list = append(list, Cell{way.id, s.servers, tokens(prompt+s.before[way.id], way.steps)})
	}
	return list, nil
}

// searched is the turn in which a client's tool search loads the definitions:
// one search for all of them, which finds the tools that are needed and no
// other. That is the least it can cost; Codex takes eight hits a search.
func searched(c *benchmarks.Counter, t Task, tools []bindery.Tool) (step, error) {
	cost, err := c.Plain(t.used(tools), nil)
	if err != nil {
		return step{}, err
	}
	query, err := written(args{"query": t.Title})
	if err != nil {
		return step{}, err
	}
	n, err := c.Count("tool_search", string(query))
	return step{written: n, read: cost.Definitions}, err
}

// documented are the tokens of the full documentation of the tools that are
// needed and no others, without the types of results, which Codex's own code
// mode does not show. What a model then pays to find out those types is not
// counted beyond what it pays behind bindery: this too is the least.
func documented(c *benchmarks.Counter, t Task, tools []bindery.Tool) (int, error) {
	used := t.used(tools)
	for i := range used {
		used[i].Output = nil
	}
	module, n := codegen.Compile(used), 0
	for _, s := range module.Servers() {
		k, err := c.Count(module.Declarations(s.Name, codegen.TypeScript, codegen.Full))
		if err != nil {
			return 0, err
		}
		n += k
	}
	return n, nil
}

// used returns the tools that the work needs.
func (t Task) used(tools []bindery.Tool) []bindery.Tool {
	module := codegen.Compile(tools)
	var list []bindery.Tool
	for _, tool := range tools {
		f, ok := module.Lookup(tool.ID)
		if ok && slices.Contains(t.uses, tool.ID.Server+"."+f.In(codegen.TypeScript).Ident) {
			list = append(list, tool)
		}
	}
	return list
}
