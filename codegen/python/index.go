package python

import (
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
)

// Index returns a __builtins__.pyi: the names that a script finds without an
// import, which are those of the servers and of [Prelude]. Pyright adds what
// such a file beside a script declares to the language's own names.
func Index(servers []*form.Server) string {
	var b strings.Builder
	b.WriteString("# What a script finds without an import.\n")
	b.WriteString("from bindery import ToolError as ToolError, data as data, tools as tools\n")
	for _, s := range servers {
		if ident := s.In(form.Python).Ident; ident != "" {
			b.WriteString("import " + ident + " as " + ident + "\n")
		}
	}
	return b.String()
}
