package front

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

const metaPrefix = "io.modelcontextprotocol/"

// meta is what every modern request says of itself in _meta.
type meta struct {
	version            json.RawMessage
	info, capabilities json.RawMessage
	level              json.RawMessage
}

// metadata reads _meta. Other members are somebody else's.
func (m message) metadata() (meta, *Error) {
	var found meta
	var names names
	for name, value := range jsonscan.Members(m.known.meta) {
		if err := names.add(name, metadata); err != nil {
			return meta{}, err
		}
		switch string(name) {
		case metaPrefix + "protocolVersion":
			found.version = value
		case metaPrefix + "clientInfo":
			found.info = value
		case metaPrefix + "clientCapabilities":
			found.capabilities = value
		case metaPrefix + "logLevel":
			found.level = value
		}
	}
	return found, nil
}

// modern reports whether a request has the mark of the modern era.
func (m message) modern() bool {
	return m.kind == request && m.known.meta != nil && jsonscan.Member(m.known.meta, metaPrefix+"protocolVersion") != nil
}

// caller makes a modern request's Caller. header is nil for a request that
// came over a connection, which has none to agree with.
func (m message) caller(header http.Header) (*Caller, string, *Error) {
	found, err := m.metadata()
	if err != nil {
		return nil, "", err
	}
	version, err := text(found.version, 64)
	if err != nil {
		return nil, "", refuse(CodeInvalidParams, "params._meta has no %sprotocolVersion, and the client did not initialize", metaPrefix)
	}
	if header != nil {
		if said, ok := single(header, "Mcp-Protocol-Version"); !ok || said != version {
			return nil, "", refuse(CodeHeaderMismatch, "the header MCP-Protocol-Version is %s, params._meta has %s", shown(said, ok), quoted(version))
		}
	}
	if version < firstModern || !slices.Contains(versions(), version) {
		return nil, "", unsupported(version)
	}
	if found.capabilities == nil {
		return nil, "", refuse(CodeInvalidParams, "params._meta has no %sclientCapabilities", metaPrefix)
	}
	c := &Caller{Protocol: version, Header: header}
	if err := c.client(found.info, found.capabilities); err != nil {
		return nil, "", err
	}
	level, _ := text(found.level, 16)
	return c, level, nil
}

// filter reads what subscriptions/listen asks for.
func filter(params json.RawMessage) (Filter, *Error) {
	raw := jsonscan.Member(params, "notifications")
	var want struct {
		Tools     bool     `json:"toolsListChanged"`
		Prompts   bool     `json:"promptsListChanged"`
		Resources bool     `json:"resourcesListChanged"`
		URIs      []string `json:"resourceSubscriptions"`
	}
	if len(raw) == 0 || raw[0] != '{' {
		return Filter{}, refuse(CodeInvalidParams, "params.notifications is not an object")
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		return Filter{}, refuse(CodeInvalidParams, "params.notifications: %v", err)
	}
	if len(want.URIs) > maxURIs {
		return Filter{}, refuse(CodeInvalidParams, "a client may subscribe to %d resources", maxURIs)
	}
	return Filter{Tools: want.Tools, Prompts: want.Prompts, Resources: want.Resources, URIs: want.URIs}, nil
}

func (f Filter) empty() bool {
	return !f.Tools && !f.Prompts && !f.Resources && len(f.URIs) == 0
}

func (f Filter) acknowledged() json.RawMessage {
	params, _ := json.Marshal(map[string]any{"notifications": struct {
		Tools     bool     `json:"toolsListChanged,omitempty"`
		Prompts   bool     `json:"promptsListChanged,omitempty"`
		Resources bool     `json:"resourcesListChanged,omitempty"`
		URIs      []string `json:"resourceSubscriptions,omitempty"`
	}{f.Tools, f.Prompts, f.Resources, f.URIs}})
	return params
}

// listen is subscriptions/listen: it says what it grants, then passes events
// until ctx ends, which is the client's doing, or the endpoint closes, which
// is the graceful end that has a result.
func (e *Endpoint) listen(ctx context.Context, c *call) (json.RawMessage, error) {
	f, wrong := filter(c.Params)
	if wrong != nil {
		return nil, wrong
	}
	w, err := e.handler.Watch(ctx, c.Caller, f)
	if err != nil {
		return nil, err
	}
	for _, why := range w.Refused {
		if w.Honoured.empty() { // nothing else was wanted, or can be had
			return nil, why
		}
	}
	if err := c.say("notifications/subscriptions/acknowledged", w.Honoured.acknowledged(), must); err != nil {
		return nil, fmt.Errorf("acknowledge the subscription: %w", err)
	}
	for !w.Honoured.empty() {
		select {
		case <-w.Events.Some():
			for _, ev := range w.Events.Take() {
				if err := c.say(ev.Method, ev.Params, once); err != nil {
					return nil, fmt.Errorf("send what was subscribed to: %w", err)
				}
			}
			continue
		case <-ctx.Done():
			return nil, fmt.Errorf("the subscription has ended: %w", ctx.Err())
		case <-e.drain.Done():
			c.farewell()
		}
		break
	}
	return tag(nil, subscriptionKey, c.id), nil
}

// farewell tells that the server gives a subscription up. Over HTTP the end of
// its stream does; a connection goes on, and has to be told.
func (c *call) farewell() {
	if c.session != nil {
		_ = c.send(notify("notifications/cancelled", json.RawMessage(`{"requestId":`+string(c.id)+`}`)), must)
	}
}

// say sends a notification with the subscription it belongs to.
func (c *call) say(method string, params json.RawMessage, i importance) error {
	return c.send(notify(method, tag(params, subscriptionKey, c.id)), i)
}
