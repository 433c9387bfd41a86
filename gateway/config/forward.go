package config

import (
	"maps"
	"net/textproto"
	"slices"
	"strings"
)

// Forward has, for headers of a caller's request to the gateway, what they are
// called in the caller's requests to a server.
type Forward map[string]string

// Sources are the headers to take of callers' requests, in their canonical
// spelling.
func (c *Config) Sources() []string {
	var names []string
	for _, s := range c.Servers {
		for from := range s.Forward {
			if from = textproto.CanonicalMIMEHeaderKey(from); s.IsEnabled() && !slices.Contains(names, from) {
				names = append(names, from)
			}
		}
	}
	slices.Sort(names)
	return names
}

// checkForward refuses to pass on what is meant for the gateway (2026-07-28
// basic/authorization: a server MUST NOT pass through the token it received from
// the client), and what the protocol itself needs.
func (s *Server) checkForward(r *report, n *node, path string) {
	path = join(path, "forward")
	targets := map[string]bool{}
	for _, from := range slices.Sorted(maps.Keys(s.Forward)) {
		at, to := n.get("forward").get(from).pos, textproto.CanonicalMIMEHeaderKey(s.Forward[from])
		switch source := textproto.CanonicalMIMEHeaderKey(from); {
		case !isToken(from) || !isToken(to):
			r.add(at, join(path, from), "is not a header's name for another", "write it like X-Upstream-Authorization: Authorization")
		case source == "Authorization" || source == "Proxy-Authorization" || source == "Cookie":
			r.add(at, join(path, from), "is the client's own credential for the gateway, and MCP forbids to pass it through",
				"have the client send the server's credential in a header of its own, such as X-Upstream-Authorization")
		case reserved(source) || reserved(to):
			r.add(at, join(path, from), "is a header that the protocol needs", "choose another one")
		case targets[to]:
			r.add(at, join(path, from), "is forwarded as "+clip(to, 80)+", as another one is", "choose another name")
		case to == "Authorization" && s.OAuth != nil:
			r.add(at, join(path, from), "is forwarded as Authorization, which oauth sets", "remove one of them")
		}
		targets[to] = true
	}
}

func reserved(header string) bool {
	switch header {
	case "Accept", "Accept-Encoding", "Host", "Connection", "Upgrade", "Transfer-Encoding", "Te", "Trailer", "User-Agent", "Last-Event-Id":
		return true
	}
	return strings.HasPrefix(header, "Content-") || strings.HasPrefix(header, "Mcp-") || strings.HasPrefix(header, "Sec-")
}

// checkOAuth reports what cannot stand beside oauth.
func (s *Server) checkOAuth(r *report, path string) {
	for name, v := range s.Headers {
		if s.OAuth != nil && textproto.CanonicalMIMEHeaderKey(name) == "Authorization" {
			r.add(v.pos, join(path, "headers"), "Authorization does not go with oauth, which sets it", "remove one of them")
		}
	}
}
