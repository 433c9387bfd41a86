package front

import (
	"context"
	"encoding/json"
	"time"
)

// Handler answers what clients ask of one endpoint. Its methods may be called
// at the same time.
type Handler interface {
	// Describe says what the server tells this caller of itself, in answer to
	// initialize or server/discover.
	Describe(c *Caller) Description
	// Handle answers one request. What is the protocol's own never comes here:
	// initialize, ping, server/discover, logging/setLevel,
	// resources/subscribe and unsubscribe, subscriptions/listen, and every
	// notification. The result is one JSON object and is sent as the bytes it
	// is. An [*Error] goes to the client as it is; any other error becomes
	// -32603 with its text.
	Handle(ctx context.Context, r *Request) (json.RawMessage, error)
	// Watch returns those events of f that the caller may have. It must not
	// block; events come until ctx ends.
	Watch(ctx context.Context, c *Caller, f Filter) (Watch, error)
}

// ParamHeaders is what a [Handler] has besides if its tools have arguments
// that travel as headers ("x-mcp-header" of SEP-2243).
type ParamHeaders interface {
	// ParamHeaders returns them for one tool, none if the caller cannot see it.
	ParamHeaders(c *Caller, tool string) []ParamHeader
}

// SessionEnder is what a [Handler] has besides if it keeps something for
// sessions and connections.
type SessionEnder interface {
	// Ended says that nothing more comes from a session, whose Caller had these.
	Ended(identity, session string)
}

// ParamHeader is one argument that is repeated as a header of the request.
type ParamHeader struct {
	Header string   // without "Mcp-Param-"
	Path   []string // of the argument, from the top
}

// Description is what a server tells of itself. Name, Title and Version are
// the same for every caller: they are asked for once, of nobody in particular,
// and stand in every modern result.
type Description struct {
	Name, Title, Version, Instructions string
	// Capabilities is the server's, an object; nil is the empty one.
	Capabilities json.RawMessage
	// TTL is how long server/discover may be remembered.
	TTL time.Duration
}

// Filter is what a client wants to hear of.
type Filter struct {
	Tools, Prompts, Resources bool
	URIs                      []string
	// Messages are what servers say while no request is under way: a client with
	// a session hears of it.
	Messages bool
}

// Event is a notification of [Watch].
type Event struct {
	Method string
	Params json.RawMessage // an object, or nil
}

// Watch is what a client hears of.
type Watch struct {
	Honoured Filter
	Events   Events
	// Refused is why a resource cannot be followed, for those of which it is known.
	Refused map[string]error
}

// Events wait for a client. Whoever adds to them never does: what comes too fast
// is merged.
type Events interface {
	// Some has a token if there may be some.
	Some() <-chan struct{}
	// Take returns those that wait, the oldest first, and leaves none. It may be
	// called after the watch has ended, for what came before.
	Take() []Event
}
