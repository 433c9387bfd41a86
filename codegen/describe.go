package codegen

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
)

// maxListed bounds how many names a list shows.
const maxListed = 500

// Describe returns all about the tool of a name, which may be spelled
// "server.tool" with the names or the identifiers of either, as it is called,
// or as the tool alone if only one server has it. For the name of a server it
// lists the server's tools. An unknown name is an [*bindery.Error] of code
// NotFound.
func (m *Module) Describe(name string, l Language) (string, error) {
	asked := name
	if len(m.named(asked)) == 0 { // a name may have spaces of its own
		asked = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(name), "await "), "()")
	}
	found := m.named(asked)
	// Several things may answer to one spelling: a tool's whole name counts
	// first, then a server's, then what a tool is called by itself.
	for _, f := range found {
		if f.ID.String() == asked {
			return m.text(f, l, Full), nil
		}
	}
	if s := m.server(asked); s != nil {
		return list(s, l), nil
	}
	switch len(found) {
	case 0:
		return "", m.unknown(asked, l)
	case 1:
		return m.text(found[0], l, Full), nil
	}
	var spellings []string
	for _, f := range found[:min(len(found), 8)] {
		spellings = append(spellings, writerOf(l).expression(f))
	}
	return "", &bindery.Error{
		Code: bindery.NotFound, Op: "describe " + shortName(asked),
		Err:  errors.New("several servers have a tool of that name"),
		Hint: "name one: " + strings.Join(spellings, ", "),
	}
}

// list names the tools of a server.
func list(s *Server, l Language) string {
	var b strings.Builder
	name := s.In(l).Ident
	if name == "" {
		name = "tools[" + form.Quote(s.Name) + "]"
	}
	fmt.Fprintf(&b, "%s has %s: ", name, form.Count(len(s.Tools), "tool"))
	for i, f := range s.Tools {
		if i == maxListed {
			fmt.Fprintf(&b, ", and %d more", len(s.Tools)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		if ident := f.In(l).Ident; ident != "" {
			b.WriteString(ident)
		} else {
			b.WriteString(form.Quote(f.ID.Name))
		}
	}
	return b.String()
}

// unknown returns the error for a name that stands for nothing.
func (m *Module) unknown(asked string, l Language) error {
	e := &bindery.Error{
		Code: bindery.NotFound, Op: "describe " + shortName(asked),
		Err:  errors.New("there is no such tool or server"),
		Hint: `tools.search("words") finds tools`,
	}
	serverName, tool, dotted := strings.Cut(asked, ".")
	if s := m.server(serverName); s != nil && dotted {
		e.Err = fmt.Errorf("the server %s has no such tool", serverName)
		if near, ok := nearest(s, tool); ok {
			e.Hint = "did you mean " + writerOf(l).expression(near) + "?"
		}
		return e
	}
	var names []string
	for _, s := range m.servers {
		names = append(names, s.Name)
		for _, f := range s.Tools {
			names = append(names, writerOf(l).expression(f))
		}
	}
	if near, ok := Nearest(asked, names); ok {
		e.Hint = "did you mean " + near + "?"
	} else if near, ok := Nearest(serverName, m.serverNames()); ok {
		e.Hint = "did you mean the server " + near + "?"
	}
	return e
}

// nearest returns the tool whose name was probably meant.
func nearest(s *Server, tool string) (*Function, bool) {
	names := make([]string, len(s.Tools))
	for i, f := range s.Tools {
		names[i] = f.ID.Name
	}
	near, ok := Nearest(tool, names)
	if !ok {
		return nil, false
	}
	return s.Tools[slices.Index(names, near)], true
}

func (m *Module) serverNames() []string {
	names := make([]string, len(m.servers))
	for i, s := range m.servers {
		names[i] = s.Name
	}
	return names
}

// shortName returns a name as it can be shown in an error.
func shortName(name string) string { return form.Quote(form.Clip(name, 100)) }
