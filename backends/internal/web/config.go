package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Config says how to reach a server over the network, whatever it speaks.
type Config struct {
	URL     string
	Headers map[string]string // sent to the host of URL and to no other
	Auth    Authorizer        // gives requests to URL their Authorization; nil for none
	// MaxMessage is the size of the longest message taken, in bytes, after
	// decompression.
	MaxMessage int64
	Session    session.Options
}

// Server returns the server, whose URL must be absolute and have one of the
// schemes.
func (c Config) Server(schemes ...string) (Server, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		return Server{}, fmt.Errorf("the URL is not an absolute %s URL", strings.Join(schemes, " or "))
	}
	return Server{URL: u, Headers: c.Headers, Auth: c.Auth, Agent: c.Session.ClientName + "/" + c.Session.ClientVersion}, nil
}
