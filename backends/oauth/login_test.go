package oauth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/oauth"
	"github.com/bindery-mcp/bindery/internal/issuertest"
)

// A gateway that runs says that somebody has to log in, and needs no restart
// when somebody has.
func TestLogin(t *testing.T) {
	w := newWorld(t)
	set := w.open(t)
	s := reach(t, set, backends.NeedsLogin)
	if s.Cause.Hint != "run: bindery login docs" || !strings.Contains(s.Cause.Error(), "wants a login: nobody has logged in yet") {
		t.Errorf("the cause is %v, with the hint %q", s.Cause, s.Cause.Hint)
	}
	err := call(t.Context(), set)
	if bindery.CodeOf(err) != bindery.Unavailable || bindery.HintOf(err) != "run: bindery login docs" {
		t.Errorf("a call fails with %v, hint %q", err, bindery.HintOf(err))
	}
	token := w.login(t)
	reach(t, set, backends.Ready)
	if err := call(t.Context(), set); err != nil {
		t.Errorf("a call after the login: %v", err)
	}
	if token.Refresh == "" || token.Issuer != w.issuer.URL || token.Resource != w.config.URL {
		t.Errorf("got a token of %s for %s", token.Issuer, token.Resource)
	}
	asked := w.issuer.Requests("/authorize")[0].Form
	if asked.Get("code_challenge_method") != "S256" || asked.Get("resource") != w.config.URL || !strings.Contains(asked.Get("scope"), "offline_access") {
		t.Errorf("the login was asked for with %v", asked)
	}
	exchanged := w.issuer.Requests("/oauth/token")[0].Form
	if exchanged.Get("code_verifier") == "" || exchanged.Get("resource") != w.config.URL {
		t.Errorf("the code was exchanged with %v", exchanged)
	}
	files, _ := filepath.Glob(filepath.Join(string(w.store), "*.json"))
	if len(files) != 1 {
		t.Fatalf("there are %v", files)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the token is kept with mode %v, %v", info.Mode(), err)
	}
}

func TestLogout(t *testing.T) {
	w := newWorld(t)
	w.login(t)
	set := w.open(t)
	reach(t, set, backends.Ready)
	if found, err := oauth.Logout(t.Context(), w.config, w.store); !found || err != nil {
		t.Fatal(found, err)
	}
	if n := len(w.issuer.Requests("/revoke")); n != 1 {
		t.Errorf("the token was revoked %d times", n)
	}
	if err := call(t.Context(), set); err == nil || bindery.HintOf(err) != "run: bindery login docs" {
		t.Errorf("a call after the logout: %v, hint %q", err, bindery.HintOf(err))
	}
	if found, err := oauth.Logout(t.Context(), w.config, w.store); found || err != nil {
		t.Error(found, err)
	}
}

// What the browser brings back has to be the answer to this login, of the
// authorization server that was asked.
func TestLoginRefused(t *testing.T) {
	tests := map[string]struct {
		change func(q url.Values)
		want   string
	}{
		"another issuer": {func(q url.Values) { q.Set("iss", "https://evil.example") }, "was sent by https://evil.example"},
		"another state":  {func(q url.Values) { q.Set("state", "x") }, "another login"},
		"no code":        {func(q url.Values) { q.Del("code") }, "without a code"},
		"another code":   {func(q url.Values) { q.Set("code", "x") }, "invalid_"},
		"a refusal":      {func(q url.Values) { q.Set("error", "access_denied\x1b[31m") }, "access_denied"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			var back *url.URL
			p := oauth.Person{
				Visit: func(ctx context.Context, page string) (err error) {
					back, err = issuertest.Browse(ctx, page)
					return err
				},
				Paste: func(context.Context) (string, error) {
					q := back.Query()
					tt.change(q)
					back.RawQuery = q.Encode()
					return " " + back.String() + "\n", nil
				},
			}
			_, err := oauth.Login(t.Context(), w.config, w.store, p)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("got %v", err)
			}
			if token, err := w.store.Load(w.key()); token != nil || err != nil {
				t.Errorf("a token was kept: %v, %v", token, err)
			}
		})
	}
}

// Without a browser, the person pastes the address.
func TestLoginByPasting(t *testing.T) {
	w := newWorld(t)
	var back *url.URL
	_, err := oauth.Login(t.Context(), w.config, w.store, oauth.Person{
		Visit: func(ctx context.Context, page string) (err error) {
			back, err = issuertest.Browse(ctx, page)
			return err
		},
		Paste: func(context.Context) (string, error) { return back.String(), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	reach(t, w.open(t), backends.Ready)
}

// A token never goes to another URL than the one that it is for.
func TestChangedURL(t *testing.T) {
	w := newWorld(t)
	token := w.login(t)
	seen := make(chan string, 100)
	other := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		seen <- r.Header.Get("Authorization")
		rw.Header().Set("WWW-Authenticate", "Bearer")
		rw.WriteHeader(http.StatusUnauthorized)
	}))
	defer other.Close()
	changed := *w.config
	changed.URL = other.URL + "/mcp"
	w.config = &changed
	reach(t, w.open(t), backends.NeedsLogin)
	close(seen)
	for got := range seen {
		if got != "" || strings.Contains(got, token.Access) {
			t.Errorf("another server got %q", got)
		}
	}
}
