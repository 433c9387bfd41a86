package config

import (
	"net/url"
	"strings"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

// OAuth is how the gateway gets a token for a server. Everything has a default:
// a server that asks for a login can be logged in to without any of it.
type OAuth struct {
	ClientID     Value    `json:"clientId,omitzero" jsonschema:"What the authorization server knows the gateway by: an identifier it has given out, or the https URL of a client ID metadata document. Default: a client is registered at each login."`
	ClientSecret Secret   `json:"clientSecret,omitzero" jsonschema:"The client's secret. Write it as ${env:NAME} or ${file:PATH}."`
	PrivateKey   Secret   `json:"privateKey,omitzero" jsonschema:"PEM of the key that the client signs with instead of having a secret (private_key_jwt). Write it as ${file:PATH}."`
	Scopes       []string `json:"scopes,omitempty" jsonschema:"Scopes to ask for. Default: those that the server names."`
	RedirectPort int      `json:"redirectPort,omitempty" jsonschema:"Port on 127.0.0.1 that the browser comes back to after a login. Default: any that is free."`
	Grant        Grant    `json:"grant,omitempty" jsonschema:"authorization_code (a person logs in with bindery login, the default) or client_credentials (the gateway gets tokens for itself)."`
	Issuer       string   `json:"issuer,omitempty" jsonschema:"URL of the authorization server. Default: the one that the server names."`
	Resource     string   `json:"resource,omitempty" jsonschema:"What the authorization server knows the server by. Default: what its metadata say, or else its URL."`
}

// Grant is how a token is had.
type Grant string

// The grants; "" stands for [AuthorizationCode].
const (
	AuthorizationCode Grant = "authorization_code"
	ClientCredentials Grant = "client_credentials"
)

func (o *OAuth) check(r *report, n *node, path string) {
	if g := n.get("grant"); g != nil {
		switch spelling.Fold(string(o.Grant)) {
		case spelling.Fold(string(AuthorizationCode)):
			o.Grant = AuthorizationCode
		case spelling.Fold(string(ClientCredentials)):
			o.Grant = ClientCredentials
		default:
			r.add(g.pos, join(path, "grant"), quote(string(o.Grant))+" is no grant", "known are authorization_code, client_credentials")
		}
	}
	has := func(key string) bool { return n.get(key) != nil }
	switch {
	case o.Grant == ClientCredentials && !has("clientId"):
		r.add(n.pos, join(path, "clientId"), "is missing", "client_credentials needs one that the authorization server has given out")
	case o.Grant == ClientCredentials && !has("clientSecret") && !has("privateKey"):
		r.add(n.pos, join(path, "clientSecret"), "is missing", "client_credentials needs it, or a privateKey")
	case (has("clientSecret") || has("privateKey")) && !has("clientId"):
		r.add(n.pos, join(path, "clientId"), "is missing", "a secret is that of a client")
	case has("clientSecret") && has("privateKey"):
		r.add(n.get("privateKey").pos, join(path, "privateKey"), "does not go with clientSecret", "remove one of them")
	}
	if o.RedirectPort > 65535 {
		r.add(n.get("redirectPort").pos, join(path, "redirectPort"), "is no port", "write a number from 1 to 65535")
	}
	for _, u := range []struct{ key, text string }{{"issuer", o.Issuer}, {"resource", o.Resource}} {
		if p, err := url.Parse(u.text); u.text != "" && (err != nil || p.Scheme == "" || p.Host == "" || p.Fragment != "") {
			r.add(n.get(u.key).pos, join(path, u.key), quote(u.text)+" is not an absolute URL", "")
		}
	}
	for i, s := range o.Scopes {
		if s == "" || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' || c == '"' || c == '\\' }) {
			r.add(itemPos(n, "scopes", i), join(path, "scopes"), quote(s)+" is not a scope", "write each scope as an item of the list")
		}
	}
}

// resolved is o with its references looked up.
func (o *OAuth) resolved(v resolver, path string) *OAuth {
	if o == nil {
		return nil
	}
	own := *o
	v.value(&own.ClientID, join(path, "clientId"))
	v.value(&own.ClientSecret.Value, join(path, "clientSecret"))
	v.value(&own.PrivateKey.Value, join(path, "privateKey"))
	return &own
}

// jsonOAuth is what other clients write under the same key. Claude Code calls
// the port callbackPort; what Gemini CLI has besides is found out by discovery.
type jsonOAuth struct {
	OAuth
	CallbackPort     int     `json:"callbackPort"`
	Enabled          ignored `json:"enabled"`
	AuthorizationURL ignored `json:"authorizationUrl"`
	TokenURL         ignored `json:"tokenUrl"`
	RedirectURI      ignored `json:"redirectUri"`
	TokenParamName   ignored `json:"tokenParamName"`
	Audiences        ignored `json:"audiences"`
	MetadataURL      ignored `json:"authServerMetadataUrl"`
	CallbackHost     ignored `json:"callbackHost"`
}

func (o *jsonOAuth) check(r *report, n *node, path string) {
	if o.RedirectPort == 0 {
		o.RedirectPort = o.CallbackPort
	}
	o.OAuth.check(r, n, path)
}
