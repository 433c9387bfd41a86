package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
	"github.com/bindery-mcp/bindery/backends/oauth"
	"github.com/bindery-mcp/bindery/internal/issuertest"
)

// However many need a new token at once, it is renewed once, and the next refresh
// token is on disk.
func TestRenewedOnce(t *testing.T) {
	w := newWorld(t)
	first := w.login(t)
	set := w.open(t)
	reach(t, set, backends.Ready)
	w.age(t, false)
	w.mu.Lock()
	w.refused[first.Access] = true
	w.mu.Unlock()
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if err := call(t.Context(), set); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.issuer.Grants("refresh_token"); n != 1 {
		t.Errorf("the token was renewed %d times", n)
	}
	kept, err := w.store.Load(w.key())
	if err != nil || kept.Refresh == first.Refresh || kept.Access == first.Access {
		t.Errorf("what is kept is not new: %v, %v", kept, err)
	}
	for _, r := range w.issuer.Requests("/oauth/token") {
		if r.Form.Get("resource") != w.config.URL {
			t.Errorf("a token was asked for with %v", r.Form)
		}
	}
}

// Gateways that share a folder share its tokens: the second renewal would end
// the first.
func TestRenewedOnceByTwo(t *testing.T) {
	w := newWorld(t)
	w.login(t)
	w.age(t, true)
	var sources []*oauth.Source
	var crew sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for range 8 {
		s := oauth.NewSource(ctx, *w.config, w.store, func(f func()) bool { crew.Go(f); return true })
		defer s.Close()
		sources = append(sources, s)
	}
	got := make([]string, len(sources))
	var wg sync.WaitGroup
	for i, s := range sources {
		wg.Go(func() {
			var err error
			if got[i], err = s.Authorization(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	cancel()
	crew.Wait()
	for _, token := range got {
		if token != got[0] {
			t.Errorf("there are tokens %q and %q", got[0], token)
		}
	}
	if n := w.issuer.Grants("refresh_token"); n != 1 {
		t.Errorf("the token was renewed %d times", n)
	}
}

// A refresh token that is of no more use ends in a login, and not in one request
// after another.
func TestNotRenewed(t *testing.T) {
	w := newWorld(t)
	w.login(t)
	set := w.open(t)
	reach(t, set, backends.Ready)
	aged := w.age(t, false)
	aged.Refresh = "stolen"
	if err := w.store.Save(w.key(), aged); err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	w.refused[aged.Access] = true
	w.mu.Unlock()
	err := call(t.Context(), set)
	if bindery.HintOf(err) != "run: bindery login docs" || !strings.Contains(err.Error(), "cannot be renewed") {
		t.Errorf("got %v, hint %q", err, bindery.HintOf(err))
	}
	if text := err.Error(); strings.Contains(text, "stolen") || strings.Contains(text, aged.Access) {
		t.Errorf("the error shows a token: %s", text)
	}
	reach(t, set, backends.NeedsLogin)
	if n := w.issuer.Grants("refresh_token"); n != 1 {
		t.Errorf("it was tried %d times", n)
	}
	w.login(t)
	reach(t, set, backends.Ready)
	if err := call(t.Context(), set); err != nil {
		t.Error(err)
	}
}

// A provider that is down costs the call and not the login.
func TestProviderDown(t *testing.T) {
	w := newWorld(t)
	w.login(t)
	w.age(t, true)
	w.issuer.Before(func(rw http.ResponseWriter, _ *http.Request) bool {
		rw.WriteHeader(http.StatusBadGateway)
		return true
	})
	set := w.open(t)
	s := reach(t, set, backends.Failed)
	if !strings.Contains(s.Cause.Error(), "502") {
		t.Errorf("the cause is %v", s.Cause)
	}
	w.issuer.Before(nil)
	reach(t, set, backends.Ready)
}

// The server refuses a token that is new: renewing it again would help nobody.
func TestNewTokenRefused(t *testing.T) {
	w := newWorld(t)
	token := w.login(t)
	w.refused[token.Access] = true
	s := reach(t, w.open(t), backends.NeedsLogin)
	if !strings.Contains(s.Cause.Error(), "although that is new") {
		t.Errorf("the cause is %v", s.Cause)
	}
	if n := w.issuer.Grants("refresh_token"); n != 0 {
		t.Errorf("the token was renewed %d times", n)
	}
}

// A token that does not reach says which scopes do, and the next login asks for
// them.
func TestScope(t *testing.T) {
	w := newWorld(t)
	inner := backendtest.NewHTTP()
	srv := w.issuer.Protect(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Mcp-Name") == "bigint" || r.Header.Get("X-Deny") != "" {
			rw.Header().Set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="profile email"`)
			rw.WriteHeader(http.StatusForbidden)
			return
		}
		inner.ServeHTTP(rw, r)
	}), nil, false)
	w.config.URL = srv.URL + "/mcp"
	w.login(t)
	var crew sync.WaitGroup
	defer crew.Wait()
	s := oauth.NewSource(t.Context(), *w.config, w.store, func(f func()) bool { crew.Go(f); return true })
	defer s.Close()
	sent, err := s.Authorization(t.Context())
	if err != nil || sent == "" {
		t.Fatal(sent, err)
	}
	resp := &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{"Www-Authenticate": {`Bearer error="insufficient_scope", scope="profile email"`}}}
	retry, err := s.Refused(t.Context(), sent, resp, false)
	var scope *oauth.ScopeError
	if retry || !errors.As(err, &scope) || !strings.Contains(err.Error(), "profile email") || !strings.Contains(scope.Hint(), "bindery login docs") {
		t.Errorf("got %v, %v", retry, err)
	}
	w.login(t)
	asked := w.issuer.Requests("/authorize")
	if got := asked[len(asked)-1].Form.Get("scope"); !strings.Contains(got, "profile email") || !strings.Contains(got, "openid") {
		t.Errorf("the next login asked for %q", got)
	}
	if token, _ := w.store.Load(w.key()); len(token.Wanted) != 0 {
		t.Errorf("still wanted: %v", token.Wanted)
	}
}

// The gateway gets tokens for itself where the configuration has it so.
func TestClientCredentials(t *testing.T) {
	for _, good := range []bool{true, false} {
		i := issuertest.New(t)
		srv := i.Protect(t, backendtest.NewHTTP(), func(*http.Request) bool { return true }, true)
		c := &oauth.Config{Server: "docs", URL: srv.URL + "/mcp", ClientID: issuertest.Service, ClientSecret: issuertest.ServiceProof, Grant: oauth.ClientCredentials}
		state := backends.Ready
		if !good {
			c.ClientSecret, state = "wrong-secret", backends.Failed
		}
		set, err := backends.Open(t.Context(), []backends.Spec{{Name: "docs", URL: c.URL, OAuth: c}}, backends.Options{Tokens: oauth.Folder(t.TempDir())})
		if err != nil {
			t.Fatal(err)
		}
		s := reach(t, set, state)
		if good {
			err = call(t.Context(), set)
		} else if strings.Contains(s.Cause.Error(), c.ClientSecret) {
			t.Errorf("the cause shows the secret: %v", s.Cause)
		}
		if err := errors.Join(err, set.Close(t.Context())); err != nil {
			t.Error(err)
		}
		if n := i.Grants(oauth.ClientCredentials); n == 0 || good && n != 1 {
			t.Errorf("%d tokens were asked for", n)
		}
	}
}
