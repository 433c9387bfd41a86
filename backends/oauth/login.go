package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"golang.org/x/oauth2"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Person is who logs in.
type Person struct {
	// Visit takes the person to the page where they log in.
	Visit func(ctx context.Context, page string) error
	// Paste returns the address that the browser was sent to in the end, as the
	// person gives it. nil waits for the browser itself.
	Paste func(ctx context.Context) (string, error)
}

// Login has a person log in, and keeps the token. It asks for scopes besides
// those that the configuration or the server names.
func Login(ctx context.Context, c *Config, store TokenStore, p Person, scopes ...string) (*Token, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.self() {
		return nil, errors.New("a server with the grant client_credentials needs no login")
	}
	client := newClient()
	defer client.CloseIdleConnections()
	ch, err := c.challenge(ctx, client)
	if err != nil {
		return nil, err
	}
	at, err := c.discover(ctx, client, ch)
	if err != nil {
		return nil, err
	}
	back, err := newReturn(c.RedirectPort, p.Paste)
	if err != nil {
		return nil, err
	}
	defer back.close()
	before, err := store.Load(c.key())
	if err != nil {
		before = nil // a login is what mends that
	}
	t, err := c.register(ctx, client, at, back.uri)
	if err != nil {
		return nil, err
	}
	t.Scopes = c.scopes(ch, at, before, scopes)
	if err := c.authorize(ctx, client, at, t, back, p); err != nil {
		return nil, err
	}
	unlock, err := store.Lock(ctx, c.key())
	if err != nil {
		return nil, err
	}
	defer unlock()
	return t, store.Save(c.key(), t)
}

// challenge asks the server without a token what it wants.
func (c *Config) challenge(ctx context.Context, client *http.Client) (Challenge, error) {
	target, err := c.target()
	if err != nil {
		return Challenge{}, err
	}
	for _, body := range questions() {
		method := http.MethodPost
		if body == "" {
			method = http.MethodGet
		}
		req, err := http.NewRequestWithContext(ctx, method, target.String(), strings.NewReader(body))
		if err != nil {
			return Challenge{}, err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json, text/event-stream")
		resp, err := client.Do(req)
		if err != nil {
			return Challenge{}, fmt.Errorf("ask the server what it wants: %w", plain(err))
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusUnauthorized {
			return ReadChallenge(resp.Header), nil
		}
	}
	return Challenge{}, nil // it may want a token for some tools only
}

// questions are requests that servers of one kind or another refuse without a
// token. The last, for GET, is the stream of HTTP+SSE and the handshake of
// WebSocket.
func questions() []string {
	const meta = `{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"bindery","version":"0"},"io.modelcontextprotocol/clientCapabilities":{}}}`
	return []string{
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bindery","version":"0"}}}`,
		`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":` + meta + `}`,
		"",
	}
}

// scopes are those to ask for (2026-07-28 basic/authorization, "Scope Selection
// Strategy"). What was granted before stays, so that a step up loses nothing.
func (c *Config) scopes(ch Challenge, at *place, before *Token, more []string) []string {
	scopes := c.Scopes
	if len(scopes) == 0 {
		scopes = ch.scopes
	}
	if len(scopes) == 0 {
		scopes = at.scopes
	}
	if before != nil && len(before.Wanted) > 0 {
		scopes = union(scopes, union(before.Scopes, before.Wanted))
	}
	scopes = union(scopes, more)
	if slices.Contains(at.issuer.ScopesSupported, "offline_access") {
		scopes = union(scopes, []string{"offline_access"}) // for a refresh token
	}
	return scopes
}

// register returns a token that is not yet there, with whom it is to be given
// to: the configured client, or a new one (2026-07-28 basic/authorization,
// "Client Registration Approaches").
func (c *Config) register(ctx context.Context, client *http.Client, at *place, redirect string) (*Token, error) {
	m := at.issuer
	t := &Token{
		Issuer: m.Issuer, Resource: at.resource, TokenEndpoint: m.TokenEndpoint, RevocationEndpoint: m.RevocationEndpoint,
		ClientID: c.ClientID, AuthMethod: c.method(m.TokenEndpointAuthMethodsSupported),
	}
	switch {
	case c.ClientID != "" && (!c.document() || m.ClientIDMetadataDocumentSupported):
		return t, nil
	case m.RegistrationEndpoint == "" && c.document():
		return nil, errors.New("the authorization server takes no client ID metadata documents, and registers no clients")
	case m.RegistrationEndpoint == "":
		return nil, errors.New("the authorization server registers no clients by itself; register one there and write its oauth.clientId into the configuration")
	}
	method := noProof
	if s := m.TokenEndpointAuthMethodsSupported; len(s) > 0 && !slices.Contains(s, noProof) {
		method = (&Config{ClientSecret: "a secret that comes"}).method(s)
	}
	r, err := oauthex.RegisterClient(ctx, m.RegistrationEndpoint, &oauthex.ClientRegistrationMetadata{
		ClientName: "bindery", RedirectURIs: []string{redirect}, ApplicationType: "native", TokenEndpointAuthMethod: method,
		GrantTypes: []string{AuthorizationCode, "refresh_token"}, ResponseTypes: []string{"code"},
	}, client)
	if err != nil {
		return nil, fmt.Errorf("register at the authorization server: %s", session.PlainText(err.Error(), 500))
	}
	t.ClientID, t.ClientSecret = r.ClientID, r.ClientSecret
	if t.AuthMethod = cmp.Or(r.TokenEndpointAuthMethod, method); r.ClientSecret == "" {
		t.AuthMethod = noProof
	}
	return t, nil
}

// authorize has the person log in and exchanges what comes back for a token.
func (c *Config) authorize(ctx context.Context, client *http.Client, at *place, t *Token, back *comeback, p Person) error {
	flow := oauth2.Config{
		ClientID: t.ClientID, RedirectURL: back.uri, Scopes: t.Scopes, Endpoint: oauth2.Endpoint{AuthURL: at.issuer.AuthorizationEndpoint},
	}
	verifier := oauth2.GenerateVerifier()
	page := flow.AuthCodeURL(back.state, oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("resource", t.Resource))
	if err := p.Visit(ctx, page); err != nil {
		return err
	}
	answer, err := back.wait(ctx)
	if err != nil {
		return err
	}
	if err := checkIssuer(answer, at.issuer); err != nil {
		return err
	}
	if failure := answer.Get("error"); failure != "" {
		return fmt.Errorf("the authorization server refuses: %s", session.PlainText(strings.TrimSpace(failure+" "+answer.Get("error_description")), 500))
	}
	code := answer.Get("code")
	if code == "" {
		return errors.New("the authorization server sent the browser back without a code")
	}
	return c.ask(ctx, client, t, url.Values{
		"grant_type": {AuthorizationCode}, "code": {code}, "redirect_uri": {back.uri}, "code_verifier": {verifier},
	})
}

// checkIssuer refuses what another authorization server sent, so that its code
// does not go to this one (RFC 9207, section 2.4).
func checkIssuer(answer url.Values, m *oauthex.AuthServerMeta) error {
	switch iss := answer.Get("iss"); {
	case iss == "" && m.AuthorizationResponseIssParameterSupported:
		return errors.New("the answer to the login does not say who sent it (iss), as the authorization server promises")
	case iss != "" && iss != m.Issuer:
		return fmt.Errorf("the answer to the login was sent by %s, and expected from %s", session.PlainText(iss, 200), session.PlainText(m.Issuer, 200))
	}
	return nil
}

// Logout forgets the token, and has the authorization server forget it too if it
// can (RFC 7009). It reports whether there was one; the error of a token that is
// gone here says that it may still be good there.
func Logout(ctx context.Context, c *Config, store TokenStore) (found bool, err error) {
	unlock, err := store.Lock(ctx, c.key())
	if err != nil {
		return false, err
	}
	defer unlock()
	t, err := store.Load(c.key())
	if delErr := store.Delete(c.key()); delErr != nil {
		return t != nil, delErr
	}
	if t == nil || err != nil || t.RevocationEndpoint == "" {
		return t != nil || err != nil, nil
	}
	client := newClient()
	defer client.CloseIdleConnections()
	params := url.Values{"token": {cmp.Or(t.Refresh, t.Access)}}
	params.Set("client_id", t.ClientID)
	secret := t.ClientSecret
	if t.ClientID == c.ClientID {
		secret = c.ClientSecret
	}
	if t.AuthMethod == inParams {
		params.Set("client_secret", secret)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.RevocationEndpoint, strings.NewReader(params.Encode()))
	if err != nil {
		return true, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if t.AuthMethod == inHeader {
		req.SetBasicAuth(url.QueryEscape(t.ClientID), url.QueryEscape(secret))
	}
	resp, err := client.Do(req)
	if err != nil {
		return true, fmt.Errorf("revoke the token: %w", plain(err))
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return true, fmt.Errorf("revoke the token: the authorization server answered HTTP %d", resp.StatusCode)
	}
	return true, nil
}
