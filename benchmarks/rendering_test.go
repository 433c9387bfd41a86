package benchmarks_test

import (
	"testing"

	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
)

// What a model pays to read of 67 real servers, and the bars that no change
// may cross.
func TestRenderings(t *testing.T) {
	t.Parallel()
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	servers, err := catalogue.Servers()
	if err != nil {
		t.Fatal(err)
	}
	const maxLine, maxName = 62, 20 // tokens a tool, on average
	// The Python file of a server with one small tool is mostly the lines
	// that import what it needs.
	const imports = 12
	sum := benchmarks.Rendering{Server: "all"}
	row := func(r benchmarks.Rendering) {
		t.Logf("%-20s %5d %7d %7d | %7d %7d %7d | %7d %7d %7d", r.Server, r.Tools, r.JSON, r.Name,
			r.TypeScript.Line, r.TypeScript.Full, r.TypeScript.FullInput, r.Python.Line, r.Python.Full, r.Python.FullInput)
	}
	t.Logf("%-20s %5s %7s %7s | %7s %7s %7s | %7s %7s %7s", "server", "tools", "JSON", "name", "ts line", "full", "-output", "py line", "full", "-output")
	for i, s := range servers {
		if i%sampled != 0 {
			continue
		}
		r, err := benchmarks.Render(counter, s.ID, s.Tools)
		if err != nil {
			t.Fatal(err)
		}
		row(r)
		sum.Add(r)
		if r.TypeScript.FullInput > r.JSON || r.Python.FullInput > r.JSON+imports {
			t.Errorf("%s: full documentation takes %d tokens in TypeScript and %d in Python without the types of results, and the JSON of the same takes %d",
				s.ID, r.TypeScript.FullInput, r.Python.FullInput, r.JSON)
		}
	}
	row(sum)
	if sampled > 1 {
		return // the bars are of all of them
	}
	if sum.TypeScript.Line > maxLine*sum.Tools || sum.Python.Line > maxLine*sum.Tools || sum.Name > maxName*sum.Tools {
		t.Errorf("%d tools take too many tokens, more than %d a line or %d a name", sum.Tools, maxLine, maxName)
	}
}
