package issuertest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// book is what the provider keeps. To the example's it adds what providers that
// are used with MCP have: access tokens that are JWTs and say whom they are for,
// the groups of the person, and keys that change.
type book struct {
	*storage.Storage

	groups []string

	mu        sync.Mutex
	keys      []key             // that came after the first
	resources map[string]string // by authorization request
}

type key struct {
	id  string
	rsa *rsa.PrivateKey
}

func (k key) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k key) Key() any                                    { return k.rsa }
func (k key) ID() string                                  { return k.id }

type publicKey struct{ key }

func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                           { return &k.rsa.PublicKey }

func (b *book) rotate() error {
	next, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keys = append(b.keys, key{rand.Text(), next})
	return nil
}

// SigningKey implements [op.Storage].
func (b *book) SigningKey(ctx context.Context) (op.SigningKey, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.keys); n > 0 {
		return b.keys[n-1], nil
	}
	return b.Storage.SigningKey(ctx)
}

// KeySet implements [op.Storage].
func (b *book) KeySet(ctx context.Context) ([]op.Key, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all, err := b.Storage.KeySet(ctx)
	for _, k := range b.keys {
		all = append(all, publicKey{k})
	}
	return all, err
}

// client gets access tokens that are JWTs; those of the example are opaque.
type client struct{ op.Client }

func (client) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }

// GetClientByClientID implements [op.Storage].
func (b *book) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	c, err := b.Storage.GetClientByClientID(ctx, id)
	return client{c}, err
}

// GetPrivateClaimsFromScopes implements [op.Storage].
func (b *book) GetPrivateClaimsFromScopes(_ context.Context, _, _ string, scopes []string) (map[string]any, error) {
	return map[string]any{"scope": strings.Join(scopes, " "), "groups": b.groups}, nil
}

// resourceKey is where the resource of a request (RFC 8707) is in its context:
// the provider leaves that to whoever embeds it.
type resourceKey struct{}

func withResource(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), resourceKey{}, r.Form.Get("resource")))
}

// meantFor is an authorization request with the resource that it is for.
type meantFor struct {
	op.AuthRequest

	resource string
}

func (m meantFor) GetAudience() []string {
	if m.resource == "" {
		return m.AuthRequest.GetAudience()
	}
	return []string{m.resource}
}

// CreateAuthRequest implements [op.Storage].
func (b *book) CreateAuthRequest(ctx context.Context, r *oidc.AuthRequest, user string) (op.AuthRequest, error) {
	made, err := b.Storage.CreateAuthRequest(ctx, r, user)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.resources[made.GetID()], _ = ctx.Value(resourceKey{}).(string)
	return made, nil
}

// AuthRequestByCode implements [op.Storage].
func (b *book) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	r, err := b.Storage.AuthRequestByCode(ctx, code)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return meantFor{r, b.resources[r.GetID()]}, nil
}

// CreateAccessAndRefreshTokens implements [op.Storage]. The example knows its own
// requests only, and each refresh token is good once.
func (b *book) CreateAccessAndRefreshTokens(ctx context.Context, r op.TokenRequest, current string) (id, refresh string, end time.Time, err error) {
	m, ok := r.(meantFor)
	if !ok {
		return b.Storage.CreateAccessAndRefreshTokens(ctx, r, current)
	}
	id, refresh, end, err = b.Storage.CreateAccessAndRefreshTokens(ctx, m.AuthRequest, current)
	if err != nil {
		return "", "", time.Time{}, err
	}
	kept, err := b.TokenRequestByRefreshToken(ctx, refresh)
	if err != nil {
		return "", "", time.Time{}, err
	}
	if k, ok := kept.(*storage.RefreshTokenRequest); ok {
		k.Audience = m.GetAudience()
	}
	return id, refresh, end, nil
}
