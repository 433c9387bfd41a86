package identity

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// keyServer publishes keys; what it does otherwise a test says.
type keyServer struct {
	*httptest.Server

	asked atomic.Int64
	mu    sync.Mutex
	keys  []jose.JSONWebKey
	serve http.HandlerFunc // instead
}

func startKeys(t testing.TB) *keyServer {
	t.Helper()
	k := new(keyServer)
	k.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k.asked.Add(1)
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.serve != nil {
			k.serve(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/openid-configuration") {
			_ = json.NewEncoder(w).Encode(map[string]any{"issuer": k.URL, "jwks_uri": k.URL + "/keys"})
			return
		}
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: k.keys})
	}))
	t.Cleanup(k.Close)
	return k
}

func newKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (k *keyServer) publish(id string, key *rsa.PrivateKey, withdraw bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if withdraw {
		k.keys = nil
	}
	k.keys = append(k.keys, jose.JSONWebKey{Key: &key.PublicKey, KeyID: id, Use: "sig"})
}

// instead has the server do something else; nil for what it should.
func (k *keyServer) instead(f http.HandlerFunc) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.serve = f
}

func sign(t testing.TB, alg jose.SignatureAlgorithm, key any, id string, claims map[string]any) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", id))
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := s.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const called = "https://tools.example.com"

func issued(k *keyServer, with map[string]any) map[string]any {
	claims := map[string]any{
		"iss": k.URL, "sub": "ann", "aud": called + "/mcp", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
		"scope": "mcp other", "realm_access": map[string]any{"roles": []string{"dev", "unknown"}},
	}
	maps.Copy(claims, with)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

func trusting(k *keyServer, change func(*config.Issuer)) *Authenticator {
	i := config.Issuer{Issuer: k.URL, Claims: config.Claims{Roles: "realm_access.roles"}}
	if change != nil {
		change(&i)
	}
	return New(&config.Config{
		Clients: map[string]config.Client{"boss": {Subjects: []string{"corp/the boss"}}},
		Roles:   map[string]config.Role{"dev": {}},
		Auth:    config.Auth{URL: called, Scopes: []string{"mcp"}, Issuers: map[string]config.Issuer{"corp": i}},
	}, nil, nil)
}

func TestTokensOfIssuers(t *testing.T) {
	k := startKeys(t)
	key, other := newKey(t), newKey(t)
	k.publish("one", key, false)
	a := trusting(k, nil)
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	with := func(claims map[string]any) string { return sign(t, jose.RS256, key, "one", issued(k, claims)) }
	good := with(nil)
	head, rest, _ := strings.Cut(good, ".")
	payload, _, _ := strings.Cut(rest, ".")
	for name, tc := range map[string]struct {
		token string
		want  Reason
		who   string
	}{
		"as it should be":            {good, letIn, "corp/ann\x00dev"},
		"PS256":                      {sign(t, jose.PS256, key, "one", issued(k, nil)), letIn, "corp/ann\x00dev"},
		"a client":                   {with(map[string]any{"sub": "the boss", "realm_access": nil}), letIn, "boss"},
		"the gateway as a whole":     {with(map[string]any{"aud": []string{"x", called + "/"}}), letIn, "corp/ann\x00dev"},
		"a slash more":               {with(map[string]any{"aud": called + "/mcp/"}), letIn, "corp/ann\x00dev"},
		"just expired":               {with(map[string]any{"exp": time.Now().Add(-10 * time.Second).Unix()}), letIn, "corp/ann\x00dev"},
		"expired":                    {with(map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}), Invalid, ""},
		"no expiry":                  {with(map[string]any{"exp": nil}), Invalid, ""},
		"not yet":                    {with(map[string]any{"nbf": time.Now().Add(2 * time.Minute).Unix()}), Invalid, ""},
		"almost":                     {with(map[string]any{"nbf": time.Now().Add(10 * time.Second).Unix()}), letIn, "corp/ann\x00dev"},
		"another address":            {with(map[string]any{"aud": called + "/mcp/admin"}), Invalid, ""},
		"another gateway":            {with(map[string]any{"aud": "https://evil.example/mcp"}), Invalid, ""},
		"for nobody":                 {with(map[string]any{"aud": nil}), Invalid, ""},
		"another issuer":             {with(map[string]any{"iss": "https://evil.example"}), Invalid, ""},
		"no subject":                 {with(map[string]any{"sub": nil}), Invalid, ""},
		"subject with a NUL":         {with(map[string]any{"sub": "ann\x00admin"}), Invalid, ""},
		"a number as subject":        {with(map[string]any{"sub": 7}), Invalid, ""},
		"no role":                    {with(map[string]any{"realm_access": nil}), Insufficient, ""},
		"no role that is known":      {with(map[string]any{"realm_access": map[string]any{"roles": []string{"unknown", "admin"}}}), Insufficient, ""},
		"roles that are none":        {with(map[string]any{"realm_access": map[string]any{"roles": map[string]any{"dev": true}}}), Insufficient, ""},
		"no scope":                   {with(map[string]any{"scope": "other"}), Insufficient, ""},
		"scp":                        {with(map[string]any{"scope": nil, "scp": []string{"mcp"}}), letIn, "corp/ann\x00dev"},
		"another's key":              {sign(t, jose.RS256, other, "one", issued(k, nil)), Invalid, ""},
		"an unknown key":             {sign(t, jose.RS256, other, "two", issued(k, nil)), Invalid, ""},
		"the public key as a secret": {sign(t, jose.HS256, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}), "one", issued(k, nil)), Invalid, ""},
		"alg none":                   {"eyJhbGciOiJub25lIn0." + payload + ".", Invalid, ""},
		"no signature":               {head + "." + payload + ".", Invalid, ""},
		"no JWT":                     {"a.b.c", Invalid, ""},
	} {
		if who, why := reasonOf(t, a, tc.token); why != tc.want || who.String() != tc.who {
			t.Errorf("%s: %d and %q, want %d and %q", name, why, who, tc.want, tc.who)
		}
	}
	// What issuers other than this one say of audiences and roles.
	mapped := trusting(k, func(i *config.Issuer) {
		i.Audience, i.JWKS = []string{"api://tools"}, k.URL+"/keys"
		i.Claims = config.Claims{Client: "email", Roles: "scope"}
		i.Roles = map[string]string{"mcp": "reader"}
	})
	token := with(map[string]any{"aud": "api://tools", "email": "ann@example.com"})
	if who, why := reasonOf(t, mapped, token); why != letIn || who.String() != "corp/ann@example.com\x00reader" {
		t.Errorf("%d, %q", why, who)
	}
	if _, why := reasonOf(t, mapped, good); why != Invalid {
		t.Errorf("the gateway's own address, where the configuration names another: %d", why)
	}
}

// Tokens that nobody signed cannot make the gateway ask the issuer without end,
// and do not keep others from coming in.
func TestIssuerIsAskedWithinBounds(t *testing.T) {
	k := startKeys(t)
	key, other := newKey(t), newKey(t)
	k.publish("one", key, false)
	a := trusting(k, nil)
	forged := sign(t, jose.RS256, other, "two", issued(k, nil))
	for range 50 {
		if _, why := reasonOf(t, a, forged); why != Invalid {
			t.Fatalf("forged: %d", why)
		}
	}
	if n := k.asked.Load(); n > fetchBurst {
		t.Errorf("the issuer was asked %d times", n)
	}
	if _, why := reasonOf(t, a, sign(t, jose.RS256, key, "one", issued(k, nil))); why != letIn {
		t.Errorf("a good one: %d", why)
	}
}

func TestIssuerThatIsNotThere(t *testing.T) {
	for name, serve := range map[string]http.HandlerFunc{
		"fails":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"never stops": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(slices.Repeat([]byte("[1,2,3],"), 1<<18)) },
		"redirects": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
		},
		"is another": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"issuer":"https://evil.example","jwks_uri":"https://evil.example/keys"}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := startKeys(t)
			key := newKey(t)
			k.publish("one", key, false)
			k.instead(serve)
			a := trusting(k, nil)
			token := sign(t, jose.RS256, key, "one", issued(k, nil))
			if _, why := reasonOf(t, a, token); why != Unavailable {
				t.Errorf("while it does: %d", why)
			}
			k.instead(nil)
			if _, why := reasonOf(t, a, token); why != letIn {
				t.Errorf("afterwards: %d", why)
			}
		})
	}
}

// A key that was withdrawn does not count for ever; while the issuer is away,
// those before do.
func TestKeysAreFetchedAgain(t *testing.T) {
	k := startKeys(t)
	key, next := newKey(t), newKey(t)
	k.publish("one", key, false)
	a := trusting(k, nil)
	old, i := sign(t, jose.RS256, key, "one", issued(k, nil)), a.issuers[k.URL]
	age := func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.since = i.since.Add(-refresh - time.Second)
	}
	if _, why := reasonOf(t, a, old); why != letIn {
		t.Fatalf("at first: %d", why)
	}
	k.instead(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	age()
	if _, why := reasonOf(t, a, old); why != letIn {
		t.Errorf("while the issuer is away: %d", why)
	}
	k.instead(nil)
	k.publish("two", next, true)
	if _, why := reasonOf(t, a, sign(t, jose.RS256, next, "two", issued(k, nil))); why != letIn {
		t.Errorf("with the next key: %d", why)
	}
	if _, why := reasonOf(t, a, old); why != Invalid {
		t.Errorf("with the key that was withdrawn: %d", why)
	}
	// What is known of an issuer outlives a change of something else.
	asked := k.asked.Load()
	b := New(&config.Config{Auth: a.cfg, Roles: a.roles}, nil, a)
	if _, why := reasonOf(t, b, sign(t, jose.RS256, next, "two", issued(k, nil))); why != letIn || k.asked.Load() != asked {
		t.Errorf("after a reload: %d, asked %d times more", why, k.asked.Load()-asked)
	}
}
