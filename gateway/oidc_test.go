package gateway

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// provider is a real OpenID Connect provider: discovery, authorization code with
// PKCE, refresh, signed JWTs, and keys that change.
type provider struct {
	*storage.Storage

	URL string

	mu        sync.Mutex
	signing   signingKey
	published []op.Key
	groups    []string
	resources map[string]string // by authorization request
	asked     []string          // resources that were asked for
}

// application has access tokens that are JWTs; those of the example are opaque.
type application struct{ op.Client }

func (application) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }

type signingKey struct {
	id  string
	key *rsa.PrivateKey
}

func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k signingKey) Key() any                                    { return k.key }
func (k signingKey) ID() string                                  { return k.id }

type publicKey struct{ signingKey }

func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                           { return &k.key.PublicKey }

const callback = "http://localhost/auth/callback"

// startProvider starts a provider with the application "agent" and the user
// test-user@localhost, who is in the groups.
func startProvider(t *testing.T, groups ...string) *provider {
	t.Helper()
	p := &provider{groups: groups, resources: map[string]string{}}
	srv := httptest.NewUnstartedServer(nil)
	p.URL = "http://" + srv.Listener.Addr().String()
	p.Storage = storage.NewStorageWithClients(storage.NewUserStore("http://localhost"), map[string]*storage.Client{
		"agent": storage.NativeClient("agent", callback),
	})
	p.rotate(t, false)
	o, err := op.NewProvider(&op.Config{
		CryptoKey: sha256.Sum256([]byte("test")), CryptoKeyId: "1", CodeMethodS256: true, GrantTypeRefreshToken: true,
	}, p, op.StaticIssuer(p.URL), op.WithAllowInsecure())
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	// The person at the browser, who enters the password.
	mux.HandleFunc("/login/username", func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("authRequestID")
		if err := p.CheckUsernamePassword("test-user@localhost", "verysecure", id); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, op.AuthCallbackURL(o)(op.ContextWithIssuer(r.Context(), p.URL), id), http.StatusFound)
	})
	// Resource indicators, which this provider leaves to whoever embeds it.
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		o.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), resourceKey{}, r.URL.Query().Get("resource"))))
	})
	srv.Config.Handler = mux
	srv.Start()
	t.Cleanup(srv.Close)
	return p
}

type resourceKey struct{}

// rotate makes another key the one that tokens are signed with. Those before
// are good for tokens still unless they are withdrawn.
func (p *provider) rotate(t *testing.T, withdraw bool) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signing = signingKey{"key " + rand.Text(), key}
	if withdraw {
		p.published = nil
	}
	p.published = append(p.published, publicKey{p.signing})
}

func (p *provider) SigningKey(context.Context) (op.SigningKey, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.signing, nil
}

func (p *provider) KeySet(context.Context) ([]op.Key, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.published, nil
}

func (p *provider) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	c, err := p.Storage.GetClientByClientID(ctx, id)
	return application{c}, err
}

// meantFor is an authorization request with the resource that it was for.
type meantFor struct {
	*storage.AuthRequest

	resource string
}

func (m meantFor) GetAudience() []string {
	if m.resource == "" {
		return m.AuthRequest.GetAudience()
	}
	return []string{m.resource}
}

func (p *provider) CreateAuthRequest(ctx context.Context, r *oidc.AuthRequest, user string) (op.AuthRequest, error) {
	made, err := p.Storage.CreateAuthRequest(ctx, r, user)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	resource, _ := ctx.Value(resourceKey{}).(string)
	p.resources[made.GetID()] = resource
	p.asked = append(p.asked, resource)
	return made, nil
}

func (p *provider) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	r, err := p.Storage.AuthRequestByCode(ctx, code)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return meantFor{r.(*storage.AuthRequest), p.resources[r.GetID()]}, nil
}

func (p *provider) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return rand.Text(), time.Now().Add(time.Hour), nil
}

// GetPrivateClaimsFromScopes says what RFC 9068 calls scope, and the groups.
func (p *provider) GetPrivateClaimsFromScopes(_ context.Context, _, _ string, scopes []string) (map[string]any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return map[string]any{"scope": strings.Join(scopes, " "), "groups": p.groups}, nil
}

// logIn returns what a client of the SDK logs in with.
func (p *provider) logIn(t *testing.T) *auth.AuthorizationCodeHandler {
	t.Helper()
	h, err := auth.NewAuthorizationCodeHandler(&auth.AuthorizationCodeHandlerConfig{
		PreregisteredClient: &oauthex.ClientCredentials{ClientID: "agent"},
		RedirectURL:         callback, Client: plainClient(t),
		AuthorizationCodeFetcher: func(ctx context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
			return browse(ctx, plainClient(t), args.URL)
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

// browse follows redirects as a browser does, up to the one back to the client.
func browse(ctx context.Context, c *http.Client, where string) (*auth.AuthorizationResult, error) {
	var back *url.URL
	c.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	if back == nil {
		return nil, errors.New("the provider did not send the browser back: " + resp.Status)
	}
	q := back.Query()
	return &auth.AuthorizationResult{Code: q.Get("code"), State: q.Get("state"), Iss: q.Get("iss")}, nil
}
