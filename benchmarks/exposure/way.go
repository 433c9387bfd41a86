package exposure

import (
	"context"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/codegen/search"
)

// Way is one way in which a client can show tools to a model.
type Way struct {
	// ID is a word for programs, Name a few for people, and How a sentence.
	ID, Name, How string
	// Before is what stands before the first word, on every turn, in tokens.
	Before int
	// Script says that calls are made by a script, so that what they return
	// stays out of the conversation.
	Script bool
	// find is what it takes to find one tool: what is written and what is read,
	// in one turn. It is zero where all tools are there from the start.
	find turn
}

// Find returns the tokens that finding one tool takes: what the model writes,
// and what it reads.
func (w Way) Find() (written, read int) { return w.find.written, w.find.read }

// The ways, by their ID.
const (
	Inline     = "inline"      // every definition, as the servers give them
	Trimmed    = "trimmed"     // every definition, as Codex sends them
	ToolSearch = "tool-search" // behind the client's own search
	ClientCode = "client-code" // in the client's own code mode
	Direct     = "direct"      // bindery as an aggregator
	Code       = "code"        // bindery's execute_code
)

// Measured is what a setup costs in each way. All figures are of one encoding.
type Measured struct {
	Setup    Setup
	Encoding benchmarks.Encoding
	// Ways are in the order of the constants.
	Ways []Way
	// PerServer is what each server's definitions take inline.
	PerServer []int
}

// Way returns the way with that ID.
func (m Measured) Way(id string) Way {
	for _, w := range m.Ways {
		if w.ID == id {
			return w
		}
	}
	return Way{}
}

// Measure counts the tokens of a setup.
func Measure(ctx context.Context, c *benchmarks.Counter, s Setup) (Measured, error) {
	t := &taker{counter: c, setup: s, ctx: ctx}
	m := Measured{Setup: s, Encoding: c.Encoding()}
	t.finding()
	m.Ways = []Way{
		{ID: Inline, Name: "all definitions inline", Before: t.inline(&m.PerServer), How: "every tool's whole definition in every prompt, as most clients do"},
		{ID: Trimmed, Name: "inline, as Codex trims it", Before: t.trimmed(), How: "the same, without what Codex leaves out of schemas; only for models that it does not know"},
		{ID: ToolSearch, Name: "the client's tool search", Before: t.count(listing(s.Servers)), find: t.toolSearch(), How: "Codex with a model of its list that has no code mode: a search loads the definitions of 8 tools"},
		{ID: ClientCode, Name: "the client's code mode", Before: t.count(listing(s.Servers)), find: t.clientCode(), Script: true, How: "Codex's own JavaScript: a script lists the types of 5 tools, the next one calls them"},
		{ID: Direct, Name: "bindery direct", Before: t.direct(), How: "all tools through one gateway, under the names of their servers and theirs"},
		{ID: Code, Name: "bindery code", Before: t.surface(), find: t.code(), Script: true, How: "execute_code: a script searches and reads the full documentation of the tool it takes, the next one calls"},
	}
	if t.err != nil {
		return Measured{}, fmt.Errorf("count what the tools cost: %w", t.err)
	}
	return m, nil
}

// How many tools a search shows. Codex takes 8 unless the model says
// otherwise. Of a list that a script filters the model decides, and bindery
// shows 5 lines: the same for both.
const (
	searchHits = 8
	scriptHits = 5
)

// mostAsked bounds for how many tools a search is tried.
const mostAsked = 48

// taker counts, and keeps the first error.
type taker struct {
	ctx     context.Context
	counter *benchmarks.Counter
	setup   Setup
	tools   []bindery.Tool
	needs   []need
	err     error
}

// need is a tool that a model looks for, the words it looks with, and what
// comes back.
type need struct {
	words string
	tool  bindery.Tool
	hits  []bindery.Tool
}

func (t *taker) count(texts ...string) int {
	if t.err == nil {
		t.err = t.ctx.Err()
	}
	if t.err != nil {
		return 0
	}
	n, err := t.counter.Count(texts...)
	t.err = err
	return n
}

func (t *taker) encoded(v any) int {
	text, err := encoded(v)
	if err != nil && t.err == nil {
		t.err = err
	}
	return t.count(text)
}

// finding makes searches that a model could make: for tools taken evenly from
// all, with the first words of their descriptions. The same ranking serves all
// ways, so that they differ in what a hit costs alone.
func (t *taker) finding() {
	for _, s := range t.setup.Servers {
		t.tools = append(t.tools, s.Tools...)
	}
	if len(t.tools) == 0 {
		return
	}
	documents := make([]search.Document, len(t.tools))
	for i, tool := range t.tools {
		documents[i] = search.Document{Name: tool.ID.Name, Server: tool.ID.Server, Title: tool.Title, Summary: sentence(tool.Description)}
	}
	index := search.New(documents)
	step := (len(t.tools) + mostAsked - 1) / mostAsked
	for i := 0; i < len(t.tools); i += step {
		n := need{tool: t.tools[i]}
		words := codegen.Words(sentence(n.tool.Description))
		if len(words) == 0 {
			words = codegen.Words(n.tool.ID.Name)
		}
		const most = 8
		n.words = strings.Join(words[:min(most, len(words))], " ")
		for _, place := range index.Find(n.words, nil) {
			if len(n.hits) == searchHits {
				break
			}
			n.hits = append(n.hits, t.tools[place])
		}
		t.needs = append(t.needs, n)
	}
}

// sentence is the first of a description.
func sentence(text string) string {
	const most = 400 // bytes; a sentence of which nothing ends is cut
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i]
	}
	return strings.ToValidUTF8(text[:min(most, len(text))], "")
}

func (t *taker) inline(perServer *[]int) int {
	sum := 0
	for _, s := range t.setup.Servers {
		functions := make([]function, len(s.Tools))
		for i, tool := range s.Tools {
			functions[i] = whole("mcp__"+s.Name+"__"+tool.ID.Name, tool)
		}
		n := t.encoded(functions)
		*perServer = append(*perServer, n)
		sum += n
	}
	return sum
}

func (t *taker) trimmed() int {
	sum := 0
	for _, s := range t.setup.Servers {
		sum += t.encoded(trimmedNamespace(s.Name, s.Instructions, s.Tools, false))
	}
	return sum
}

func (t *taker) direct() int {
	sum := t.count(t.setup.Surface.Instructions)
	for _, tool := range t.tools {
		sum += t.encoded(whole("mcp__bindery__"+tool.ID.Server+"__"+tool.ID.Name, tool))
	}
	return sum
}

// surface is execute_code in the frame in which a client puts any tool.
func (t *taker) surface() int {
	s := t.setup.Surface
	tool := bindery.Tool{ID: bindery.ToolID{Server: "bindery", Name: s.Name}, Description: s.Description, Input: []byte(s.Schema)}
	return t.encoded([]function{whole(flatName(tool.ID), tool)}) + t.count(s.Instructions)
}

// mean is what the needs take on average, rounded up.
func (t *taker) mean(of func(n need) turn) turn {
	var sum turn
	for _, n := range t.needs {
		x := of(n)
		sum.written += x.written
		sum.read += x.read
	}
	k := max(1, len(t.needs))
	return turn{(sum.written + k - 1) / k, (sum.read + k - 1) / k}
}

func (t *taker) toolSearch() turn {
	instructions := map[string]string{}
	for _, s := range t.setup.Servers {
		instructions[s.Name] = s.Instructions
	}
	return t.mean(func(n need) turn {
		var found []namespace
		for _, hit := range n.hits {
			one := trimmedNamespace(hit.ID.Server, instructions[hit.ID.Server], []bindery.Tool{hit}, true)
			if k := len(found) - 1; k >= 0 && found[k].Name == one.Name {
				found[k].Tools = append(found[k].Tools, one.Tools...)
				continue
			}
			found = append(found, one)
		}
		return turn{t.encoded(map[string]string{"query": n.words}), t.encoded(found)}
	})
}

func (t *taker) clientCode() turn {
	instructions := map[string]string{}
	for _, s := range t.setup.Servers {
		instructions[s.Name] = s.Instructions
	}
	type entry struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	}
	return t.mean(func(n need) turn {
		hits := n.hits[:min(scriptHits, len(n.hits))]
		entries := make([]entry, len(hits))
		for i, hit := range hits {
			entries[i] = entry{flatName(hit.ID), declaration(hit, instructions[hit.ID.Server])}
		}
		script := "text(ALL_TOOLS.filter(t => /" + strings.ReplaceAll(n.words, " ", "|") + "/i.test(t.name + t.description)).slice(0, 5));"
		return turn{t.count(script), t.encoded(entries)}
	})
}

// code is a search and the documentation of the tool that was looked for, in
// one script. The lines of a search can be called as they are: a model that
// does so pays less.
func (t *taker) code() turn {
	return t.mean(func(n need) turn {
		reply := t.setup.Module.Search(codegen.Query{Text: n.words}).String()
		docs, err := t.setup.Module.Describe(n.tool.ID.String(), codegen.TypeScript)
		if err != nil {
			docs = "" // a name that cannot be spelled has none
		}
		query, err := encoded(n.words)
		if err != nil && t.err == nil {
			t.err = err
		}
		script := "const words = " + query + "\n[await tools.search(words), await tools.search(words, { limit: 1, detail: \"full\" })].join(\"\\n\")"
		return turn{t.count(script), t.count(reply, docs)}
	})
}
