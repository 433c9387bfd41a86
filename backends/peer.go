package backends

import (
	"context"
	"encoding/json"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Peer is the client on whose behalf requests are made. It travels in the
// context, through scripts too. The zero value is a client that can do nothing.
type Peer struct {
	// Session names the client's session, for servers that are isolated per
	// session; it is globally unique. "" shares them with everybody.
	Session string
	// Client names whom the requests are for, who may have several under way
	// without a session. "" is nobody in particular.
	Client string
	// Capabilities is what the client can do, an object of the form that
	// initialize has. A server of protocol 2026-07-28 is told with each request:
	// of these the ones that the server's spec allows.
	Capabilities json.RawMessage
	// Forward has headers of the client's own request, by canonical name, for
	// servers whose [Spec].Forward wants them. The client's Authorization is not
	// among them.
	Forward map[string]string
	// Log is the lowest level of log messages wanted, "" for none. [AnyLog] wants
	// what the server sends of its own accord, and has it told nothing.
	Log string
	// Notify gets the progress notifications, with the token of the request's
	// own _meta, and the log messages that belong to the request. It must not
	// block and may be called until the request has returned. nil drops them.
	Notify func(method string, params json.RawMessage)
	// Ask answers what a server wants to know while it works on the request
	// (elicitation/create, sampling/createMessage). A [*ServerError] goes to the
	// server as it is. nil refuses.
	Ask func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error)
}

// AnyLog stands for no level in particular.
const AnyLog = session.AnyLevel

// WithPeer returns a context in which requests are made on behalf of p.
func WithPeer(ctx context.Context, p *Peer) context.Context {
	return session.WithPeer(ctx, (*session.Peer)(p))
}

// PeerOf returns the client on whose behalf ctx is, or nil.
func PeerOf(ctx context.Context) *Peer { return (*Peer)(session.PeerOf(ctx)) }
