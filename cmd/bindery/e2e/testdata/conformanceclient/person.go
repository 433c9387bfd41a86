package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/oauth"
)

// document is what the suite takes for a client ID metadata document.
const document = "https://conformance-test.local/client-metadata.json"

// person logs in where a server wants that, as "bindery login" has one do.
type person struct {
	config *oauth.Config
	tokens oauth.Folder
}

// known is how to get a token from what the suite says of the client.
func known(url string) *oauth.Config {
	c := &oauth.Config{Server: name, URL: url, ClientID: document}
	var given struct {
		Name   string
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
		Key    string `json:"private_key_pem"`
	}
	if json.Unmarshal([]byte(os.Getenv("MCP_CONFORMANCE_CONTEXT")), &given) != nil || given.ID == "" {
		return c
	}
	c.ClientID, c.ClientSecret, c.PrivateKey = given.ID, given.Secret, given.Key
	if given.Name == "auth/client-credentials-jwt" || given.Name == "auth/client-credentials-basic" {
		c.Grant = oauth.ClientCredentials
	}
	return c
}

// logins is how often the person is willing to log in.
const logins = 3

// connect logs in until the server lets the client in.
func (p person) connect(ctx context.Context, set *backends.Set) error {
	for range logins {
		s := leave(set, backends.Connecting)
		switch s.State {
		case backends.Ready:
			return nil
		case backends.NeedsLogin:
		default:
			return s.Cause
		}
		if err := p.login(ctx); err != nil {
			return err
		}
		leave(set, backends.NeedsLogin)
	}
	return errors.New("the server wants one login after another")
}

// leave waits until the server is in another state.
func leave(set *backends.Set, state backends.State) backends.Server {
	for {
		changed := set.Changed()
		if s := set.Catalogue().Servers[0]; s.State != state {
			return s
		}
		<-changed
	}
}

func (p person) login(ctx context.Context) error {
	_, err := oauth.Login(ctx, p.config, p.tokens, oauth.Person{Visit: visit})
	return err
}

// visit is a browser whose person agrees to everything at once.
func visit(ctx context.Context, page string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// patiently makes a call, and logs in again if that needs a better token.
func (c client) patiently(ctx context.Context, tool string) error {
	for i := 0; ; i++ {
		err := c.call(ctx, tool, nil)
		var scope *oauth.ScopeError
		var login *oauth.LoginError
		if !errors.As(err, &scope) && !errors.As(err, &login) || i == logins {
			return err
		}
		if err := c.who.login(ctx); err != nil {
			return err
		}
		if err := c.who.connect(ctx, c.set); err != nil {
			return err
		}
	}
}
