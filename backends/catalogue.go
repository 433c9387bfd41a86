package backends

import (
	"slices"

	"github.com/bindery-mcp/bindery"
)

// State is what can be done with a server now.
type State string

// The states of a server.
const (
	Connecting State = "connecting" // calls wait
	Ready      State = "ready"
	Failed     State = "failed"      // it will be tried again; calls fail until then
	Idle       State = "idle"        // not connected until the next call, which starts it
	NeedsLogin State = "needs login" // calls fail until somebody has
	Closed     State = "closed"
	Unknown    State = "unknown" // nothing was tried: see [ReadCache]
)

// Catalogue is what all servers offered at one moment, in the order of the
// configuration. It is immutable.
type Catalogue struct {
	// Version grows with every change.
	Version uint64
	Servers []Server
}

// SameTools reports whether c and o have the same servers with the same tools.
// Only lists are compared, not what is in them: the catalogues of one set share
// those that did not change.
func (c *Catalogue) SameTools(o *Catalogue) bool {
	return slices.EqualFunc(c.Servers, o.Servers, func(a, b Server) bool {
		return a.Name == b.Name && len(a.Tools) == len(b.Tools) && (len(a.Tools) == 0 || &a.Tools[0] == &b.Tools[0])
	})
}

// Server is one server of a [Catalogue].
type Server struct {
	Name string
	// Identity stands for what the configuration runs under the name, without
	// its secrets: another command or address has another one.
	Identity     string
	Title        string
	Instructions string
	// Protocol is the protocol version agreed on, "" if that is not known.
	Protocol string
	Offers   Capabilities
	// Tools are in the server's order. Those of a server that failed stay.
	Tools []bindery.Tool
	State State
	// Cause is why a server is Failed or NeedsLogin, or was before it was tried again.
	Cause *bindery.Error
	// FromCache is set while Tools are those of an earlier run.
	FromCache bool
}

// Capabilities are what a server has besides tools.
type Capabilities struct {
	Resources   bool `json:"resources,omitempty"`
	Subscribe   bool `json:"subscribe,omitempty"` // to resources
	Prompts     bool `json:"prompts,omitempty"`
	Completions bool `json:"completions,omitempty"`
	Logging     bool `json:"logging,omitempty"`
}

// describe takes what the server said of itself.
func (s *Server) describe(o *offer) {
	s.Title, s.Instructions, s.Protocol, s.Offers, s.Tools = o.title, o.instructions, o.protocol, o.offers, o.tools
}
