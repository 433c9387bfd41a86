package report_test

import (
	"fmt"
	"os"

	"github.com/bindery-mcp/bindery/benchmarks/report"
)

func ExampleTerminal() {
	err := report.Terminal(os.Stdout, report.Document{
		Title: "Two ways of one task",
		Sections: []report.Section{{
			Heading: "Tokens",
			Text:    []string{"The script pays."},
			Tables: []report.Table{{
				Columns: []string{"way", "tokens", "turns"},
				Rows: [][]report.Cell{
					{report.Text("plain calls"), report.Int(38844), report.Int(3)},
					{report.Text("one script"), report.Int(2493), report.Int(3)},
				},
			}},
		}},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// Two ways of one task
	//
	// ── Tokens ──
	//
	// The script pays.
	//
	// way          tokens  turns
	// ───────────  ──────  ─────
	// plain calls  38,844      3
	// one script    2,493      3
}
