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
	sum, python := benchmarks.Rendering{Server: "all"}, benchmarks.Rendering{}
	row := func(r benchmarks.Rendering) {
		t.Logf("%-22s %5d %8d %8d %8d %8d %8d", r.Server, r.Tools, r.JSON, r.Full, r.FullInput, r.Line, r.Name)
	}
	t.Logf("%-22s %5s %8s %8s %8s %8s %8s", "server", "tools", "JSON", "full", "-output", "line", "name")
	// The file of a server with one small tool is mostly the lines that
	// import what it needs.
	const imports = 12
	for _, s := range servers {
		r, err := benchmarks.Render(counter, s.ID, s.Tools, codegen.TypeScript)
		if err != nil {
			t.Fatal(err)
		}
		row(r)
		if p, err := benchmarks.Render(counter, s.ID, s.Tools, codegen.Python); err != nil || p.FullInput > p.JSON+imports {
			t.Errorf("%s in Python: full documentation takes %d tokens, and the JSON of the same %d; %v", s.ID, p.FullInput, p.JSON, err)
		} else {
			python.Line += p.Line
			python.Full += p.Full
			python.FullInput += p.FullInput
		}
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
	t.Logf("in Python: full %d, without the types of results %d, line %d", python.Full, python.FullInput, python.Line)
	if sum.Line > maxLine*sum.Tools || sum.Name > maxName*sum.Tools {
		t.Errorf("a line takes %.1f tokens and a name %.1f; at most %d and %d", float64(sum.Line)/float64(sum.Tools), float64(sum.Name)/float64(sum.Tools), maxLine, maxName)
	}
}
