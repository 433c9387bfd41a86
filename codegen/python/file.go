package python

import (
	_ "embed"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

//go:embed bindery.pyi
var prelude string // never written to

// Prelude returns the stub file of the module bindery, which those of every
// server build on: tools, data, ToolResult and ToolError.
func Prelude() string { return prelude }

// The bounds of what one stub file holds, in bytes. A tool whose declaration is
// longer is declared without its types.
const (
	maxDeclaration = 256 << 10
	maxDefinitions = 4 << 20
)

// File returns a server's .pyi file, for use beside [Prelude] and the files of
// other servers: with all documentation, or with a sentence for each tool. It
// is the file of a module with the server's name in Python.
//
// All that servers wrote is in comments and string literals.
func File(s *form.Server, full bool) string {
	w := newStub(s, full)
	var functions strings.Builder
	for _, f := range s.Tools {
		functions.WriteString("\n" + w.tool(f))
	}
	definitions := w.definitions()
	var b strings.Builder
	header := w.scope.header()
	// The first two lines say nothing of a server's: Python looks there for
	// the encoding of the file.
	b.WriteString(header + strings.Repeat("\n", max(0, 2-strings.Count(header, "\n"))))
	if refused := s.In(form.Python).Refused; refused != "" {
		b.WriteString(comment("Only as tools[…], for "+oneLine(refused, 1024), ""))
	}
	if definitions != "" {
		b.WriteString("\n" + strings.TrimSuffix(definitions, "\n"))
	}
	b.WriteString(functions.String())
	return b.String()
}

// tool writes a tool behind the classes that it is the first to use.
func (s *stub) tool(f *form.Function) string {
	name := f.In(form.Python)
	if name.Ident == "" {
		about := Expression(f) + "(**arguments)"
		if why := oneLine(name.Refused, 1024); why != "" {
			about += ": " + why
		}
		return comment(about, "") + comment(f.Summary(), "")
	}
	before := s.mark()
	s.left = maxTypes
	text := s.function(f)
	if size := len(text) + len(classes(s.classes[before.classes:])); size > maxDeclaration || s.left < 0 {
		s.undo(before)
		text = comment("The types are too large to declare.", "") +
			s.definition(name.Ident, members{extra: []*schema.Type{{}}}, s.typing("Any"), f.Summary(), "")
	}
	own := classes(s.classes[before.classes:])
	s.classes = s.classes[:before.classes]
	return own + text
}

// function writes the declaration of a tool.
func (s *stub) function(f *form.Function) string {
	t, _ := f.Result()
	if t == nil {
		t = &schema.Type{}
	}
	result := s.typ(t, camel(f.ID.Name)+"Result", 0)
	about := f.Summary()
	if !s.terse {
		about = f.Document()
	}
	return s.definition(f.In(form.Python).Ident, arguments(f), result, about, camel(f.ID.Name))
}

func oneLine(text string, most int) string {
	return strings.Join(strings.Fields(form.Clean(text, most)), " ")
}
