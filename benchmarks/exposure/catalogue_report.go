package exposure

import (
	"fmt"

	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// Steps are the numbers of servers that the table of the catalogue has.
func Steps() []int { return []int{1, 5, 10, 20, 30, 65} }

// rendering is one column of the table.
type rendering struct {
	name  string
	of    func(Row) int
	curve string // its name in the chart; empty for none
}

func renderings() []rendering {
	return []rendering{
		{"JSON list", func(r Row) int { return r.List }, ""},
		{"function tools", func(r Row) int { return r.Functions }, "all definitions inline"},
		{"full TS", func(r Row) int { return r.Written.TypeScript.Full }, "full stubs, TypeScript"},
		{"TS, no results", func(r Row) int { return r.Written.TypeScript.FullInput }, ""},
		{"full Python", func(r Row) int { return r.Written.Python.Full }, ""},
		{"Python, no results", func(r Row) int { return r.Written.Python.FullInput }, ""},
		{"line TS", func(r Row) int { return r.Written.TypeScript.Line }, "one line a tool"},
		{"line Python", func(r Row) int { return r.Written.Python.Line }, ""},
		{"name", func(r Row) int { return r.Written.Name }, "name and summary"},
		{"execute_code", func(r Row) int { return r.Surface }, "execute_code"},
		{"with Python", func(r Row) int { return r.SurfacePython }, ""},
	}
}

// CatalogueReport is the table over the catalogue, and its picture.
func CatalogueReport(e benchmarks.Encoding, rows []Row) report.Document {
	t := report.Table{Columns: []string{"servers", "tools"}}
	c := report.Chart{
		Name: "tokens-by-servers", Title: "Tokens by the number of servers", Kind: report.Lines,
		X: report.Axis{Label: "servers, the most downloaded first"}, Y: report.Axis{Label: "tokens", Log: true},
	}
	for _, r := range renderings() {
		t.Columns = append(t.Columns, r.name)
		if r.curve == "" {
			continue
		}
		s := report.Series{Name: r.curve}
		for _, row := range rows {
			s.Points = append(s.Points, report.Point{X: float64(row.Servers), Y: float64(r.of(row))})
		}
		c.Series = append(c.Series, s)
	}
	for _, row := range rows {
		cells := []report.Cell{report.Int(row.Servers), report.Int(row.Tools)}
		for _, r := range renderings() {
			cells = append(cells, report.Int(r.of(row)))
		}
		t.Rows = append(t.Rows, cells)
	}
	d := report.Document{
		Title: "What real servers' tools cost to read",
		Sections: []report.Section{{
			Heading: "Tokens by the number of servers",
			Text: []string{
				"Only execute_code stays the same however many servers there are, and it buys that with a search in the script. Types with full documentation are no saving to speak of: descriptions are most of the tokens.",
				"“JSON list” is the tools array as the servers send it, “function tools” the same as the function tools of the OpenAI API under names like mcp__server__tool, which carry no types of results; “full” has these, " +
					"and is shown without them as well. “execute_code” is its name, description and schema with the server's instructions.",
			},
			Tables: []report.Table{t}, Charts: []report.Chart{c},
		}},
		Notes: []string{fmt.Sprintf("Tokens are those of %s_base. The servers are in the order of the monthly downloads of their npm packages; their tools are part of the binary, as they were listed on one day, so that anyone gets the same figures.", e)},
	}
	return d
}
