package sandbox

// Bindings are the tools a script can call, under the names it calls them by.
// They are immutable and shared between runs; making them is the work of
// whoever compiles the catalogue, once per version of it.
type Bindings struct {
	// Digest identifies the contents: equal digests, equal bindings.
	Digest  string   `json:"digest"`
	Servers []Server `json:"servers"`
}

// Server is one server's tools.
type Server struct {
	// Name is the server's own name, for tools["name"].
	Name string `json:"name"`
	// Ident is the global that stands for the server; empty if another server
	// claims the same identifier, or it is taken.
	Ident string `json:"ident,omitempty"`
	// Refused says why there is no Ident; with an Ident, why the server is not
	// available now: a script that touches it fails with that.
	Refused string `json:"refused,omitempty"`
	Tools   []Tool `json:"tools"`
}

// Tool is one callable.
type Tool struct {
	// Name is the tool's own name, for tools["server"]["name"].
	Name string `json:"name"`
	// Ident is how a script spells the tool; empty if two tools claim it.
	Ident string `json:"ident,omitempty"`
	// Refused says why there is no Ident.
	Refused string `json:"refused,omitempty"`
	// Ordered calls of one server run one at a time, in the script's order.
	Ordered bool `json:"ordered,omitempty"`
	// Params are the keyword arguments that a script spells differently from
	// the properties they stand for: class_ for class.
	Params map[string]string `json:"params,omitempty"`
}

// Server returns the server of that name, or else the one that scripts call
// so; nil if there is none. A nil b has none.
func (b *Bindings) Server(key string) *Server {
	if b == nil {
		return nil
	}
	for i := range b.Servers {
		if b.Servers[i].Name == key {
			return &b.Servers[i]
		}
	}
	for i := range b.Servers {
		if b.Servers[i].Ident == key && key != "" {
			return &b.Servers[i]
		}
	}
	return nil
}

// Tool returns the tool that scripts call so, or else the one of that name; if
// byName is set, the other way round. It is nil if there is none.
func (s *Server) Tool(key string, byName bool) *Tool {
	var named *Tool
	for i := range s.Tools {
		t := &s.Tools[i]
		if t.Ident == key && (!byName || t.Name == key) {
			return t
		}
		if (t.Ident == key || t.Name == key) && (named == nil || t.Name == key) {
			named = t
		}
	}
	return named
}
