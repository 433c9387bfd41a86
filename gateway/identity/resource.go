package identity

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// MetadataPath is where clients look for the [Metadata], with the path of what
// they want to use behind it (RFC 9728, section 3.1).
const MetadataPath = "/.well-known/oauth-protected-resource"

// Metadata is the protected resource metadata of RFC 9728, section 2.
type Metadata struct {
	Resource string   `json:"resource"`
	Servers  []string `json:"authorization_servers"`
	Scopes   []string `json:"scopes_supported,omitempty"`
	BearerBy []string `json:"bearer_methods_supported"`
	Name     string   `json:"resource_name"`
}

// Metadata says where to log in for what is at path. There is none without
// issuers, or for what the gateway does not serve.
func (a *Authenticator) Metadata(path string) (Metadata, bool) {
	if a == nil || len(a.issuers) == 0 {
		return Metadata{}, false
	}
	_, below := a.split()
	path = strings.TrimPrefix(path, below)
	face, view, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if strings.Contains(view, "/") || !slices.Contains([]string{"", "mcp", "sse", "ws", "message", "status", "metrics"}, face) {
		return Metadata{}, false
	}
	return Metadata{
		Resource: a.resource(path), Servers: slices.Sorted(maps.Keys(a.issuers)), Scopes: a.cfg.Scopes,
		BearerBy: []string{"header"}, Name: "bindery",
	}, true
}

// MetadataURL is where the metadata of what is at path can be had; "" for
// nowhere.
func (a *Authenticator) MetadataURL(path string) string {
	if len(a.issuers) == 0 {
		return ""
	}
	host, below := a.split()
	return host + MetadataPath + below + resourcePath(path)
}

// split returns what clients call the gateway up to the path, and the path,
// which metadata has behind the well-known part (RFC 9728, section 3.1).
func (a *Authenticator) split() (host, path string) {
	u := a.cfg.URL
	i := strings.Index(u, "://") + len("://")
	if j := strings.IndexByte(u[i:], '/'); j >= 0 {
		return u[:i+j], u[i+j:]
	}
	return u, ""
}

// Called reports whether that is the host that clients call the gateway by.
func (a *Authenticator) Called(host string) bool {
	if a == nil || a.cfg.URL == "" {
		return false
	}
	u, err := url.Parse(a.cfg.URL)
	return err == nil && strings.EqualFold(u.Host, host)
}

// Scopes are those that a token of an issuer must have.
func (a *Authenticator) Scopes() []string { return a.cfg.Scopes }

func (a *Authenticator) resource(path string) string { return a.cfg.URL + resourcePath(path) }

// resourcePath is the path of the resource that a request is for. The messages
// of HTTP+SSE are for the stream that they belong to.
func resourcePath(path string) string {
	if rest, ok := strings.CutPrefix(path, "/message"); ok && (rest == "" || rest[0] == '/') {
		path = "/sse" + rest
	}
	return strings.TrimRight(path, "/")
}

// meant reports whether one of the audiences is what the request is for: the
// very address, or the gateway as a whole (RFC 8707, section 2).
func (a *Authenticator) meant(audience []string, i *issuer, path string) bool {
	wanted := i.cfg.Audience
	if len(wanted) == 0 {
		wanted = []string{a.resource(path), a.cfg.URL}
	}
	return slices.ContainsFunc(audience, func(aud string) bool {
		return slices.ContainsFunc(wanted, func(w string) bool {
			return aud == w || aud != "" && strings.TrimSuffix(aud, "/") == strings.TrimSuffix(w, "/")
		})
	})
}
