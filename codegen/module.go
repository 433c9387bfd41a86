package codegen

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
	"github.com/bindery-mcp/bindery/codegen/search"
	"github.com/bindery-mcp/bindery/codegen/shape"
)

// The form of tools, which all languages share.
type (
	// Server is the tools of one server.
	Server = form.Server
	// Function is one tool as a script sees it.
	Function = form.Function
	// Observed is what a tool was seen to return.
	Observed = form.Observed
)

// Module is what all tools together look like to a script. It is immutable
// and safe for concurrent use. The same tools give the same Module, whatever
// their order.
type Module struct {
	servers  []*Server
	byID     map[bindery.ToolID]*Function
	names    map[string][]*Function // every spelling that Describe takes
	all      []*Function            // by server and name: what the index counts
	places   map[*Function]int      // among all
	kept     []uint64               // which of all there are, a bit for each; nil for all
	index    *search.Index
	digest   string
	observed func(bindery.ToolID) *Observed
}

// Compile makes the module of tools. It accepts everything: a schema that
// cannot be used costs the tool its types, never its place. Of two tools with
// one ID the first counts. The tools must not be changed afterwards.
func Compile(tools []bindery.Tool) *Module {
	m := &Module{
		servers:  form.Build(tools),
		byID:     make(map[bindery.ToolID]*Function, len(tools)),
		names:    make(map[string][]*Function, 2*len(tools)),
		places:   make(map[*Function]int, len(tools)),
		observed: func(bindery.ToolID) *Observed { return nil },
	}
	for _, s := range m.servers {
		for _, f := range s.Tools {
			m.byID[f.ID] = f
			m.places[f] = len(m.all)
			m.all = append(m.all, f)
			for _, spelling := range spellings(f) {
				m.names[spelling] = append(m.names[spelling], f)
			}
		}
	}
	m.index = newIndex(m.all)
	m.digest = digest(m.servers)
	return m
}

// Observing returns m with what tools that declare no output were seen to
// return; of may be called at any time, and returns nil for a tool of which
// nothing is known. It costs nothing: the modules share all else, and the
// digest, which is of what servers say.
func (m *Module) Observing(of func(bindery.ToolID) *Observed) *Module {
	c := *m
	c.observed = of
	return &c
}

// Servers returns the servers, sorted by name. The functions are shared.
func (m *Module) Servers() []*Server { return slices.Clone(m.servers) }

// Lookup returns the function of a tool.
func (m *Module) Lookup(id bindery.ToolID) (*Function, bool) {
	f := m.function(id)
	return f, f != nil
}

// Digest identifies the module: equal digests, equal modules.
func (m *Module) Digest() string { return m.digest }

func digest(servers []*Server) string {
	h := sha256.New()
	field := func(b []byte) {
		fmt.Fprintf(h, "%d:", len(b))
		h.Write(b)
	}
	for _, s := range servers {
		field([]byte(s.Name))
		fmt.Fprintf(h, "%d:", len(s.Tools))
		for _, f := range s.Tools {
			for _, text := range []string{f.ID.Name, f.Tool.Title, f.Tool.Description} {
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

// server returns the server with a name or an identifier; nil if there is
// none. A name counts before another's identifier.
func (m *Module) server(name string) *Server {
	var found *Server
	for _, s := range m.servers {
		if s.Name == name {
			return s
		}
		if name != "" && (s.In(TypeScript).Ident == name || s.In(Python).Ident == name) {
			found = s
		}
	}
	return found
}

// Clean returns a server's text without what a reader would not see or that
// would act on a terminal, cut at most bytes.
func Clean(text string, most int) string { return form.Clean(text, most) }

// Nearest returns the name that was probably meant by one that does not
// exist. See [schema.Nearest] for how, and for its bounds.
func Nearest(name string, among []string) (string, bool) { return schema.Nearest(name, among) }

// ServerIdent returns the identifier of a server of this name, if no other
// server claims the same.
func ServerIdent(name string, l Language) string { return form.ServerIdent(name, l) }

// ObservedShape returns what a module is told of results of a shape; nil for
// none.
func ObservedShape(s *shape.Shape) *Observed {
	if s == nil {
		return nil
	}
	return &Observed{Type: s.Type(), Calls: int(min(s.Counts().Calls(), math.MaxInt))}
}
