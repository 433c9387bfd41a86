package load

import (
	"fmt"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// Memory is what the processes of one target hold, in bytes of resident memory;
// pages that several of them share count once for each.
type Memory struct {
	Name      string
	Resident  int64
	Processes int
}

// Report returns the results, each as a multiple of the first target's.
func Report(results []Result, memory []Memory) report.Document {
	d := report.Document{
		Title: "How fast it answers",
		Notes: []string{
			"All in one run, in turn; “×” is the median against that of the first row. Caller, gateway and servers share this machine's processors, " +
				"so that with many callers the latencies are mostly waiting.",
		},
	}
	s := report.Section{Heading: "Rates and latencies"}
	chart := report.Chart{
		Name: "latency", Title: "Latency", Kind: report.Bars, X: report.Axis{Label: "what is called"}, Y: report.Axis{Label: "milliseconds", Log: true, Unit: "ms"},
		Series: []report.Series{{Name: "p50"}, {Name: "p95"}, {Name: "p99"}},
	}
	for _, group := range byCallers(results) {
		t := report.Table{
			Caption: callersText(group[0].Callers), Columns: []string{"", "a second", "p50 ms", "p95 ms", "p99 ms", "×", "failed"},
		}
		for _, r := range group {
			row := []report.Cell{
				report.Text(r.Target), report.Fixed(r.PerSecond, 0, ""), millis(r.P50), millis(r.P95), millis(r.P99), report.Text("–"), report.Int(r.Failed),
			}
			if group[0].P50 > 0 && r.P50 > 0 {
				row[5] = report.Fixed(float64(r.P50)/float64(group[0].P50), 2, "×")
			}
			if r.Failed > 0 {
				row[6] = row[6].With(report.Loses)
				s.Text = append(s.Text, fmt.Sprintf("%s failed %d times of %d, first with: %.300s", r.Target, r.Failed, r.Failed+r.Count, oneLine(r.Err)))
			}
			t.Rows = append(t.Rows, row)
			at := float64(len(chart.Categories))
			chart.Categories = append(chart.Categories, fmt.Sprintf("%s, %s", r.Target, callersText(r.Callers)))
			for i, p := range []float64{ms(r.P50), ms(r.P95), ms(r.P99)} {
				chart.Series[i].Points = append(chart.Series[i].Points, report.Point{X: at, Y: p})
			}
		}
		s.Tables = append(s.Tables, t)
	}
	s.Charts = []report.Chart{chart}
	d.Sections = append(d.Sections, s)
	if len(memory) > 0 {
		d.Sections = append(d.Sections, memorySection(memory))
	}
	return d
}

func memorySection(memory []Memory) report.Section {
	t := report.Table{Columns: []string{"", "processes", "resident MiB"}}
	for _, m := range memory {
		t.Rows = append(t.Rows, []report.Cell{report.Text(m.Name), report.Int(m.Processes), report.Fixed(float64(m.Resident)/(1<<20), 1, "")})
	}
	return report.Section{
		Heading: "Memory", Tables: []report.Table{t},
		Text: []string{"Resident memory right after the run; a process counts the pages that it shares with others."},
	}
}

// byCallers returns the results in groups of one number of callers.
func byCallers(results []Result) [][]Result {
	var groups [][]Result
	for i, r := range results {
		if i == 0 || r.Callers != results[i-1].Callers {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], r)
	}
	return groups
}

func callersText(n int) string {
	if n == 1 {
		return "1 caller"
	}
	return fmt.Sprintf("%d callers", n)
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func millis(d time.Duration) report.Cell { return report.Fixed(ms(d), 2, "") }
