package tasks

import (
	"fmt"
	"time"

	"github.com/bindery-mcp/bindery/benchmarks/exposure"
	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// among is the sum of the tasks where other servers are configured besides.
func (w writer) among() report.Section {
	shares := append([]float64{1}, w.price.Cached...)
	table := report.Table{Columns: []string{"servers", "way", "requests", "input uncached", "input cached", "output"}}
	for _, s := range shares {
		head := fmt.Sprintf("$, cached at %g", s)
		if s == 1 {
			head = "$, no cache"
		}
		table.Columns = append(table.Columns, head)
	}
	for i := range w.done[0].Cells {
		sums := map[string]Tokens{}
		for _, r := range w.done {
			for _, c := range r.Cells[i] {
				sums[c.Way] = sums[c.Way].Plus(c.Tokens)
			}
		}
		for j, way := range ways() {
			name, t := "", sums[way.id]
			if j == 0 {
				name = "the task's own"
				if i > 0 {
					name = fmt.Sprint(w.options.Settings[i-1])
				}
			}
			row := []report.Cell{
				report.Text(name), report.Text(way.name), report.Int(t.Requests), report.Int(t.Uncached), report.Int(t.Cached), report.Int(t.Output),
			}
			var all []Cell
			for id, sum := range sums {
				all = append(all, Cell{Way: id, Tokens: sum})
			}
			for _, share := range shares {
				row = append(row, w.priced(all, way.id, share))
			}
			table.Rows = append(table.Rows, row)
		}
	}
	text := []string{"All tasks together, a thousand times. The servers besides the task's own are the most common ones of the catalogue; they are defined, and never called."}
	if n := len(w.done[0].Cells); n > 1 {
		text = append(text, fmt.Sprintf("Among %d servers:", w.options.Settings[n-2]))
		text = append(text, w.verdict(n-1)...)
	}
	return report.Section{Heading: "Among more servers", Text: text, Tables: []report.Table{table}}
}

// variants are the script sides that go another way.
func (w writer) variants() report.Section {
	table := report.Table{Columns: []string{
		"task", "script side", "requests", "input uncached", "input cached", "output", fmt.Sprintf("$ a 1,000 runs, cached at %g", w.cached()), "calls made",
	}}
	for _, r := range w.done {
		plain := w.price.Of(of(r.Cells[0], exposure.Inline), w.cached())
		for i, v := range []struct {
			name string
			side *Side
		}{{"first script right", &r.Script}, {"first script fails, resumed", &r.Slip}, {"types of results known", r.Learned}} {
			if v.side == nil {
				continue
			}
			name := ""
			if i == 0 {
				name = label(r.Task)
			}
			t := v.side.Tokens
			price := report.Fixed(w.dollars(t, w.cached()), 2, "")
			if w.price.Of(t, w.cached()) > plain {
				price = price.With(report.Loses)
			}
			table.Rows = append(table.Rows, []report.Cell{
				report.Text(name), report.Text(v.name), report.Int(t.Requests), report.Int(t.Uncached), report.Int(t.Cached), report.Int(t.Output),
				price, report.Int(v.side.Wire.Calls),
			})
		}
	}
	return report.Section{
		Heading: "When it does not go smoothly",
		Text: []string{
			"A first script with a mistake costs a request more, what its error says, and a second script; with resume the calls that completed are not made again. " +
				"A price is marked where it is more than that of plain calls with inline definitions.",
			"A gateway that knows the types of results from before spares a look at one, and pays for it in what a search shows. " +
				"It is of use only where results are JSON: of a text no type says what stands in it.",
		},
		Tables: []report.Table{table},
	}
}

// Wire is what passed between the gateway, or the plain client, and the
// servers, and how long it took.
func Wire(results []Result) report.Section {
	table := report.Table{Columns: []string{
		"task", "results equal", "calls, plain", "script", "at once, plain", "script", "bytes kept at the gateway", "time, plain", "script", "script / plain", "with searches",
	}}
	ms := func(d time.Duration) report.Cell { return report.Fixed(float64(d)/float64(time.Millisecond), 0, "ms") }
	var kept int64
	for _, r := range done(results) {
		p, s := r.Plain.Wire, r.Script.Wire
		equal := report.Text("yes")
		if r.Different != "" {
			equal = report.Text("no: " + r.Different).With(report.Loses)
		}
		ratio := float64(s.Work) / float64(p.Work)
		shown := report.Fixed(ratio, 2, "×")
		if ratio > 1 {
			shown = shown.With(report.Loses)
		}
		kept += r.Script.Kept
		table.Rows = append(table.Rows, []report.Cell{
			report.Text(label(r.Task)), equal, report.Int(p.Calls), report.Int(s.Calls), report.Int(p.InFlight), report.Int(s.InFlight),
			report.Int(int(r.Script.Kept)), ms(p.Work), ms(s.Work), shown, ms(s.Took),
		})
	}
	table.Rows = append(table.Rows, []report.Cell{
		report.Text("all of them"), {}, {}, {}, {}, {}, report.Int(int(kept)),
	})
	return report.Section{
		Heading: "On the wire",
		Text: []string{
			"Time is that of the calls, without any model: what a script saves there is small, for servers on this machine answer at once and some one call at a time. " +
				"The turns of a model, a second or more each, are in the tables above. Times of one machine in one run: read the ratio.",
			"Plain calls of one turn go out at once where every tool says that it only reads, else one after another.",
		},
		Tables: []report.Table{table},
	}
}

// byHand compares the tasks with what was found before there was a harness.
func (w writer) byHand() report.Section {
	table := report.Table{Columns: []string{
		"task", "calls / turns", "by hand", "transcript", "by hand", "input of plain calls", "by hand", "script and answer", "by hand",
	}}
	for _, k := range knownFigures() {
		for _, r := range w.done {
			if r.Task.ID != k.id {
				continue
			}
			t, input := r.Plain.Transcript, of(r.Cells[0], exposure.Inline).Input()
			compared := func(n, found int) report.Cell {
				c := report.Int(n)
				if !agrees(n, found) {
					c = c.With(report.Loses)
				}
				return c
			}
			table.Rows = append(table.Rows, []report.Cell{
				report.Text(label(r.Task)), report.Text(fmt.Sprintf("%d / %d", t.Calls, t.Turns)), report.Text(fmt.Sprintf("%d / %d", k.calls, k.turns)),
				compared(t.Args+t.Results, k.transcript), report.Int(k.transcript), compared(input, k.input), report.Int(k.input),
				report.Int(r.Script.Script + r.Script.Answer), report.Int(k.script),
			})
		}
	}
	return report.Section{
		Heading: "Against what was found by hand",
		Text: []string{fmt.Sprintf("The same work was first done by hand, with other fixtures of the same description. Transcripts (arguments and results of the plain calls) and "+
			"input have to agree within %.0f%% or %d tokens, and are marked where they do not. Scripts are whatever was written.", 100*knownShare, knownSmall)},
		Tables: []report.Table{table},
	}
}
