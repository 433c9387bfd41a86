package issuertest

import (
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Who may come to the provider, and for what.
const (
	Native       = "native"            // a public client, which comes back to any port of 127.0.0.1
	Service      = "sid1"              // one for client_credentials
	ServiceProof = "verysecret"        // its secret
	Subject      = "id2"               // the person that everybody is logged in as
	Scope        = storage.CustomScope // one that clients may ask for, besides those of OpenID Connect
)

// Issuer is a provider where everybody who comes to log in is logged in. Its
// access tokens are JWTs, of RFC 9068 in all that matters here.
type Issuer struct {
	*httptest.Server

	book book

	mu       sync.Mutex
	requests []Request
	before   func(w http.ResponseWriter, r *http.Request) bool
}

// Request is what was asked of the provider.
type Request struct {
	Path string
	Form url.Values // query and body
}

// New starts a provider whose person is in the groups. It ends with the test.
func New(t testing.TB, groups ...string) *Issuer {
	t.Helper()
	i, err := Start(groups...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(i.Close)
	return i
}

// Start is New for whoever closes the provider.
func Start(groups ...string) (*Issuer, error) {
	i := &Issuer{}
	mux := http.NewServeMux()
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i.note(w, r) {
			return
		}
		mux.ServeHTTP(w, withResource(r))
	}))
	i.book = book{groups: groups, resources: map[string]string{}, Storage: storage.NewStorageWithClients(
		storage.NewUserStore(i.URL), map[string]*storage.Client{Native: storage.NativeClient(Native, "http://127.0.0.1"+CallbackPath)},
	)}
	provider, err := op.NewProvider(&op.Config{
		CryptoKey: sha256.Sum256([]byte("test")), CodeMethodS256: true, AuthMethodPost: true, GrantTypeRefreshToken: true,
	}, &i.book, op.StaticIssuer(i.URL), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		i.Close()
		return nil, err
	}
	back := op.AuthCallbackURL(provider)
	// The person at the browser, who enters the password.
	mux.HandleFunc("/login/username", func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("authRequestID")
		if err := i.book.CheckUsernamePassword("test-user2", "verysecure", id); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, back(op.ContextWithIssuer(r.Context(), i.URL), id), http.StatusFound)
	})
	mux.Handle("/", provider)
	return i, nil
}

// Rotate makes a new key the one that tokens are signed with. Those of the keys
// before stay good.
func (i *Issuer) Rotate() error { return i.book.rotate() }

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
