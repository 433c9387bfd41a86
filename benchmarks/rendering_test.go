package benchmarks_test

import (
	"testing"

	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
	"github.com/bindery-mcp/bindery/codegen"
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
	sum := benchmarks.Rendering{Server: "all"}
	row := func(r benchmarks.Rendering) {
		t.Logf("%-22s %5d %8d %8d %8d %8d %8d", r.Server, r.Tools, r.JSON, r.Full, r.FullInput, r.Line, r.Name)
	}
	t.Logf("%-22s %5s %8s %8s %8s %8s %8s", "server", "tools", "JSON", "full", "-output", "line", "name")
	for _, s := range servers {
		r, err := benchmarks.Render(counter, s.ID, s.Tools, codegen.TypeScript)
		if err != nil {
			t.Fatal(err)
		}
		row(r)
		if r.FullInput > r.JSON {
			t.Errorf("%s: full documentation takes %d tokens without the types of results, and the JSON of the same takes %d", s.ID, r.FullInput, r.JSON)
		}
		sum.Tools += r.Tools
		sum.JSON += r.JSON
		sum.Full += r.Full
		sum.FullInput += r.FullInput
		sum.Line += r.Line
		sum.Name += r.Name
	}
	row(sum)
	if sum.Line > maxLine*sum.Tools || sum.Name > maxName*sum.Tools {
		t.Errorf("a line takes %.1f tokens and a name %.1f; at most %d and %d", float64(sum.Line)/float64(sum.Tools), float64(sum.Name)/float64(sum.Tools), maxLine, maxName)
	}
}
