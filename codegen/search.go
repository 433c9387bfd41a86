package codegen

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/search"
)

// Query is a search for tools.
type Query struct {
	// Text is words in any order; none finds every tool.
	Text string
	// Server narrows the search to one, by name or identifier.
	Server string
	// Limit is how many to show: 5 by default, at most 50, or 500 at [Name],
	// and after the first as many as 64 KiB hold.
	Limit  int
	Detail Detail
	// Language is that of the lines.
	Language Language
}

// Hits is the answer to a [Query].
type Hits struct {
	// Lines are the tools found, the best first, at the detail asked for.
	Lines []string
	// N is how many Lines there are, and Total how many tools matched.
	N, Total int
	// Note says what to try where nothing was found.
	Note string
}

// String returns "N of Total tools:" and the lines.
func (h Hits) String() string {
	if h.N == 0 {
		return strings.TrimSpace("no tools found. " + h.Note)
	}
	return fmt.Sprintf("%d of %s:\n%s", h.N, form.Count(h.Total, "tool"), strings.Join(h.Lines, "\n"))
}

const (
	defaultLimit = 5
	maxLimit     = 50
	maxReply     = 64 << 10 // bytes
)

// Search finds tools by the words of their names, servers, titles, first
// sentences and parameters. Equal queries give equal answers.
func (m *Module) Search(q Query) Hits {
	var within *Server
	if q.Server != "" {
		if within = m.server(q.Server); within == nil {
			note := "There is no server " + shortName(q.Server) + "."
			if near, ok := Nearest(q.Server, m.serverNames()); ok {
				note += " Did you mean " + form.Quote(near) + "?"
			}
			return Hits{Note: note + " " + m.overview(q.Language)}
		}
	}
	found := m.functions(q.Text, within)
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	most := maxLimit
	if q.Detail == Name {
		most = maxListed
	}
	limit = min(limit, most, len(found))
	h := Hits{Total: len(found)}
	h.Lines = m.lines(found[:limit], q)
	h.N = len(h.Lines)
	if h.N == 0 {
		h.Note = m.overview(q.Language)
	}
	return h
}

// replyLine is how many bytes a line of a reply has on average at most: about
// 50 tokens. Lines that are shorter leave what they do not need to the others.
const replyLine = 210

// lines returns the functions at the detail asked for, as many as a reply holds.
func (m *Module) lines(found []*Function, q Query) []string {
	lines := make([]string, len(found))
	for i, f := range found {
		lines[i] = m.text(f, q.Language, q.Detail)
	}
	if q.Detail == Line {
		most := share(lines, replyLine*max(len(lines), defaultLimit))
		for i, f := range found {
			if len(lines[i]) > most {
				lines[i] = writerOf(q.Language).line(f.Observing(m.observed(f.ID)), most)
			}
		}
	}
	size := 0
	for i, line := range lines {
		if size += len(line); size > maxReply && i > 0 {
			return lines[:i]
		}
	}
	return lines
}

// share returns how long a line may be for all of them to take no more than
// so many bytes together.
func share(lines []string, bytes int) int {
	sizes := make([]int, len(lines))
	for i, line := range lines {
		sizes[i] = len(line)
	}
	slices.Sort(sizes)
	for i, size := range sizes {
		each := bytes / (len(sizes) - i)
		if size > each {
			return each
		}
		bytes -= size
	}
	return math.MaxInt // all of them fit
}

// overview names the servers and the number of their tools.
func (m *Module) overview(l Language) string {
	parts := make([]string, 0, maxLimit)
	for i, s := range m.servers {
		if i == maxLimit {
			parts = append(parts, fmt.Sprintf("%d more", len(m.servers)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", cmp.Or(s.In(l).Ident, form.Quote(s.Name)), len(s.Tools)))
	}
	if len(parts) == 0 {
		return "There are no servers."
	}
	return "Servers: " + strings.Join(parts, ", ") + "."
}

// functions returns those that match, the best first.
func (m *Module) functions(text string, within *Server) []*Function {
	var in func(int) bool
	if within != nil || m.kept != nil {
		in = func(i int) bool { return m.keeps(i) && (within == nil || m.all[i].ID.Server == within.Name) }
	}
	places := m.index.Find(text, in)
	found := make([]*Function, len(places))
	for i, place := range places {
		found[i] = m.all[place]
	}
	return found
}

// newIndex indexes functions by their places.
func newIndex(all []*Function) *search.Index {
	documents := make([]search.Document, len(all))
	for i, f := range all {
		documents[i] = document(f)
	}
	return search.New(documents)
}

// document returns what a search knows of a tool.
func document(f *Function) search.Document {
	summary := form.Sentence(f.Tool.Description)
	d := search.Document{
		Name: f.ID.Name, Server: f.ID.Server, Title: form.Sentence(f.Tool.Title), Summary: summary,
		Detail: detail(f.Tool.Description, summary),
	}
	for _, p := range f.Input.Root.Resolve().Props {
		d.Parameters = append(d.Parameters, p.Name)
	}
	return d
}

// detail returns what a description says after its summary.
func detail(description, summary string) string {
	const most = 1200
	text := form.Clean(description, most)
	whole := strings.TrimSuffix(summary, "…")
	if rest, ok := strings.CutPrefix(strings.Join(strings.Fields(text), " "), whole); ok {
		return rest
	}
	return text
}

// Words splits a text at everything that is no letter or digit and where lower
// case turns to upper, and brings each word to lower case.
func Words(text string) []string { return search.Words(text) }
