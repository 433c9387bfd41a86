package issuertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// good asks the provider whether it knows a token, and reports whether that is
// for the resource.
func (i *Issuer) good(ctx context.Context, token, resource string) bool {
	var claims oidc.AccessTokenClaims
	if _, err := oidc.ParseToken(token, &claims); err != nil || !slices.Contains(claims.Audience, resource) {
		return false
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, i.URL+"/userinfo", http.NoBody)
	if err != nil {
		return false
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := i.Client().Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Bearer returns the token of a request, "" if there is none.
func Bearer(r *http.Request) string {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

// Protect has a server take the provider's tokens for it and nothing else, and say
// so (RFC 9728): it is the resource URL/mcp. good is asked besides the provider,
// or if alone instead of it. It ends with the test.
func (i *Issuer) Protect(t testing.TB, h http.Handler, good func(r *http.Request) bool, alone bool) *httptest.Server {
	t.Helper()
	var srv *httptest.Server
	srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const metadata = "/.well-known/oauth-protected-resource"
		if strings.HasPrefix(r.URL.Path, metadata) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"resource":"` + srv.URL + `/mcp","authorization_servers":["` + i.URL + `"],"scopes_supported":["openid"]}`))
			return
		}
		token := Bearer(r)
		if token == "" || good != nil && !good(r) || !alone && !i.good(r.Context(), token, srv.URL+"/mcp") {
			w.Header().Set("WWW-Authenticate", `Bearer resource_metadata="`+srv.URL+metadata+`/mcp"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv
}
