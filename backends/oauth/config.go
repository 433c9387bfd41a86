package oauth

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
)

// The grants by which a token can be had.
const (
	AuthorizationCode = "authorization_code" // a person logs in
	ClientCredentials = "client_credentials" // the gateway itself does
)

// Config is how a token for one server is had. References to secrets are
// resolved. No way of printing one shows them.
type Config struct {
	Server string // its name
	URL    string

	// ClientID is what the authorization server knows the gateway by: an
	// identifier that it has given out, or the https URL of a client ID metadata
	// document. "" registers a client at each login (RFC 7591).
	ClientID     string
	ClientSecret string
	// PrivateKey is PEM; the client proves itself by assertions signed with it
	// (RFC 7523, private_key_jwt) instead of by a secret.
	PrivateKey string

	// Scopes are asked for instead of those that the server names.
	Scopes []string
	// RedirectPort is the port on 127.0.0.1 that the browser is sent back to; 0
	// for any.
	RedirectPort int
	// Grant is "" for [AuthorizationCode].
	Grant string
	// Issuer is the authorization server, if the server's word for it is not to
	// be taken. Resource is the server's name there, "" for what its metadata
	// says, or else its URL.
	Issuer   string
	Resource string
}

// String tells of c nothing but the server's name.
func (c Config) String() string { return "oauth for " + c.Server }

// GoString is String.
func (c Config) GoString() string { return c.String() }

// Format makes every verb print String.
func (c Config) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, c.String()) }

// LogValue implements [slog.LogValuer].
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText returns String.
func (c Config) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Equal reports whether c and o get the same tokens in the same way.
func (c *Config) Equal(o *Config) bool {
	if c == nil || o == nil {
		return c == o
	}
	return slices.Equal(c.Scopes, o.Scopes) && c.Server == o.Server && c.URL == o.URL && c.ClientID == o.ClientID &&
		c.ClientSecret == o.ClientSecret && c.PrivateKey == o.PrivateKey && c.RedirectPort == o.RedirectPort &&
		c.Grant == o.Grant && c.Issuer == o.Issuer && c.Resource == o.Resource
}

// Secrets are the texts in c that are nobody's to see.
func (c *Config) Secrets() []string { return []string{c.ClientSecret, c.PrivateKey} }

// Check reports what makes no sense in c.
func (c *Config) Check() error {
	_, err := c.target()
	switch {
	case err != nil:
		return err
	case c.Grant != "" && c.Grant != AuthorizationCode && c.Grant != ClientCredentials:
		return fmt.Errorf("there is no grant %q; there are %s and %s", c.Grant, AuthorizationCode, ClientCredentials)
	case c.Grant == ClientCredentials && c.ClientID == "":
		return errors.New("the grant client_credentials needs a clientId")
	case c.Grant == ClientCredentials && c.ClientSecret == "" && c.PrivateKey == "":
		return errors.New("the grant client_credentials needs a clientSecret or a privateKey")
	case c.ClientSecret != "" && c.PrivateKey != "":
		return errors.New("a clientSecret and a privateKey are one too many")
	case (c.ClientSecret != "" || c.PrivateKey != "") && c.ClientID == "":
		return errors.New("a clientSecret or a privateKey needs a clientId")
	}
	if c.PrivateKey != "" {
		_, err = readKey(c.PrivateKey)
	}
	return err
}

// self reports whether the gateway needs nobody to log in.
func (c *Config) self() bool { return c.Grant == ClientCredentials }

// document reports whether the client is known by a metadata document.
func (c *Config) document() bool {
	return strings.HasPrefix(c.ClientID, "https://") && c.ClientSecret == "" && c.PrivateKey == ""
}

// target is the server's URL as HTTP has it, without what may be a secret.
func (c *Config) target() (*url.URL, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" {
		return nil, errors.New("the server's URL is not an absolute URL")
	}
	switch u.Scheme {
	case "ws":
		u.Scheme = "http"
	case "wss":
		u.Scheme = "https"
	case "http", "https":
	default:
		return nil, errors.New("the server's URL is not one of HTTP or WebSocket")
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	return u, nil
}

// key says which token is meant.
func (c *Config) key() Key {
	return Key{Server: c.Server, Issuer: c.Issuer, Resource: c.Resource, URL: c.URL}
}
