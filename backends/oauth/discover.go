package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
	"github.com/bindery-mcp/bindery/internal/loopback"
)

// Bounds of what a server says.
const (
	maxMetadata  = 1 << 20 // bytes
	maxScopes    = 100
	maxChallenge = 16 << 10 // bytes
)

// Challenge is what a refusal says of the token that is wanted.
type Challenge struct {
	bearer   bool
	metadata string // URL
	failure  string // RFC 6750, section 3.1
	scopes   []string
}

// String says what is wanted.
func (c Challenge) String() string {
	if !c.bearer {
		return "no bearer token is wanted"
	}
	return fmt.Sprintf("a bearer token is wanted, with the scopes %v", c.scopes)
}

// ReadChallenge reads the WWW-Authenticate headers of a response. What is
// malformed says nothing.
func ReadChallenge(h http.Header) Challenge {
	var c Challenge
	values := h.Values("Www-Authenticate")
	if len(strings.Join(values, "")) > maxChallenge {
		return c
	}
	for _, v := range values {
		challenges, err := oauthex.ParseWWWAuthenticate([]string{v})
		if err != nil {
			c.bearer = c.bearer || strings.HasPrefix(strings.ToLower(v), "bearer")
			continue
		}
		for _, p := range challenges {
			if p.Scheme != "bearer" {
				continue
			}
			c.bearer = true
			c.metadata, c.failure = p.Params["resource_metadata"], p.Params["error"]
			c.scopes = strings.Fields(p.Params["scope"])
			if len(c.scopes) > maxScopes {
				c.scopes = c.scopes[:maxScopes]
			}
		}
	}
	return c
}

// place is where a token for a server comes from.
type place struct {
	resource string
	scopes   []string // that the server names
	issuer   *oauthex.AuthServerMeta
}

// resourceMetadata is what is of use of RFC 9728, section 2.
type resourceMetadata struct {
	Resource string   `json:"resource"`
	Issuers  []string `json:"authorization_servers"`
	Scopes   []string `json:"scopes_supported"`
}

// discover finds out who gives tokens for the server (2026-07-28
// basic/authorization, "Authorization Server Discovery").
func (c *Config) discover(ctx context.Context, client *http.Client, ch Challenge) (*place, error) {
	target, err := c.target()
	if err != nil {
		return nil, err
	}
	m, err := c.resourceMetadata(ctx, client, target, ch.metadata)
	if err != nil {
		return nil, err
	}
	p := &place{resource: m.Resource, scopes: m.Scopes[:min(len(m.Scopes), maxScopes)]}
	issuer := c.Issuer
	switch {
	case issuer == "":
		issuer = m.Issuers[0]
	case len(m.Issuers) > 0 && !slices.ContainsFunc(m.Issuers, func(i string) bool { return sameIssuer(i, issuer) }):
		return nil, fmt.Errorf("the server takes tokens of %s, and the configuration names the issuer %s", session.PlainText(m.Issuers[0], 200), issuer)
	}
	if err := permitted(issuer, target); err != nil {
		return nil, fmt.Errorf("the authorization server: %w", err)
	}
	if p.issuer, err = auth.GetAuthServerMetadata(ctx, issuer, client); err != nil {
		return nil, fmt.Errorf("the metadata of the authorization server: %s", session.PlainText(err.Error(), 500))
	}
	if p.issuer == nil {
		p.issuer = withoutMetadata(issuer)
	}
	if !slices.Contains(p.issuer.CodeChallengeMethodsSupported, "S256") && !c.self() {
		return nil, errors.New("the authorization server does not do PKCE with S256, and without it no login is safe")
	}
	for _, u := range []string{p.issuer.AuthorizationEndpoint, p.issuer.TokenEndpoint, p.issuer.RegistrationEndpoint, p.issuer.RevocationEndpoint} {
		if u == "" {
			continue
		}
		if err := permitted(u, target); err != nil {
			return nil, fmt.Errorf("an endpoint of the authorization server: %w", err)
		}
	}
	return p, nil
}

// withoutMetadata is an authorization server that says nothing of itself
// (2025-03-26 basic/authorization, "Fallbacks for Servers without Metadata
// Discovery").
func withoutMetadata(issuer string) *oauthex.AuthServerMeta {
	base := strings.TrimSuffix(issuer, "/")
	return &oauthex.AuthServerMeta{
		Issuer: issuer, AuthorizationEndpoint: base + "/authorize", TokenEndpoint: base + "/token", RegistrationEndpoint: base + "/register",
		CodeChallengeMethodsSupported: []string{"S256"},
	}
}

// sameIssuer is as lenient as the SDK is with metadata.
func sameIssuer(a, b string) bool { return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/") }

// permitted wants https, and this machine and plain HTTP only for a server that
// is on it itself: a server must not send the gateway to its neighbours.
func permitted(text string, target *url.URL) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return errors.New("its URL is not an absolute URL")
	case u.User != nil:
		return errors.New("its URL has a user or a password in it")
	case loopback.Host(u.Host) && !loopback.Host(target.Host):
		return fmt.Errorf("%s is this machine, and the server is not on it", u.Host)
	case !loopback.Secure(text):
		return fmt.Errorf("%s is not reached by https", session.PlainText(u.Host, 200))
	}
	return nil
}

// resourceMetadata asks where the challenge says, and then where RFC 9728,
// section 3.1, says. A server without metadata is its own authorization server
// (2025-03-26).
func (c *Config) resourceMetadata(ctx context.Context, client *http.Client, target *url.URL, challenge string) (*resourceMetadata, error) {
	const wellKnown = "/.well-known/oauth-protected-resource"
	at := func(path string) string {
		return (&url.URL{Scheme: target.Scheme, Host: target.Host, Path: path}).String()
	}
	places := []string{at(wellKnown)}
	if path := strings.Trim(target.Path, "/"); path != "" {
		places = append([]string{at(wellKnown + "/" + path)}, places...)
	}
	if challenge != "" {
		if err := permitted(challenge, target); err != nil {
			return nil, fmt.Errorf("the server's metadata: %w", err)
		}
		places = append([]string{challenge}, places...)
	}
	var failed error
	for _, u := range places {
		m, err := fetchMetadata(ctx, client, u)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		if m == nil {
			continue
		}
		if err := c.accept(m, target); err != nil {
			return nil, err
		}
		return m, nil
	}
	if failed != nil && challenge != "" {
		return nil, failed
	}
	resource := *target
	resource.RawQuery = ""
	m := &resourceMetadata{Resource: resource.String(), Issuers: []string{at("")}}
	if c.Resource != "" {
		m.Resource = c.Resource
	}
	return m, nil
}

// accept holds the metadata against the server that they are about (RFC 9728,
// section 3.3). Many servers have one name for all their endpoints, so that one
// above the URL will do.
func (c *Config) accept(m *resourceMetadata, target *url.URL) error {
	if len(m.Issuers) == 0 && c.Issuer == "" {
		return errors.New("the server's metadata name no authorization server; name one with oauth.issuer")
	}
	if c.Resource != "" {
		if m.Resource != c.Resource {
			return fmt.Errorf("the server's metadata are about %s, and the configuration says %s", session.PlainText(m.Resource, 200), c.Resource)
		}
		return nil
	}
	u, err := url.Parse(m.Resource)
	if err == nil && web.SameOrigin(u, target) &&
		(u.Path == target.Path || strings.HasPrefix(target.Path, strings.TrimSuffix(u.Path, "/")+"/")) {
		return nil
	}
	if err == nil && web.SameOrigin(u, target) && strings.Trim(u.Path, "/") == strings.Trim(target.Path, "/") {
		return nil
	}
	return fmt.Errorf("the server's metadata are about another one, %s; if that is right, say so with oauth.resource", session.PlainText(m.Resource, 200))
}

// fetchMetadata returns nil where there are none.
func fetchMetadata(ctx context.Context, client *http.Client, from string) (*resourceMetadata, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the server's metadata: %w", plain(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, nil
	}
	var m resourceMetadata
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxMetadata))
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return nil, errors.New("the server's metadata cannot be read as JSON")
	}
	if m.Resource == "" {
		return nil, errors.New("the server's metadata do not say what they are about")
	}
	return &m, nil
}
