package gateway

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
)

// toolName is the one tool that clients see.
const toolName = "execute_code"

// The schema of execute_code, without and with Python. Codex drops defaults, bounds and
// formats from schemas, so that what matters is in the descriptions; and it
// drops a description that has no type beside it, so that data, which may be
// any JSON, says object. Nothing is required, for wait comes without code; what
// resume and wait take is said where there is something for them.
const (
	inputSchema = `{"type":"object","properties":{` +
		`"code":{"type":"string","description":"TypeScript: top-level await; the last expression or return is the result"},` + moreInput
	inputSchemaPython = `{"type":"object","properties":{` +
		`"code":{"type":"string","description":"top-level await; the last expression or return is the result"},` +
		`"language":{"type":"string","enum":["typescript","python"]},` + moreInput
	moreInput = `"data":{"type":"object","description":"JSON, in the script as data"},` +
		`"resume":{"type":"string"},"wait":{"type":"string"}}}`
)

// howTo is the part of the description that no catalogue changes, with room for
// what Python adds. Every word is paid for in every prompt of every client.
const (
	howTo = `Run a script against these servers' tools; one script replaces many tool calls.
await tools.search("words") lists signatures, await tools.describe("server.tool") gives a tool's docs: search, call and reduce in one script.
A tool is await server.tool({…})%s: it returns its parsed value and throws on error. Calls in Promise.all%s run at once.
Return only what you need. No network or files.
Servers (tools): `
	howToCall, howToGather = `, in Python server.tool(a=1)`, ` or asyncio.gather`
)

// Bounds of the server lists, in tokens as [weight] estimates them: however
// many servers there are and whatever they are called, the description stays
// short.
const (
	maxServerList = 86
	maxNameList   = 38
	maxName       = 32 // characters
)

// description is what a model reads about execute_code. A catalogue that fits
// into inline tokens is in it whole, so that a script needs no search.
func (v *View) description(o Options) string {
	d := v.summary(o.Python)
	if stubs := v.inline(); stubs != "" {
		d += "\nAll tools:\n" + stubs
	}
	return d
}

// stubs returns one callable line for each tool, or nothing if they take more
// tokens than the budget. Signatures run at about four bytes a token; counting
// three keeps the promise for those that do not.
func (v *View) stubs(budget int) string {
	if budget <= 0 {
		return ""
	}
	var b strings.Builder
	for _, s := range v.Module.Servers() {
		b.WriteString(v.stated.Declarations(s.Name, codegen.TypeScript, codegen.Line))
		if b.Len() > 3*budget {
			return ""
		}
	}
	return strings.TrimSpace(b.String())
}

func (v *View) summary(python bool) string {
	text := fmt.Sprintf(howTo, "", "")
	if python {
		text = fmt.Sprintf(howTo, howToCall, howToGather)
	}
	var items []string
	for _, s := range v.Servers {
		items = append(items, fmt.Sprintf("%s %s", shortName(s.Name), toolCount(s)))
	}
	if len(items) == 0 {
		return text + "none yet"
	}
	return text + listed(items, maxServerList)
}

func toolCount(s backends.Server) string {
	switch {
	case len(s.Tools) > 0 || s.State == backends.Ready:
		return fmt.Sprint(len(s.Tools))
	case s.Cause != nil:
		return "down"
	default:
		return "starting"
	}
}

// instructions is the server's instructions in initialize and
// server/discover. Some clients show only the first line of it while they
// defer the tool itself, so that line says what can be found here.
func (v *View) instructions() string {
	var names []string
	for _, s := range v.Servers {
		names = append(names, shortName(s.Name))
	}
	if len(names) == 0 {
		return "Tools of several servers, through execute_code."
	}
	return "Tools of " + listed(names, maxNameList) + ", through execute_code."
}

// shortName cuts names that nobody would read in full.
func shortName(name string) string {
	if utf8.RuneCountInString(name) <= maxName {
		return name
	}
	return string([]rune(name)[:maxName-1]) + "…"
}

// listed joins the items that fit into the limit and counts the rest.
func listed(items []string, limit int) string {
	var b strings.Builder
	used := 0
	for i, item := range items {
		used += 1 + weight(item)
		if used > limit {
			if i == 0 {
				return fmt.Sprintf("%d servers", len(items))
			}
			return fmt.Sprintf("%s, and %d more", b.String(), len(items)-i)
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(item)
	}
	return b.String()
}

// weight estimates the o200k tokens of a name from above. The tokenizer itself
// would cost the gateway more memory than everything else it holds.
//
// Words that can be spoken are mostly in the vocabulary, at four letters a
// token or better; a name with any other word in it costs up to two tokens for
// three characters.
func weight(name string) int {
	n, longest := 0, 0
	for _, w := range codegen.Words(name) {
		letters := strings.TrimRight(w, "0123456789")
		if !speakable(letters) {
			return (2*len(name) + 2) / 3
		}
		n += (len(letters)+3)/4 + (len(w)-len(letters)+2)/3
		longest = max(longest, len(letters))
	}
	if longest < 3 {
		return (2*len(name) + 2) / 3
	}
	return n + strings.Count(name, "-") + strings.Count(name, "_") + strings.Count(name, ".")
}

func speakable(word string) bool {
	const longest, cluster = 14, 3
	run := 0
	for _, r := range word {
		switch {
		case strings.ContainsRune("aeiouy", r):
			run = 0
		case r >= '0' && r <= '9':
			return false
		default:
			run++
		}
		if run > cluster {
			return false
		}
	}
	return len(word) <= longest
}

// schema returns the input schema of execute_code.
func (o Options) schema() json.RawMessage {
	if o.Python {
		return json.RawMessage(inputSchemaPython)
	}
	return json.RawMessage(inputSchema)
}

// Definition is all that a client is told about the gateway before it calls
// it: what each of its prompts pays for.
type Definition struct {
	Name         string
	Description  string
	InputSchema  string
	Instructions string
}

// Definition returns what the client is told now.
func (g *Gateway) Definition(c Client) Definition {
	v := g.View(c)
	return Definition{
		Name: toolName, Description: v.description(*g.opts()), InputSchema: string(g.opts().schema()), Instructions: v.instructions(),
	}
}
