package speed

import (
	"fmt"
	"math"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// Report returns the tables, with each figure that crosses its bar marked. All
// figures have to be there: a table with holes would be taken for a whole one.
// The error is a NotFound *[bindery.Error].
func Report(s *Samples) (report.Document, error) {
	d := report.Document{
		Title: "How fast it is",
		Notes: []string{fmt.Sprintf("Measured by Go benchmarks on %s (%s). What is marked crosses its bar.", s.machine.system, s.machine.processor)},
	}
	var missing []string
	for _, part := range sections() {
		t := report.Table{Columns: []string{"what", "measured", "bar"}}
		for _, f := range part.figures {
			v, ok := s.median(f.source)
			if !ok {
				missing = append(missing, fmt.Sprintf("%s of Benchmark%s in %s", f.source.metric, f.source.benchmark, f.source.pkg))
				continue
			}
			t.Rows = append(t.Rows, f.row(v))
		}
		d.Sections = append(d.Sections, report.Section{Heading: part.heading, Text: []string{part.text}, Tables: []report.Table{t}})
	}
	if len(missing) > 0 {
		return report.Document{}, &bindery.Error{
			Code: bindery.NotFound, Op: "report the speed", Err: fmt.Errorf("the benchmarks did not measure %s", strings.Join(missing, ", ")),
			Hint: "make bench runs all of them; those of memory need Linux",
		}
	}
	return d, nil
}

func (f figure) row(v float64) []report.Cell {
	v *= f.unit.times
	measured, limit := report.Fixed(v, f.unit.decimals, f.unit.name), report.Text("–")
	if f.bar.crossed(v) {
		measured = measured.With(report.Loses)
	}
	if f.bar != (bar{}) {
		word := "at most"
		if f.bar.least {
			word = "at least"
		}
		limit = report.Text(word + " " + f.unit.limit(f.bar.value))
	}
	return []report.Cell{report.Text(f.what), measured, limit}
}

// limit writes a bar with the decimals that it has and no more.
func (u unit) limit(v float64) string {
	decimals := 0
	for scaled := v; scaled != math.Trunc(scaled) && decimals < 2; decimals++ {
		scaled *= 10
	}
	return report.Fixed(v, decimals, u.name).Text
}
