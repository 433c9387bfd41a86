package codegen

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
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
	defaultLimit  = 5
	maxLimit      = 50
	maxReply      = 64 << 10 // bytes
	maxQuery      = 1000     // bytes
	maxQueryTerms = 32
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
	found := m.index.search(q.Text, within)
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
	size := 0
	for _, f := range found[:limit] {
		line := m.text(f, q.Language, q.Detail)
		if size += len(line); size > maxReply && h.N > 0 {
			break
		}
		h.Lines = append(h.Lines, line)
		h.N++
	}
	if h.N == 0 {
		h.Note = m.overview(q.Language)
	}
	return h
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

// search returns the functions that match, the best first. Ties are in the
// order of names.
func (x *index) search(text string, within *Server) []*Function {
	if len(text) > maxQuery {
		text = text[:maxQuery]
	}
	terms := x.queryTerms(text)
	type hit struct {
		f     *Function
		score float64
	}
	var hits []hit
	scores, matched := x.score(terms)
	named := x.named(terms)
	exact := spoken(text)
	for i, f := range x.functions {
		if within != nil && f.Server != within {
			continue
		}
		score := scores[i]
		if len(terms) > 0 {
			// A tool that answers to half of the words is worth less than
			// half as much.
			score *= float64(matched[i]) / float64(len(terms))
			if n := named[f.Server]; n > 0 && (matched[i] > n || n == len(terms)) {
				score += serverBonus
			}
			if strings.HasSuffix(exact, x.names[i]) && (exact == x.names[i] || exact == spoken(f.ID.String())) {
				score += exactBonus
			}
			if score <= 0 {
				continue
			}
		}
		hits = append(hits, hit{f, score})
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	found := make([]*Function, len(hits))
	for i, h := range hits {
		found[i] = h.f
	}
	return found
}

// A tool that was named comes before all that were merely meant, and so do the
// tools of a server that was named: all of them if the query says no more, and
// else those that answer to another of its words too.
const (
	exactBonus  = 1e6
	serverBonus = 1e3
)

// named returns the servers that the terms name in full, with the number of
// terms that took.
func (x *index) named(terms []string) map[*Server]int {
	found := map[*Server]int{}
	for _, f := range x.functions {
		s := f.Server
		if _, done := found[s]; done {
			continue
		}
		found[s] = 0
		name := form.Clip(s.Name, 200)
		for _, own := range [][]string{words(name), wholeWords(name)} {
			own = slices.DeleteFunc(own, empty)
			if len(own) > 0 && !slices.ContainsFunc(own, func(w string) bool { return !slices.Contains(terms, w) }) {
				found[s] = len(own)
				break
			}
		}
	}
	return found
}
