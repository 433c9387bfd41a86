package backends

import "github.com/bindery-mcp/bindery"

// State is what can be done with a server now.
type State string

// The states of a server.
const (
	Connecting State = "connecting" // calls wait
	Ready      State = "ready"
	Failed     State = "failed" // it will be tried again; calls fail until then
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

// Server is one server of a [Catalogue].
type Server struct {
	Name string
	// Identity stands for what the configuration runs under the name, without
	// its secrets: another command or address has another one.
	Identity     string
	Title        string
	Instructions string
	// Tools are in the server's order. Those of a server that failed stay.
	Tools []bindery.Tool
	State State
	// Cause is why a server is Failed, or was before it was tried again.
	Cause *bindery.Error
	// FromCache is set while Tools are those of an earlier run.
	FromCache bool
}
