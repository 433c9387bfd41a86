package exposure

import (
	"fmt"
	"slices"

	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// Report is the measurement under these terms.
func (m Measured) Report(t Terms) report.Document {
	d := report.Document{Title: fmt.Sprintf("What %d tools of %d servers cost a model", m.Setup.Tools(), len(m.Setup.Servers))}
	if m.Setup.Tools() == 0 {
		d.Sections = []report.Section{{Heading: "Nothing to count", Text: []string{"No server offered a tool."}}}
		return d
	}
	d.Sections = []report.Section{m.verdict(t), m.before(t), m.tasks(t), m.breakEven(t), m.servers(), m.ways()}
	d.Notes = []string{
		fmt.Sprintf("Tokens are those of %s_base, over the text of definitions and answers; how a provider renders definitions is not public, so they compare ways and are no bill. "+
			"The shapes are those in which Codex CLI 0.169.0 was seen to send tools.", m.Encoding),
		fmt.Sprintf("A cost is in input tokens that no cache had: a cached one counts %s, one that the model writes %s. Every request carries %s tokens besides. A call is taken to write %d tokens, "+
			"a script %d and %d more for each tool in it; finding a tool is the average over searches for up to %d of these tools. What a model thinks is not counted, and scripts fail where a task says so.",
			factor(t.Cached), factor(t.Output), grouped(float64(t.Context)), callTokens, scriptTokens, scriptTokensTool, mostAsked),
		"Codex adds three tools for MCP resources, 369 tokens, as soon as there is any server, bindery or another; they are in none of the figures.",
	}
	return d
}

func (m Measured) verdict(t Terms) report.Section {
	code := m.Way(Code)
	s := report.Section{Heading: "Does it pay?"}
	for _, id := range []string{Inline, ToolSearch, ClientCode} {
		s.Text = append(s.Text, Verdict(code, m.Way(id), t))
	}
	if inline := m.Way(Inline); inline.Before < code.Before {
		s.Text = append(s.Text, fmt.Sprintf("These tools are few: all of their definitions take %s tokens, and execute_code alone takes %s.", grouped(float64(inline.Before)), grouped(float64(code.Before))))
	}
	return s
}

func (m Measured) before(t Terms) report.Section {
	code := m.Way(Code)
	table := report.Table{Columns: []string{"way", "before the first word", "each further turn, cached", "find 1 tool: written", "read", "find 5: written", "read", "to call"}}
	bars := report.Chart{
		Name: "before-the-first-word", Title: "Tokens before the first word, and to find one tool", Kind: report.Bars,
		X: report.Axis{Label: "way"}, Y: report.Axis{Label: "tokens", Log: true},
		Series: []report.Series{{Name: "before the first word"}, {Name: "to find one tool"}},
	}
	for i, w := range m.Ways {
		to := "a call each"
		if w.Script {
			to = "one script"
		}
		before := report.Int(w.Before)
		if w.ID == Code && slices.ContainsFunc(m.Ways, func(o Way) bool { return o.Before < code.Before }) {
			before = before.With(report.Loses)
		}
		table.Rows = append(table.Rows, []report.Cell{
			report.Text(w.Name), before, report.Fixed(t.Cached*float64(w.Before), 0, ""),
			report.Int(w.find.written), report.Int(w.find.read), report.Int(5 * w.find.written), report.Int(5 * w.find.read), report.Text(to),
		})
		bars.Categories = append(bars.Categories, w.Name)
		bars.Series[0].Points = append(bars.Series[0].Points, report.Point{X: float64(i), Y: float64(w.Before), Tone: before.Tone})
		if find := w.find.written + w.find.read; find > 0 {
			bars.Series[1].Points = append(bars.Series[1].Points, report.Point{X: float64(i), Y: float64(find)})
		}
	}
	return report.Section{
		Heading: "Before the first word, and to find a tool",
		Text:    []string{"Tokens in every prompt, and what a model writes and reads to find a tool where it is not there from the start. A turn without a cache pays the first column whole."},
		Tables:  []report.Table{table}, Charts: []report.Chart{bars},
	}
}

func (m Measured) ways() report.Section {
	s := report.Section{Heading: "The ways"}
	for _, w := range m.Ways {
		s.Text = append(s.Text, fmt.Sprintf("%s: %s.", w.Name, w.How))
	}
	return s
}

// ratios are what code costs as a multiple of each other way.
func (m Measured) ratios(t Terms) [][]report.Cell {
	var rows [][]report.Cell
	code := m.Way(Code)
	for _, w := range m.Ways {
		if w.ID == Code {
			continue
		}
		row := []report.Cell{report.Text(w.Name)}
		for _, work := range Works() {
			ratio := code.Cost(work, t) / w.Cost(work, t)
			row = append(row, report.Fixed(ratio, 2, "×").With(toneOf(ratio)))
		}
		rows = append(rows, row)
	}
	return rows
}

func toneOf(ratio float64) report.Tone {
	if ratio >= 1 {
		return report.Loses
	}
	return report.Wins
}

func (m Measured) tasks(t Terms) report.Section {
	s := report.Section{
		Heading: "What tasks cost",
		Text:    []string{"What bindery code costs as a multiple of each other way; above 1× it costs more. Turns count: a way that has to find tools first takes one request more than one that has them all."},
	}
	columns := []string{"bindery code against"}
	for _, w := range Works() {
		columns = append(columns, w.Name)
	}
	cold, bare := t, t
	cold.Cold = true
	bare.Cached, bare.Cold = 1, true
	for _, x := range []struct {
		caption string
		terms   Terms
	}{
		{fmt.Sprintf("In a session under way; cached input at %s of the price, output at %s times", factor(t.Cached), factor(t.Output)), t},
		{"As the first thing in a session, nothing cached before, at the same prices", cold},
		{"Without a cache", bare},
	} {
		s.Tables = append(s.Tables, report.Table{Caption: x.caption, Columns: columns, Rows: m.ratios(x.terms)})
	}
	used := report.Table{Caption: "Tokens in a session under way: input / cached input / output, requests", Columns: slices.Concat([]string{"way"}, columns[1:])}
	for _, w := range m.Ways {
		row := []report.Cell{report.Text(w.Name)}
		for _, work := range Works() {
			u := w.Do(work, t)
			row = append(row, report.Text(fmt.Sprintf("%s / %s / %s, %d", grouped(float64(u.Input)), grouped(float64(u.Cached)), grouped(float64(u.Output)), u.Requests)))
		}
		used.Rows = append(used.Rows, row)
	}
	s.Tables = append(s.Tables, used)
	s.Charts = []report.Chart{m.curve(t)}
	return s
}

// curve is the cost by the number of calls.
func (m Measured) curve(t Terms) report.Chart {
	c := report.Chart{
		Name: "cost-by-calls", Title: "Cost of a task by its number of calls (500 tokens each, all at once)", Kind: report.Lines,
		X: report.Axis{Label: "calls", Log: true}, Y: report.Axis{Label: "cost, in uncached input tokens", Log: true},
	}
	for _, w := range m.Ways {
		if w.ID == Direct || w.ID == Trimmed {
			continue // beside the first
		}
		s := report.Series{Name: w.Name}
		for _, n := range []int{1, 2, 5, 10, 20, 50, 100} {
			work := Work{Tools: min(n, 2), Calls: n, Result: 500, Answer: 60}
			s.Points = append(s.Points, report.Point{X: float64(n), Y: w.Cost(work, t)})
		}
		c.Series = append(c.Series, s)
	}
	return c
}

func (m Measured) breakEven(t Terms) report.Section {
	s := report.Section{
		Heading: "From where on it pays",
		Text: []string{fmt.Sprintf("Calls return 500 tokens each; “–” is where no number is enough. The last column is the condition for calls of 2 tools that are made at once, with the result of one call in tokens; "+
			"a result of JSON has about %d bytes a token.", bytesAToken)},
		Tables: []report.Table{{Columns: []string{"bindery code against", "calls at once", "calls in turn", "bytes of one result", "idle turns that make up for one small call", "it pays when"}}},
	}
	code := m.Way(Code)
	for _, w := range m.Ways {
		if w.ID == Code {
			continue
		}
		b := AgainstWay(code, w, t)
		s.Tables[0].Rows = append(s.Tables[0].Rows, []report.Cell{
			report.Text(w.Name), from(b.AtOnce, 0), from(b.InTurn, 0), fromAny(b.Result), from(b.Turns, -1), report.Text(Formula(code, w, 2, t)),
		})
	}
	return s
}

// from is a number, or a dash for none.
func from(n, none int) report.Cell {
	if n == none {
		return report.Text("–").With(report.Loses)
	}
	return report.Int(n)
}

// fromAny is a number of bytes, of which 1 stands for any.
func fromAny(n int) report.Cell {
	if n == 1 {
		return report.Text("any")
	}
	return from(n, 0)
}

func (m Measured) servers() report.Section {
	s := report.Section{
		Heading: "Which servers it comes from",
		Tables:  []report.Table{{Columns: []string{"server", "tools", "inline", "a tool"}}},
	}
	for i, server := range m.Setup.Servers {
		if len(server.Tools) == 0 {
			continue
		}
		s.Tables[0].Rows = append(s.Tables[0].Rows, []report.Cell{
			report.Text(server.Name), report.Int(len(server.Tools)), report.Int(m.PerServer[i]),
			report.Fixed(float64(m.PerServer[i])/float64(len(server.Tools)), 0, ""),
		})
	}
	return s
}

func factor(v float64) string { return report.Fixed(v, -1, "").Text }
