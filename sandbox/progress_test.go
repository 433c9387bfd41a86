package sandbox_test

import (
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/sandbox"
)

func TestProgressLines(t *testing.T) {
	for _, p := range []sandbox.Progress{{}, {Message: "page 3", Done: 3, Total: 10}, {Done: 0.5}, {Message: strings.Repeat("x", 200)}} {
		if got, ok := p.Line().Progress(); !ok || got != p {
			t.Errorf("%+v became %+v, %v", p, got, ok)
		}
	}
	if got, ok := (sandbox.Progress{Message: strings.Repeat("語", 200)}).Line().Progress(); !ok || len(got.Message) > 203 || !strings.HasSuffix(got.Message, "語…") {
		t.Errorf("a long message became %q, %v", got.Message, ok)
	}
	for _, l := range []sandbox.Line{
		{Level: "log", Text: `{"message":"x"}`}, {Level: "progress", Text: "x"}, {Level: "progress", Text: `{"done":1e999}`},
		{Level: "progress", Text: `{"message":"` + strings.Repeat("x", 300) + `"}`}, {Level: "progress", Text: strings.Repeat(" ", 2000) + "{}"},
	} {
		if p, ok := l.Progress(); ok {
			t.Errorf("%.40q tells %+v", l.Text, p)
		}
	}
}
