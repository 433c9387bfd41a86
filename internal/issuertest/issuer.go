package issuertest

import (
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Clients that the provider knows.
const (
	Native       = "native"     // public, comes back to any port of 127.0.0.1
	Service      = "sid1"       // for client_credentials
	ServiceProof = "verysecret" // its secret
)

// Issuer is a provider where everybody who comes to log in is logged in.
type Issuer struct {
	*httptest.Server
	Storage *storage.Storage

	mu       sync.Mutex
	requests []Request
	before   func(w http.ResponseWriter, r *http.Request) bool
}

// Request is what was asked of the provider.
type Request struct {
	Path string
	Form url.Values // query and body
}

// New starts a provider. It ends with the test.
func New(t testing.TB) *Issuer {
	t.Helper()
	i, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(i.Close)
	return i
}

// Start starts a provider, which the caller closes.
func Start() (*Issuer, error) {
	i := &Issuer{}
	mux := http.NewServeMux()
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i.note(w, r) {
			return
		}
		mux.ServeHTTP(w, r)
	}))
	i.Storage = storage.NewStorageWithClients(storage.NewUserStore(i.URL), map[string]*storage.Client{
		Native: storage.NativeClient(Native, "http://127.0.0.1/callback"),
	})
	provider, err := op.NewProvider(&op.Config{
		CryptoKey: sha256.Sum256([]byte("test")), CodeMethodS256: true, AuthMethodPost: true, GrantTypeRefreshToken: true,
	}, i.Storage, op.StaticIssuer(i.URL), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		i.Close()
		return nil, err
	}
	back := op.AuthCallbackURL(provider)
	mux.HandleFunc("/login/username", func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("authRequestID")
		if err := i.Storage.CheckUsernamePassword("test-user2", "verysecure", id); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, back(op.ContextWithIssuer(r.Context(), i.URL), id), http.StatusFound)
	})
	mux.Handle("/", provider)
	return i, nil
}

// note keeps what is asked, and reports whether it has been answered.
func (i *Issuer) note(w http.ResponseWriter, r *http.Request) bool {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return true
	}
	i.mu.Lock()
	i.requests = append(i.requests, Request{r.URL.Path, r.Form})
	before := i.before
	i.mu.Unlock()
	return before != nil && before(w, r)
}

// Before has f see every request first; it reports whether it has answered it.
// nil for nobody.
func (i *Issuer) Before(f func(w http.ResponseWriter, r *http.Request) bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.before = f
}

// Requests returns what was asked of a path.
func (i *Issuer) Requests(path string) []Request {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(i.requests), func(r Request) bool { return r.Path != path })
}

// Grants counts the requests for a token of one grant.
func (i *Issuer) Grants(grant string) int {
	n := 0
	for _, r := range i.Requests("/oauth/token") {
		if r.Form.Get("grant_type") == grant {
			n++
		}
	}
	return n
}

// good asks the provider whether it knows a token.
func (i *Issuer) good(r *http.Request) bool {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, i.URL+"/userinfo", http.NoBody)
	if err != nil {
		return false
	}
	req.Header.Set("Authorization", r.Header.Get("Authorization"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Protect has a server take the provider's tokens and nothing else, and say so
// (RFC 9728). good is asked besides the provider, or if alone instead of it. It
// ends with the test.
func (i *Issuer) Protect(t testing.TB, h http.Handler, good func(token string) bool, alone bool) *httptest.Server {
	t.Helper()
	var srv *httptest.Server
	srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const metadata = "/.well-known/oauth-protected-resource"
		if strings.HasPrefix(r.URL.Path, metadata) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"resource":"` + srv.URL + `/mcp","authorization_servers":["` + i.URL + `"],"scopes_supported":["openid"]}`))
			return
		}
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if token == "" || good != nil && !good(token) || !alone && !i.good(r) {
			w.Header().Set("WWW-Authenticate", `Bearer resource_metadata="`+srv.URL+metadata+`/mcp"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv
}
