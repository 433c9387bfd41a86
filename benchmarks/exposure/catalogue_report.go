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
	// front says that it stands in front of all tools together.
	front bool
}

func renderings() []rendering {
	return []rendering{
		{"JSON list", func(r Row) int { return r.List }, "", false},
		{"function tools", func(r Row) int { return r.Functions }, "all definitions inline", false},
		{"full TS", func(r Row) int { return r.Written.TypeScript.Full }, "full stubs, TypeScript", false},
		{"TS, no results", func(r Row) int { return r.Written.TypeScript.FullInput }, "", false},
		{"full Python", func(r Row) int { return r.Written.Python.Full }, "", false},
		{"Python, no results", func(r Row) int { return r.Written.Python.FullInput }, "", false},
		{"line TS", func(r Row) int { return r.Written.TypeScript.Line }, "one line a tool", false},
		{"line Python", func(r Row) int { return r.Written.Python.Line }, "", false},
		{"name", func(r Row) int { return r.Written.Name }, "name and summary", false},
		{"execute_code", func(r Row) int { return r.Surface }, "execute_code", true},
		{"with Python", func(r Row) int { return r.SurfacePython }, "", true},
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
	if len(rows) > 0 {
		d.Sections[0].Tables = append(d.Sections[0].Tables, perTool(rows[len(rows)-1]))
	}
	return d
}

// perTool is what a tool costs on average over the servers of a row.
func perTool(row Row) report.Table {
	t := report.Table{Caption: fmt.Sprintf("A tool of these %d servers, on average", row.Servers), Columns: []string{"rendering", "tokens", "a tool"}}
	for _, r := range renderings() {
		if !r.front {
			t.Rows = append(t.Rows, []report.Cell{report.Text(r.name), report.Int(r.of(row)), report.Fixed(float64(r.of(row))/float64(row.Tools), 1, "")})
		}
	}
	return t
}
