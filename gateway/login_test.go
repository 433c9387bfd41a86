package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/internal/issuertest"
)

// guarded serves a gateway whose callers log in with the provider.
func guarded(t *testing.T, p *issuertest.Issuer, cfg config.Config, o Options) (string, *Gateway) {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	url := "http://" + srv.Listener.Addr().String()
	cfg.Auth = config.Auth{URL: url, Scopes: []string{"openid", issuertest.Scope}, Issuers: map[string]config.Issuer{
		"corp": {Issuer: p.URL, Claims: config.Claims{Roles: "groups"}},
	}}
	for _, name := range []string{"ann"} {
		if c, ok := cfg.Clients[name]; ok {
			o.Clients = append(o.Clients, NewClient(name, c))
		}
	}
	o.Roles, o.Identities = cfg.Roles, identity.New(&cfg, nil, nil)
	g := start(t, o)
	srv.Config.Handler = g.Handler()
	srv.Start()
	t.Cleanup(srv.Close)
	return url, g
}

// logIn returns what a client of the SDK logs in with.
func logIn(t *testing.T) *auth.AuthorizationCodeHandler {
	t.Helper()
	h, err := auth.NewAuthorizationCodeHandler(&auth.AuthorizationCodeHandlerConfig{
		PreregisteredClient: &oauthex.ClientCredentials{ClientID: issuertest.Native},
		RedirectURL:         "http://127.0.0.1" + issuertest.CallbackPath, Client: plainClient(t),
		AuthorizationCodeFetcher: func(ctx context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
			back, err := issuertest.Browse(ctx, args.URL)
			if err != nil {
				return nil, err
			}
			q := back.Query()
			return &auth.AuthorizationResult{Code: q.Get("code"), State: q.Get("state"), Iss: q.Get("iss")}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func plainClient(t *testing.T) *http.Client {
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func dialWith(t *testing.T, url, version string, tr *mcp.StreamableClientTransport) (*mcp.ClientSession, error) {
	t.Helper()
	tr.Endpoint, tr.HTTPClient, tr.MaxRetries = url, plainClient(t), -1
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	return c.Connect(t.Context(), tr, &mcp.ClientSessionOptions{ProtocolVersion: version})
}

// A client that knows nothing but the address logs in: challenge, metadata,
// discovery, authorization code with PKCE and resource, token.
func TestClientLogsIn(t *testing.T) {
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			p := issuertest.New(t, "devs", "chess club")
			url, _ := guarded(t, p, config.Config{Roles: map[string]config.Role{"devs": {Allow: []config.ToolPattern{"github.*"}, Deny: []config.ToolPattern{"github.delete"}}}}, Options{
				Tools: newFakeTools(ready("github", "get", "delete"), ready("mail", "send")), Engine: echo,
				Views:  map[string]config.View{"tools": {Mode: config.Direct}},
				Status: func(func(string) (int, bool)) any { return nil },
			})
			h := logIn(t)
			cs, err := dialWith(t, url+"/mcp/tools", version, &mcp.StreamableClientTransport{OAuthHandler: h})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cs.Close() }()
			if names := toolNames(t, cs); !slices.Equal(names, []string{"github__get"}) {
				t.Errorf("tools %q", names)
			}
			if asked := p.Requests("/authorize"); len(asked) != 1 || asked[0].Form.Get("resource") != url+"/mcp/tools" {
				t.Errorf("asked the provider for %v", asked)
			}
			// It signs with another key from now on.
			if err := p.Rotate(); err != nil {
				t.Fatal(err)
			}
			again, err := dialWith(t, url+"/mcp/tools", version, &mcp.StreamableClientTransport{OAuthHandler: logIn(t)})
			if err != nil {
				t.Fatalf("after the keys have changed: %v", err)
			}
			_ = again.Close()

			token := tokenOf(t, h)
			for path, want := range map[string]bool{"/mcp/tools": false, "/mcp": true, "/ws/tools": true, "/status": true} {
				resp := get(t, url+path, token)
				if refused := resp.StatusCode == http.StatusUnauthorized; refused != want {
					t.Errorf("%s: %s, refused should be %v", path, resp.Status, want)
				}
			}
		})
	}
}

func toolNames(t *testing.T, cs *mcp.ClientSession) []string {
	t.Helper()
	list, err := cs.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
	}
	return names
}

func tokenOf(t *testing.T, h *auth.AuthorizationCodeHandler) string {
	t.Helper()
	source, err := h.TokenSource(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token, err := source.Token()
	if err != nil {
		t.Fatal(err)
	}
	return token.AccessToken
}

// get asks without following anything; only the headers of the answer count.
func get(t *testing.T, url, token string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := plainClient(t).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp
}

// Somebody whom the issuer knows, and the configuration does not, is not let
// in; nor is a token without the scopes.
func TestStrangersAreNotLetIn(t *testing.T) {
	p := issuertest.New(t, "chess club")
	url, _ := guarded(t, p, config.Config{Roles: map[string]config.Role{"devs": {Allow: []config.ToolPattern{"*"}}}}, Options{Tools: newFakeTools(ready("s", "get")), Engine: echo})
	h := logIn(t)
	if cs, err := dialWith(t, url+"/mcp", eras["sessions"], &mcp.StreamableClientTransport{OAuthHandler: h}); err == nil {
		_ = cs.Close()
		t.Fatal("a stranger came in")
	}
	resp := get(t, url+"/mcp", tokenOf(t, h))
	challenge := resp.Header.Get("WWW-Authenticate")
	want := `Bearer error="insufficient_scope", error_description="the token is right, and nobody with it is let in here: no client and no role of the configuration is for it", scope="openid custom_scope", resource_metadata="` + url + `/.well-known/oauth-protected-resource/mcp"`
	if resp.StatusCode != http.StatusForbidden || challenge != want {
		t.Errorf("%s\n%s\nwant\n%s", resp.Status, challenge, want)
	}
}

// A subject of the issuer can be a client of the configuration, with its rules
// and those of the roles that its token gives.
func TestSubjectIsClient(t *testing.T) {
	p := issuertest.New(t, "careful")
	url, _ := guarded(t, p, config.Config{
		Clients: map[string]config.Client{"ann": {Subjects: []string{"corp/" + issuertest.Subject}, Allow: []config.ToolPattern{"mail.*"}}},
		Roles:   map[string]config.Role{"careful": {Deny: []config.ToolPattern{"mail.send"}}},
	}, Options{
		Tools: newFakeTools(ready("github", "get"), ready("mail", "send", "list")), Engine: echo,
		Views: map[string]config.View{"default": {Mode: config.Direct}},
	})
	cs, err := dialWith(t, url+"/mcp", eras["stateless"], &mcp.StreamableClientTransport{OAuthHandler: logIn(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cs.Close() }()
	if names := toolNames(t, cs); !slices.Equal(names, []string{"mail__list"}) {
		t.Errorf("tools %q", names)
	}
}

// The challenges and the metadata, to the letter.
func TestChallenges(t *testing.T) {
	p := issuertest.New(t)
	url, _ := guarded(t, p, config.Config{}, Options{Tools: newFakeTools(ready("s", "get")), Engine: echo})
	for _, tc := range []struct{ path, token, want string }{
		{"/mcp", "", `Bearer scope="openid custom_scope", resource_metadata="` + url + `/.well-known/oauth-protected-resource/mcp"`},
		{"/mcp/tools", "nonsense", `Bearer error="invalid_token", error_description="the token is unknown", scope="openid custom_scope", resource_metadata="` + url + `/.well-known/oauth-protected-resource/mcp/tools"`},
		{"/message", "", `Bearer scope="openid custom_scope", resource_metadata="` + url + `/.well-known/oauth-protected-resource/sse"`},
		{"/ws/a%22b", "", `Bearer scope="openid custom_scope", resource_metadata="` + url + `/.well-known/oauth-protected-resource/ws/a%22b"`},
	} {
		resp := get(t, url+tc.path, tc.token)
		if got := resp.Header.Get("WWW-Authenticate"); resp.StatusCode != http.StatusUnauthorized || got != tc.want {
			t.Errorf("%s with %q: %s\n%s\nwant\n%s", tc.path, tc.token, resp.Status, got, tc.want)
		}
	}
	for path, resource := range map[string]string{"": url, "/mcp": url + "/mcp", "/mcp/any": url + "/mcp/any", "/sse": url + "/sse"} {
		resp, err := plainClient(t).Get(url + "/.well-known/oauth-protected-resource" + path)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		err = json.NewDecoder(resp.Body).Decode(&m)
		_ = resp.Body.Close()
		if err != nil || m["resource"] != resource || !slices.Equal(m["authorization_servers"].([]any), []any{any(p.URL)}) ||
			len(m["scopes_supported"].([]any)) != 2 || m["bearer_methods_supported"].([]any)[0] != "header" {
			t.Errorf("%s: %v, %v", path, m, err)
		}
	}
	if resp := get(t, url+"/.well-known/oauth-protected-resource/healthz", ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("metadata of what is not protected: %s", resp.Status)
	}
}

// A stream ends soon after its token was revoked, and not before.
func TestStreamsEndWithTheirToken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	text, token := identity.NewToken("ann", nil, time.Now(), time.Time{})
	if err := identity.Add(path, token); err != nil {
		t.Fatal(err)
	}
	cfg := &config.Config{Clients: map[string]config.Client{"ann": {}}, Tokens: path}
	g := start(t, Options{
		Tools: newFakeTools(), Engine: echo, Clients: []Client{NewClient("ann", cfg.Clients["ann"])}, Identities: identity.New(cfg, nil, nil),
	})
	r := httptest.NewRequest(http.MethodGet, "/ws", nil)
	r.Header.Set("Authorization", "Bearer "+text)
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := g.whileKnown(t.Context(), r, identity.Identity{Client: "ann"})
		defer stop()
		time.Sleep(10 * again)
		synctest.Wait()
		if ctx.Err() != nil {
			t.Error("it ended although the token is good")
		}
		if _, err := identity.Remove(path, func(identity.Token) bool { return true }); err != nil {
			t.Error(err)
		}
		time.Sleep(again + time.Second)
		synctest.Wait()
		if ctx.Err() == nil {
			t.Error("it goes on although the token was revoked")
		}
	})
}
