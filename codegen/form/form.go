package form

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// Server is the tools of one server. It must not be changed.
type Server struct {
	// Name is how the configuration spells it.
	Name string
	// Tools are sorted by name.
	Tools []*Function
	// Types are the names of the definitions that the schemas refer to, by
	// [schema.Def.Key]. Equal definitions, which generators repeat in every
	// tool, share one; the names are identifiers in every language.
	Types map[string]string

	names [languages]Name
}

// Function is one tool as a script sees it. It must not be changed.
type Function struct {
	ID    bindery.ToolID
	Tool  bindery.Tool
	Input *schema.Schema
	// Output is nil for a tool that does not say what it returns.
	Output *schema.Schema
	// Notes say what of the schemas the types do not express, and why.
	Notes []string
	// Observed is what a tool without Output was seen to return; nil if it
	// was not.
	Observed *Observed
	Server   *Server

	names [languages]Name
}

// Observed is the type of the results that a tool gave so far. It is no
// promise of the server.
type Observed struct {
	Type *schema.Type
	// Calls is how many results there were.
	Calls int
}

// In returns how the server is spelled in a language.
func (s *Server) In(l Language) Name { return s.names[l] }

// In returns how the tool is spelled in a language, as a member of its server.
func (f *Function) In(l Language) Name { return f.names[l] }

// Callable reports whether server.tool can be written in a language.
func (f *Function) Callable(l Language) bool {
	return f.names[l].Ident != "" && f.Server.names[l].Ident != ""
}

// Result returns the type of what the tool returns, and whether it was only
// observed; nil if nothing is known.
func (f *Function) Result() (t *schema.Type, observed bool) {
	switch {
	case f.Output != nil:
		return f.Output.Root, false
	case f.Observed != nil:
		return f.Observed.Type, true
	}
	return nil, false
}

// Observing returns f with what it was seen to return; f itself if it says
// that or o is nil.
func (f *Function) Observing(o *Observed) *Function {
	if o == nil || f.Output != nil {
		return f
	}
	c := *f
	c.Observed = o
	return &c
}

// Observing returns s with what its tools were seen to return.
func (s *Server) Observing(of func(bindery.ToolID) *Observed) *Server {
	c := *s
	c.Tools = make([]*Function, len(s.Tools))
	for i, f := range s.Tools {
		c.Tools[i] = f.Observing(of(f.ID))
	}
	return &c
}

// Build gives tools their form, sorted by server. It accepts everything: a
// schema that cannot be used costs the tool its types, never its place. Of two
// tools with one ID the first counts. The tools must not be changed
// afterwards.
func Build(tools []bindery.Tool) []*Server {
	byID := make(map[bindery.ToolID]*Function, len(tools))
	byName := map[string]*Server{}
	var servers []*Server
	for _, t := range tools {
		if first, ok := byID[t.ID]; ok {
			first.note("the server lists this tool more than once; this is the first")
			continue
		}
		s := byName[t.ID.Server]
		if s == nil {
			s = &Server{Name: t.ID.Server}
			byName[t.ID.Server] = s
			servers = append(servers, s)
		}
		f := function(t)
		f.Server = s
		s.Tools = append(s.Tools, f)
		byID[t.ID] = f
	}
	slices.SortFunc(servers, func(a, b *Server) int { return cmp.Compare(a.Name, b.Name) })
	nameServers(servers)
	for _, s := range servers {
		slices.SortFunc(s.Tools, func(a, b *Function) int { return cmp.Compare(a.ID.Name, b.ID.Name) })
		nameTools(s.Tools)
		s.Types = nameTypes(s.Tools)
	}
	return servers
}

func function(t bindery.Tool) *Function {
	f := &Function{ID: t.ID, Tool: t, Input: schema.Parse(orObject(t.Input))}
	f.Notes = slices.Clone(f.Input.Notes)
	if len(t.Output) > 0 {
		f.Output = schema.Parse(t.Output)
		for _, n := range f.Output.Notes {
			f.note("of the result: " + n)
		}
	}
	return f
}

// orObject returns the schema of a tool without parameters for one that has
// no schema at all.
func orObject(input json.RawMessage) json.RawMessage {
	if len(input) == 0 {
		return json.RawMessage(`{"type":"object"}`)
	}
	return input
}

func (f *Function) note(n string) {
	if !slices.Contains(f.Notes, n) {
		f.Notes = append(f.Notes, n)
	}
}

// NoArguments reports whether a tool's schema names no argument.
func (f *Function) NoArguments() bool {
	t := f.Input.Root.Resolve()
	return t.Kind == schema.Object && len(t.Props) == 0 && len(t.Patterns) == 0 &&
		(t.Extra == nil || t.Extra.Kind == schema.Never)
}
