package gateway

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// Client is somebody who may call execute_code, and which tools exist for
// them.
type Client struct {
	Name  string
	token [sha256.Size]byte
	rules config.Client
}

// Anonymous is the client of a gateway without configured clients: it sees
// everything.
func Anonymous() Client { return Client{Name: "anonymous"} }

// nobody is a client that sees nothing.
func nobody() Client {
	return Client{Name: "nobody", rules: config.Client{Deny: []config.ToolPattern{"*"}}}
}

// NewClient returns the client that a configuration describes. Of the token
// only its SHA-256 is kept.
func NewClient(name string, c config.Client) Client {
	client := Client{Name: name, token: sha256.Sum256([]byte(c.Token.Reveal()))}
	client.rules.Allow, client.rules.Deny, client.rules.Roles = c.Allow, c.Deny, c.Roles
	return client
}

func (c Client) allows(id bindery.ToolID) bool { return c.rules.Allows(id.Server, id.Name) }

// filter identifies the set of tools the client sees, so that clients with the
// same rules share one view.
func (c Client) filter() string {
	return fmt.Sprintf("%t %q %q", c.rules.Allow != nil, c.rules.Allow, c.rules.Deny)
}

// authenticate returns the client that the token belongs to. It compares with
// every client in constant time, so that timing tells nothing about tokens.
func authenticate(clients []Client, token string) (Client, bool) {
	sum := sha256.Sum256([]byte(token))
	found := -1
	for i := range clients {
		if subtle.ConstantTimeCompare(sum[:], clients[i].token[:]) == 1 {
			found = i
		}
	}
	if found < 0 {
		return Client{}, false
	}
	return clients[found], true
}
