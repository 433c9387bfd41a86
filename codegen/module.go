package codegen

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// Module is what all tools together look like to a script. It is immutable
// and safe for concurrent use. The same tools give the same Module, whatever
// their order.
type Module struct {
	servers []*server
	byID    map[bindery.ToolID]*Function
	names   map[string][]*Function // every spelling that Describe takes
	index   *index
	digest  string
}

// Server is the tools of one server.
type Server struct {
	// Name is how the configuration spells it.
	Name string
	// Ident is the global that stands for it; empty if Refused says why there
	// is none.
	Ident   string
	Refused string
	// Tools are sorted by name.
	Tools []*Function
}

// Function is one tool as a script sees it. It must not be changed.
type Function struct {
	ID bindery.ToolID
	// Ident is the property of the server's object; empty if Refused says
	// why there is none.
	Ident   string
	Refused string
	Tool    bindery.Tool
	Input   *schema.Schema
	// Output is nil for a tool that does not say what it returns.
	Output *schema.Schema
	// Notes say what of the schemas the types do not express, and why.
	Notes []string

	server *server
}

// server is a Server and the names of its types.
type server struct {
	Server
	types map[string]string // by schema.Def.Key
}

// Compile makes the module of tools. It accepts everything: a schema that
// cannot be used costs the tool its types, never its place. Of two tools with
// one ID the first counts. The tools must not be changed afterwards.
func Compile(tools []bindery.Tool) *Module {
	m := &Module{byID: make(map[bindery.ToolID]*Function, len(tools)), names: make(map[string][]*Function, 2*len(tools))}
	servers := map[string]*server{}
	for _, t := range tools {
		if first, ok := m.byID[t.ID]; ok {
			first.note("the server lists this tool more than once; this is the first")
			continue
		}
		s := servers[t.ID.Server]
		if s == nil {
			s = &server{Server: Server{Name: t.ID.Server}}
			servers[t.ID.Server] = s
			m.servers = append(m.servers, s)
		}
		f := compile(t)
		f.server = s
		s.Tools = append(s.Tools, f)
		m.byID[t.ID] = f
	}
	slices.SortFunc(m.servers, func(a, b *server) int { return cmp.Compare(a.Name, b.Name) })
	for _, s := range m.servers {
		slices.SortFunc(s.Tools, func(a, b *Function) int { return cmp.Compare(a.ID.Name, b.ID.Name) })
	}
	nameServers(m.servers)
	for _, s := range m.servers {
		nameTools(s.Tools)
		s.types = nameTypes(s.Tools)
		for _, f := range s.Tools {
			for _, spelling := range f.spellings() {
				m.names[spelling] = append(m.names[spelling], f)
			}
		}
	}
	m.index = newIndex(m.servers)
	m.digest = digest(m.servers)
	return m
}

func compile(t bindery.Tool) *Function {
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

// Servers returns the servers, sorted by name. The functions are shared.
func (m *Module) Servers() []Server {
	all := make([]Server, len(m.servers))
	for i, s := range m.servers {
		all[i] = s.Server
		all[i].Tools = slices.Clone(s.Tools)
	}
	return all
}

// Lookup returns the function of a tool.
func (m *Module) Lookup(id bindery.ToolID) (*Function, bool) {
	f, ok := m.byID[id]
	return f, ok
}

// Digest identifies the module: equal digests, equal modules.
func (m *Module) Digest() string { return m.digest }

func digest(servers []*server) string {
	h := sha256.New()
	field := func(b []byte) {
		fmt.Fprintf(h, "%d:", len(b))
		h.Write(b)
	}
	for _, s := range servers {
		field([]byte(s.Name))
		field([]byte(s.Ident))
		fmt.Fprintf(h, "%d:", len(s.Tools))
		for _, f := range s.Tools {
			for _, text := range []string{f.ID.Name, f.Ident, f.Tool.Title, f.Tool.Description} {
				field([]byte(text))
			}
			field(f.Tool.Input)
			field(f.Tool.Output)
			hints, _ := json.Marshal(f.Tool.Hints) // pointers to bool always have a JSON form
			field(hints)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
