package config

import (
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/internal/loopback"
)

// TokensFile is the name of the file with the hashes of tokens, beside the
// configuration, unless that says otherwise.
const TokensFile = "bindery-tokens.json" //nolint:gosec // the name of a file

// Auth is who else than the configuration may say who a caller is.
type Auth struct {
	URL     string            `json:"url,omitempty" jsonschema:"What clients call the gateway, such as https://tools.example.com. Tokens of issuers must be meant for an address below it."`
	Scopes  []string          `json:"scopes,omitempty" jsonschema:"OAuth scopes that tokens of issuers must have. Clients are told to ask for them."`
	Issuers map[string]Issuer `json:"issuers,omitempty" jsonschema:"OpenID Connect providers and other authorization servers that issue JWTs for the gateway, by name."`
}

// Issuer is an authorization server whose access tokens are JWTs.
type Issuer struct {
	Issuer   string            `json:"issuer" jsonschema:"Its identifier: the URL that stands in the iss claim, and below which it is discovered."`
	Audience []string          `json:"audience,omitempty" jsonschema:"Values of which the aud claim must hold one. Default: the address in auth.url that the request is for."`
	JWKS     string            `json:"jwks,omitempty" jsonschema:"URL of its keys. Default: found by discovery."`
	Claims   Claims            `json:"claims,omitzero" jsonschema:"Which claims say who a caller is."`
	Roles    map[string]string `json:"roles,omitempty" jsonschema:"Roles by the values of the roles claim. Without it, values that are keys of roles count."`
}

// Claims are the names of claims. A dot reaches into an object.
type Claims struct {
	Client string `json:"client,omitempty" jsonschema:"Claim that names the caller. Default sub."`
	Roles  string `json:"roles,omitempty" jsonschema:"Claim with the caller's roles: a list, or a text with spaces between them, such as scope. A dot reaches into an object, as in realm_access.roles. Default: none."`
}

// TLS is how the gateway speaks HTTPS.
type TLS struct {
	Cert     string `json:"cert,omitempty" jsonschema:"File with the certificate chain, PEM. Relative to this file. It is read again on SIGHUP."`
	Key      string `json:"key,omitempty" jsonschema:"File with the private key, PEM. Relative to this file."`
	ClientCA string `json:"clientCA,omitempty" jsonschema:"File with the certificates, PEM, that clients' own must be signed by. Relative to this file."`
	Require  bool   `json:"require,omitempty" jsonschema:"Whether callers without a certificate are refused before they can say anything. Default false: a token does as well."`
}

// IsZero reports whether the gateway is to speak HTTP.
func (t TLS) IsZero() bool { return t == TLS{} }

func (t *TLS) check(r *report, n *node, path string) {
	switch {
	case (t.Cert == "") != (t.Key == ""):
		r.add(n.pos, path, "has a cert or a key, and not the other", "write both")
	case t.Cert == "" && (t.ClientCA != "" || t.Require):
		r.add(n.pos, path, "asks for certificates over plain HTTP", "write cert and key")
	case t.Require && t.ClientCA == "":
		r.add(n.pos, path, "requires certificates, and does not say whose", "write clientCA")
	}
}

func (i *Issuer) check(r *report, n *node, path string) {
	at := func(key string) Pos {
		if v := n.get(key); v != nil {
			return v.pos
		}
		return n.pos
	}
	const secure = "write a URL that begins with https://; http:// is for this machine only"
	if !loopback.Secure(i.Issuer) {
		r.add(at("issuer"), join(path, "issuer"), quote(i.Issuer)+" is no issuer", secure)
	}
	if i.JWKS != "" && !loopback.Secure(i.JWKS) {
		r.add(at("jwks"), join(path, "jwks"), quote(i.JWKS)+" is no place for keys", secure)
	}
	if len(i.Roles) > 0 && i.Claims.Roles == "" {
		r.add(at("roles"), join(path, "roles"), "maps values of a claim, and none is named", "write claims: {roles: NAME}")
	}
	for value, role := range i.Roles {
		if !isToken(role) {
			r.add(at("roles"), join(path, "roles"), quote(value)+" stands for "+quote(role)+", which cannot be a role", "write the name of one of roles")
		}
	}
	if slices.Contains(i.Audience, "") {
		r.add(at("audience"), join(path, "audience"), "holds an empty text", "")
	}
}

func (a *Auth) check(r *report, n *node, path string) {
	at := n.pos
	if u := n.get("url"); u != nil {
		at = u.pos
	}
	if u, err := url.Parse(a.URL); a.URL != "" && (!loopback.Secure(a.URL) || err != nil || u.RawQuery != "" || u.Fragment != "") {
		r.add(at, join(path, "url"), quote(a.URL)+" is not what clients call the gateway", "write it like https://tools.example.com")
	}
	a.URL = strings.TrimRight(a.URL, "/")
	seen := make(map[string]string)
	for _, name := range slices.Sorted(maps.Keys(a.Issuers)) {
		i := a.Issuers[name]
		where := join(join(path, "issuers"), name)
		if a.URL == "" {
			r.add(at, where, "clients are to log in for an address, and it is not known which", "write auth.url, what clients call the gateway")
		}
		if other, taken := seen[i.Issuer]; taken {
			r.add(n.get("issuers").pos, where, "is the same issuer as "+clip(other, 80), "keep one of them")
		}
		seen[i.Issuer] = name
	}
	if list := n.get("issuers"); list != nil {
		for _, e := range list.entries {
			checkName(r, e, join(path, "issuers"))
		}
	}
	for i, s := range a.Scopes {
		if !isScope(s) {
			r.add(itemPos(n, "scopes", i), join(path, "scopes"), quote(s)+" is no scope", "")
		}
	}
}

// isScope reports whether s is a scope-token of RFC 6749, section 3.3.
func isScope(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c == '"' || c == '\\' || c > '~' {
			return false
		}
	}
	return s != ""
}

// TokensPath is the file with the hashes of tokens; "" for a configuration
// that is in no file and names none.
func (c *Config) TokensPath() string {
	if c.Tokens == "" && c.path == "" {
		return ""
	}
	path := c.Tokens
	if path == "" {
		path = TokensFile
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(c.path), path)
	}
	return path
}
