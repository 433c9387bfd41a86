package gateway

import (
	"fmt"
	"sync"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
)

// Client is somebody who may call execute_code, and which tools exist for
// them.
type Client struct {
	Name  string
	rules config.Client
	// filter identifies the rules: clients with the same share one view.
	filter string
}

// Anonymous is the client of a gateway without configured clients: it sees
// everything.
func Anonymous() Client { return newClient("anonymous", config.Client{}) }

// nobody is a client that sees nothing.
func nobody() Client {
	return newClient("nobody", config.Client{Deny: []config.ToolPattern{"*"}})
}

// NewClient returns the client that a configuration describes. What its roles
// grant and take away is for the gateway it is given to.
func NewClient(name string, c config.Client) Client { return newClient(name, c) }

func newClient(name string, c config.Client) Client {
	client := Client{Name: name}
	client.rules.Allow, client.rules.Deny, client.rules.Roles = c.Allow, c.Deny, c.Roles
	if client.limited() {
		client.filter = fmt.Sprintf("%t %q %q", c.Allow != nil, c.Allow, c.Deny)
	}
	return client
}

func (c Client) allows(id bindery.ToolID) bool { return c.rules.Allows(id.Server, id.Name) }

// limited reports whether there may be something that the client does not see.
func (c Client) limited() bool { return c.rules.Allow != nil || len(c.rules.Deny) > 0 }

// clients are those of one configuration. They are safe for concurrent use.
type clients struct {
	// open says that nobody has to say who they are.
	open   bool
	given  map[string]Client // as they were configured
	byName map[string]Client // with what their roles grant and take away
	roles  map[string]config.Role

	mu sync.Mutex
	// met are those whose token has roles, or who are nobody in the
	// configuration, by their identity.
	met map[string]Client
}

// mostMet bounds met; when it is full it is begun anew.
const mostMet = 10_000

func newClients(o Options) *clients {
	cs := &clients{
		open: o.Identities == nil && len(o.Clients) == 0, roles: o.Roles,
		given: make(map[string]Client, len(o.Clients)), byName: make(map[string]Client, len(o.Clients)), met: make(map[string]Client),
	}
	for _, c := range o.Clients {
		cs.given[c.Name] = c
		cs.byName[c.Name] = newClient(c.Name, c.rules.With(o.Roles))
	}
	return cs
}

// of returns the client whose identity is who, as it is configured now. One
// that has been taken out of the configuration since sees nothing any more.
func (cs *clients) of(who string) Client {
	if cs.open {
		return Anonymous()
	}
	if c, ok := cs.byName[who]; ok {
		return c
	}
	cs.mu.Lock()
	defer cs.mu.Unlock()
	c, ok := cs.met[who]
	if !ok {
		c = cs.meet(identity.Parse(who))
		if len(cs.met) >= mostMet {
			clear(cs.met)
		}
		cs.met[who] = c
	}
	return c
}

func (cs *clients) meet(i identity.Identity) Client {
	if i.Foreign() {
		// Nothing but what roles allow: an empty list, not none.
		return newClient(i.Client, config.Client{Allow: []config.ToolPattern{}}.With(cs.roles, i.Roles...))
	}
	c, ok := cs.given[i.Client]
	if !ok {
		return nobody()
	}
	return newClient(i.Client, c.rules.With(cs.roles, i.Roles...))
}
