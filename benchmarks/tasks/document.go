package tasks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/benchmarks/exposure"
	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// Document is the report of some tasks, without [Wire]: the same seed gives the
// same document.
func Document(results []Result, o Options, p Price) report.Document {
	w := writer{options: o, price: p, done: done(results)}
	d := report.Document{Title: "Tasks, by plain tool calls and by scripts", Notes: w.notes(results)}
	if len(w.done) == 0 {
		return d
	}
	d.Sections = []report.Section{w.alone(), w.among(), w.variants()}
	if o.Prompt == 0 && o.Seed == Seed {
		d.Sections = append(d.Sections, w.byHand())
	}
	return d
}

func done(results []Result) []Result {
	return slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return r.Skipped != "" })
}

type writer struct {
	options Options
	price   Price
	done    []Result
}

func (w writer) notes(results []Result) []string {
	var names, skipped []string
	for _, s := range servers() {
		if slices.ContainsFunc(w.done, func(r Result) bool { return slices.Contains(r.Task.Servers, s.name) }) {
			names = append(names, s.pack.Name+"@"+s.pack.Version)
		}
	}
	for _, r := range results {
		if r.Skipped != "" {
			skipped = append(skipped, fmt.Sprintf("%s was not done: %s", r.Task.ID, r.Skipped))
		}
	}
	notes := []string{
		fmt.Sprintf("%s tokens. Seed %d. Servers: %s.", w.options.Counter.Encoding(), w.options.Seed, strings.Join(names, ", ")),
		fmt.Sprintf("Prices: $%g for a million tokens of input, $%g of output; input from a cache at the shares named. "+
			"%d tokens of prompt stand before the definitions in each request.", w.price.In, w.price.Out, w.options.Prompt),
		"No model runs. Plain calls are those of a model that makes no mistake and makes at once what can be made at once, so they are the least " +
			"that plain calls cost. The model's last words are the same in all ways and not counted.",
		"A price of bindery is marked where plain calls cost less, with inline definitions or behind the client's tool search; its other figures where they are " +
			"more than those of plain calls with inline definitions.",
		"A client's tool search and its own code mode are computed from the same calls and scripts, at the least they can cost: a search that finds " +
			"just the tools that are needed, and no turn to find out types of results that bindery knows.",
		"Input from a cache is the prompt of the request before. That providers cache in blocks, and only prompts over some length, is left out.",
	}
	return append(notes, skipped...)
}

// cached is the share at which tables with one price have it.
func (w writer) cached() float64 {
	if len(w.price.Cached) == 0 {
		return 1
	}
	return w.price.Cached[0]
}

// dollars is the price of a thousand runs.
func (w writer) dollars(t Tokens, cached float64) float64 { return 1000 * w.price.Of(t, cached) }

func of(list []Cell, way string) Tokens {
	for _, c := range list {
		if c.Way == way {
			return c.Tokens
		}
	}
	return Tokens{}
}

func label(t Task) string {
	if t.Small {
		return t.ID + " (small)"
	}
	return t.ID
}

// alone is each task where nothing but its own servers is configured.
func (w writer) alone() report.Section {
	table := report.Table{Columns: []string{
		"task", "way", "requests", "input uncached", "input cached", "output", fmt.Sprintf("$ a 1,000 runs, cached at %g", w.cached()), "times bindery",
	}}
	chart := report.Chart{
		Name: "tasks-price", Title: "Price of a task, with its own servers alone", Kind: report.Bars,
		X: report.Axis{Label: "task"}, Y: report.Axis{Label: fmt.Sprintf("$ a 1,000 runs, cached at %g", w.cached()), Log: true},
	}
	for _, way := range ways() {
		chart.Series = append(chart.Series, report.Series{Name: way.name})
	}
	sum := map[string]Tokens{}
	for i, r := range w.done {
		chart.Categories = append(chart.Categories, label(r.Task))
		for j, way := range ways() {
			t := of(r.Cells[0], way.id)
			sum[way.id] = sum[way.id].Plus(t)
			row := w.row(r.Cells[0], way.id)
			name := ""
			if j == 0 {
				name = fmt.Sprintf("%s: %s", label(r.Task), r.Task.Title)
			}
			table.Rows = append(table.Rows, append([]report.Cell{report.Text(name), report.Text(way.name)}, row...))
			point := report.Point{X: float64(i), Y: w.dollars(t, w.cached())}
			if way.id == exposure.Code {
				point.Tone = w.tone(r.Cells[0], w.cached())
			}
			chart.Series[j].Points = append(chart.Series[j].Points, point)
		}
	}
	var all []Cell
	for _, way := range ways() {
		all = append(all, Cell{Way: way.id, Tokens: sum[way.id]})
	}
	for j, way := range ways() {
		name := ""
		if j == 0 {
			name = "all of them"
		}
		table.Rows = append(table.Rows, append([]report.Cell{report.Text(name), report.Text(way.name)}, w.row(all, way.id)...))
	}
	return report.Section{
		Heading: "With the task's own servers alone", Text: append(w.verdict(0), w.equality()),
		Tables: []report.Table{table}, Charts: []report.Chart{chart},
	}
}

// row is the figures of one way. Those of bindery are marked where they are
// more than with plain calls and inline definitions.
func (w writer) row(all []Cell, way string) []report.Cell {
	t, inline, ours := of(all, way), of(all, exposure.Inline), of(all, exposure.Code)
	number := func(n, plain int) report.Cell {
		c := report.Int(n)
		if way == exposure.Code && n > plain {
			c = c.With(report.Loses)
		}
		return c
	}
	times := report.Text("")
	if way != exposure.Code {
		times = report.Fixed(w.price.Of(t, w.cached())/w.price.Of(ours, w.cached()), 2, "×")
	}
	return []report.Cell{
		number(t.Requests, inline.Requests), number(t.Uncached, inline.Uncached), number(t.Cached, inline.Cached), number(t.Output, inline.Output),
		w.priced(all, way, w.cached()), times,
	}
}

// priced is the price of one way. That of bindery is marked.
func (w writer) priced(all []Cell, way string, share float64) report.Cell {
	c := report.Fixed(w.dollars(of(all, way), share), 2, "")
	if way == exposure.Code {
		c = c.With(w.tone(all, share))
	}
	return c
}

// tone says how bindery fares: it loses where plain calls cost less in either
// way of showing tools, and wins where nothing costs less.
func (w writer) tone(all []Cell, share float64) report.Tone {
	ours := w.price.Of(of(all, exposure.Code), share)
	switch {
	case w.price.Of(of(all, exposure.Inline), share) < ours || w.price.Of(of(all, exposure.ToolSearch), share) < ours:
		return report.Loses
	case w.price.Of(of(all, exposure.ClientCode), share) < ours:
		return report.Plain
	}
	return report.Wins
}

// equality says whether both ways made the same.
func (w writer) equality() string {
	for _, r := range w.done {
		if r.Different != "" {
			return fmt.Sprintf("What the two ways of %s made is NOT equal: %s. Its figures compare nothing.", r.Task.ID, r.Different)
		}
	}
	return "What plain calls and scripts made is equal, byte for byte, in every task."
}

// verdict says in which tasks bindery costs more than each other way.
func (w writer) verdict(setting int) []string {
	var text []string
	for _, way := range ways() {
		if way.id == exposure.Code {
			continue
		}
		var dearer []string
		for _, r := range w.done {
			if w.price.Of(of(r.Cells[setting], exposure.Code), w.cached()) >= w.price.Of(of(r.Cells[setting], way.id), w.cached()) {
				dearer = append(dearer, r.Task.ID)
			}
		}
		line := fmt.Sprintf("Against %s, bindery costs less in all %d tasks.", way.name, len(w.done))
		switch {
		case len(dearer) == len(w.done):
			line = fmt.Sprintf("Against %s, bindery costs more in all %d tasks.", way.name, len(w.done))
		case len(dearer) > 0:
			line = fmt.Sprintf("Against %s, bindery costs less in %d of %d tasks, and more in %s.",
				way.name, len(w.done)-len(dearer), len(w.done), strings.Join(dearer, ", "))
		}
		text = append(text, line)
	}
	return text
}
