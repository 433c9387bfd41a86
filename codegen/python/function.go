package python

import (
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// maxWidth is how long a declaration may be before its parameters have lines
// of their own.
const maxWidth = 100

// definition writes a function of this name. The path names the classes of its
// parameters.
func (s *stub) definition(name string, m members, result, about, path string) string {
	var params, docs []string
	var rest []*schema.Type
	taken := map[string]bool{}
	for i, p := range parameters(m.props) {
		prop := m.props[i]
		label := p.Spelled
		if label == "" {
			rest = append(rest, prop.Type)
			label = "**{" + quote(p.Name) + ": …}"
		} else {
			taken[label] = true
			param := label + ": " + s.typ(prop.Type, path+camel(p.Name), 1)
			if !prop.Required {
				param += " = ..."
			}
			params = append(params, param)
		}
		if doc := oneLine(document(prop.Type), form.MaxParameter); doc != "" && !s.terse {
			s.left -= len(doc) / 64
			docs = append(docs, label+": "+doc)
		}
	}
	if len(params) > 0 {
		params = append([]string{"*"}, params...)
	}
	if rest = append(rest, m.extra...); len(rest) > 0 {
		label := "extra"
		if len(params) == 0 {
			label = "arguments"
		}
		for taken[label] {
			label += "_"
		}
		params = append(params, "**"+label+": "+s.typ(&schema.Type{Kind: schema.Union, Of: rest}, path+"Value", 1))
	}
	text := "def " + name + "(" + strings.Join(params, ", ") + ") -> " + result + ":"
	if len(text) > maxWidth && len(params) > 0 {
		text = "def " + name + "(\n    " + strings.Join(params, ",\n    ") + ",\n) -> " + result + ":"
	}
	if len(docs) > 0 {
		about = strings.TrimPrefix(about+"\n\n", "\n\n") + strings.Join(docs, "\n")
	}
	if about == "" {
		text += " ...\n"
	} else {
		text += "\n" + docstring(about, "    ")
	}
	return "@" + s.scope.name("bindery", "tool") + "\n" + text
}
