package oauth

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

// answerTime bounds one request to an authorization server.
const answerTime = 30 * time.Second

// newClient returns a client for authorization servers. It follows redirects on
// the same host only.
func newClient() *http.Client {
	return &http.Client{Transport: web.NewTransport(), CheckRedirect: web.SameHost, Timeout: answerTime}
}

// Ways for a client to prove who it is (RFC 7591, section 2).
const (
	noProof   = "none"
	inParams  = "client_secret_post"
	inHeader  = "client_secret_basic"
	signedJWT = "private_key_jwt"
)

// method chooses among those that the authorization server supports; without a
// word of it that is the one in the header (RFC 8414, section 2).
func (c *Config) method(supported []string) string {
	switch {
	case c.PrivateKey != "":
		return signedJWT
	case c.ClientSecret == "":
		return noProof
	case slices.Contains(supported, inHeader) || !slices.Contains(supported, inParams):
		return inHeader
	}
	return inParams
}

// tokenError is the refusal of an authorization server.
type tokenError struct {
	status int
	code   string // of RFC 6749, section 5.2
	text   string
}

func (e *tokenError) Error() string {
	text := fmt.Sprintf("the authorization server answered HTTP %d", e.status)
	if e.code != "" {
		text += " " + session.PlainText(e.code, 80)
	}
	if e.text != "" {
		text += ": " + session.PlainText(e.text, 300)
	}
	return text
}

// final reports whether the same request would be refused again.
func (e *tokenError) final() bool {
	return e.code == "invalid_grant" || e.code == "invalid_client" || e.code == "unauthorized_client"
}

// ask makes one request to the token endpoint, as the client that t was given
// to or is to be, and puts what comes into t.
func (c *Config) ask(ctx context.Context, client *http.Client, t *Token, params url.Values) error {
	params = maps.Clone(params)
	params.Set("resource", t.Resource) // RFC 8707
	r := clientcredentials.Config{     // it sends what it is told, and not only that grant
		ClientID: t.ClientID, ClientSecret: t.ClientSecret, TokenURL: t.TokenEndpoint, EndpointParams: params, AuthStyle: oauth2.AuthStyleInParams,
	}
	if t.ClientID == c.ClientID {
		r.ClientSecret = c.ClientSecret
	}
	switch t.AuthMethod {
	case inHeader:
		r.AuthStyle = oauth2.AuthStyleInHeader
	case signedJWT:
		key, err := readKey(c.PrivateKey)
		if err != nil {
			return err
		}
		proof, err := assertion(key, t.ClientID, t.Issuer, time.Now())
		if err != nil {
			return err
		}
		params.Set("client_assertion_type", assertionType)
		params.Set("client_assertion", proof)
	}
	got, err := r.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
	if err != nil {
		return plain(err)
	}
	if kind := got.TokenType; kind != "" && !strings.EqualFold(kind, "bearer") {
		return fmt.Errorf("the authorization server gives a token of the type %s, and only Bearer is known", session.PlainText(kind, 40))
	}
	if strings.ContainsFunc(got.AccessToken, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("the authorization server gives a token that no header can hold")
	}
	t.Access, t.Expiry, t.Obtained = got.AccessToken, got.Expiry, time.Now()
	if got.RefreshToken != "" {
		t.Refresh = got.RefreshToken
	}
	if scope, ok := got.Extra("scope").(string); ok {
		t.Scopes = strings.Fields(scope)
	}
	return nil
}

// plain is an error without what was sent.
func plain(err error) error {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return &tokenError{refused.Response.StatusCode, refused.ErrorCode, refused.ErrorDescription}
	}
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("the authorization server cannot be reached: %w", failed.Err)
	}
	return err
}

// renew has a new token for the refresh token in t.
func (c *Config) renew(ctx context.Context, client *http.Client, t *Token) error {
	return c.ask(ctx, client, t, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {t.Refresh}})
}

// obtain has a token for the gateway itself.
func (c *Config) obtain(ctx context.Context, client *http.Client, t *Token, scopes []string) error {
	params := url.Values{"grant_type": {ClientCredentials}}
	if len(scopes) > 0 {
		params.Set("scope", strings.Join(scopes, " "))
	}
	t.Scopes = scopes
	return c.ask(ctx, client, t, params)
}
