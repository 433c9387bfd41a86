package stdlib_test

import (
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/stdlib"
)

// The parts of the prelude need each other in this order; the last one runs.
func TestPythonIsWhole(t *testing.T) {
	p := stdlib.Python()
	at := 0
	for _, part := range []string{"class Frames:", "class Place:", "class Encoder:", "class ToolError(", "class Eager:", "class HostLoop(", "class Tool:", "def table(", "class Program:", "class Survey(", "def practise():", "\n_settle_in()\n"} {
		next := strings.Index(p.Code[at:], part)
		if next < 0 {
			t.Fatalf("%q is missing, or too early", part)
		}
		at += next
	}
	if !strings.HasSuffix(p.Code, "\n_settle_in()\n") {
		t.Error("something comes after the end")
	}
	for _, name := range []string{"results:", "store:", "def table(", "def progress(", "def sleep(", "def parallel(", "def paginate(", "def retry("} {
		if !strings.Contains(p.Types, "\n"+name) {
			t.Errorf("%q is not declared", name)
		}
	}
}
