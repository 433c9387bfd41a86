package codegen_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
)

// The bounds of what one tool's stubs may take, a multiple of what any has
// taken; the compiler may be slow under the race detector on a busy machine.
const (
	maxStubs = 1 << 20
	maxWait  = 20 * time.Second
)

// Any bytes as schemas, description and name cost a tool its types at most:
// its stubs are of bounded size and still what their language can read.
func FuzzStubs(f *testing.F) {
	for _, tool := range awkward() {
		f.Add([]byte(tool.Input), []byte(tool.Output), tool.Description, tool.ID.Name)
	}
	for _, text := range hostileTexts() {
		if len(text) < 1000 {
			f.Add([]byte(documented(text).Input), []byte(`{"type":`), text, text)
		}
	}
	f.Add([]byte(`{`), []byte(`[]`), "a*/b", "a/b")
	f.Fuzz(func(t *testing.T, input, output []byte, description, name string) {
		start := time.Now()
		checkStubs(t, bindery.Tool{
			ID: bindery.ToolID{Server: name, Name: name}, Input: input, Output: output, Description: description,
		})
		if took := time.Since(start); took > maxWait {
			t.Errorf("took %v", took)
		}
	})
}

func checkStubs(t *testing.T, tool bindery.Tool) {
	t.Helper()
	m := codegen.Compile([]bindery.Tool{tool})
	if _, ok := m.Lookup(tool.ID); !ok {
		t.Fatal("the tool is missing")
	}
	m.Search(codegen.Query{Text: tool.ID.Name})
	for _, l := range languages() {
		full, err := m.Describe(tool.ID.String(), l)
		if err != nil {
			t.Fatal(err)
		}
		texts := []string{full}
		for _, d := range []codegen.Detail{codegen.Name, codegen.Line, codegen.Full} {
			text := m.Declarations(tool.ID.Server, l, d)
			if text == "" || len(text) > maxStubs {
				t.Errorf("%v: declarations of %d bytes", d, len(text))
			}
			file := m.File(tool.ID.Server, l, d)
			if l == codegen.TypeScript {
				parse(t, file)
			}
			texts = append(texts, file)
			if d == codegen.Line {
				texts = append(texts, text)
			}
		}
		for _, text := range texts {
			if err := balanced(text, l); err != nil {
				t.Errorf("%v in\n%s", err, text)
			}
		}
	}
}

// parse fails the test for what is not TypeScript.
func parse(t *testing.T, text string) {
	t.Helper()
	r := api.Transform(text, api.TransformOptions{Loader: api.LoaderTS, LogLevel: api.LogLevelSilent})
	for _, e := range r.Errors {
		t.Errorf("%s at %+v in\n%s", e.Text, e.Location, text)
	}
}

// balanced returns an error for brackets that do not match outside of the
// comments and the strings of a language, and for those that do not end.
func balanced(text string, l codegen.Language) error {
	var open []byte
	for i := 0; i < len(text); {
		size, err := opaque(text[i:], l)
		if err != nil {
			return fmt.Errorf("%w at byte %d", err, i)
		}
		if size > 0 {
			i += size
			continue
		}
		switch c := text[i]; c {
		case '(':
			open = append(open, ')')
		case '[', '{':
			open = append(open, c+2) // as ASCII has them
		case ')', ']', '}':
			if len(open) == 0 || open[len(open)-1] != c {
				return fmt.Errorf("a %q that nothing opens at byte %d", c, i)
			}
			open = open[:len(open)-1]
		}
		i++
	}
	if len(open) > 0 {
		return fmt.Errorf("no %q at the end", open[len(open)-1])
	}
	return nil
}

// opaque returns the length of the comment or the string that text begins
// with, and 0 for anything else.
func opaque(text string, l codegen.Language) (int, error) {
	comment, quotes := "//", []string{`"`}
	if l == codegen.Python {
		comment, quotes = "#", []string{`"""`, `'''`, `"`, `'`}
	}
	switch {
	case strings.HasPrefix(text, comment):
		if end := strings.IndexByte(text, '\n'); end >= 0 {
			return end, nil
		}
		return len(text), nil
	case l == codegen.TypeScript && strings.HasPrefix(text, "/*"):
		end := strings.Index(text[2:], "*/")
		if end < 0 {
			return 0, fmt.Errorf("a comment without an end")
		}
		return end + 4, nil
	}
	for _, quote := range quotes {
		if strings.HasPrefix(text, quote) {
			return quoted(text, quote)
		}
	}
	return 0, nil
}

// quoted returns the length of the string that text begins with.
func quoted(text, quote string) (int, error) {
	for i := len(quote); i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], quote):
			return i + len(quote), nil
		case text[i] == '\n' && len(quote) == 1:
			return 0, fmt.Errorf("a string across lines")
		}
	}
	return 0, fmt.Errorf("a string without an end")
}
