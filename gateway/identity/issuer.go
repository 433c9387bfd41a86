package identity

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/internal/loopback"
)

// Keys are asked for again after refresh, so that one that an issuer has taken
// back does not count for ever. While the issuer is not there, those before are
// good for some time.
const (
	refresh  = 10 * time.Minute
	patience = 12 * time.Hour
)

// skew is how far the clocks of an issuer and of the gateway may be apart.
const skew = 30 * time.Second

// algorithms are those in which nobody but the issuer can sign.
func algorithms() []string {
	return []string{
		oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512,
		oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
	}
}

// issuer is one authorization server, discovered when its first token comes.
type issuer struct {
	name string
	cfg  config.Issuer
	web  *http.Client

	mu    sync.Mutex
	jwks  string // "" until it is known
	keys  *keys
	since time.Time // when keys were made
	old   *keys     // those before, which had been fetched
	until time.Time // how long those count
}

// keys are one set, fetched when first needed.
type keys struct {
	*oidc.RemoteKeySet

	mu   sync.Mutex
	have bool // whether they were ever fetched
}

func newIssuer(name string, cfg config.Issuer) *issuer {
	return &issuer{name: name, cfg: cfg, web: newWeb(), jwks: cfg.JWKS}
}

// issuerOf returns the issuer that a token says it is of. Nothing is believed
// yet.
func (a *Authenticator) issuerOf(token string) (*issuer, bool) {
	if len(a.issuers) == 0 || strings.Count(token, ".") != 2 {
		return nil, false
	}
	_, rest, _ := strings.Cut(token, ".")
	payload, _, _ := strings.Cut(rest, ".")
	data, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return nil, false
	}
	var claims struct {
		Issuer string `json:"iss"`
	}
	if json.Unmarshal(data, &claims) != nil {
		return nil, false
	}
	i, ok := a.issuers[claims.Issuer]
	return i, ok
}

// vouched identifies the owner of a token of the issuer.
func (a *Authenticator) vouched(r *http.Request, i *issuer, token string) (Identity, error) {
	verified, err := i.verify(r.Context(), token)
	if err != nil {
		return Identity{}, err
	}
	var claims map[string]any
	if err := verified.Claims(&claims); err != nil {
		return Identity{}, refuse(Invalid, "the token's claims are no JSON object")
	}
	// The verifier lets nbf be minutes ahead.
	if nbf, ok := claims["nbf"].(float64); ok && time.Until(time.Unix(int64(nbf), 0)) > skew {
		return Identity{}, refuse(Invalid, "the token does not count yet")
	}
	if !a.meant(verified.Audience, i, r.URL.Path) {
		return Identity{}, refuse(Invalid, "the token is not meant for this gateway: none of its audiences is")
	}
	has := scopesOf(claims)
	for _, s := range a.cfg.Scopes {
		if !slices.Contains(has, s) {
			return Identity{}, refuse(Insufficient, "the token lacks the scope %s", s)
		}
	}
	return a.identify(i, claims)
}

// verify checks the signature, the algorithm, the issuer and the times.
func (i *issuer) verify(ctx context.Context, token string) (*oidc.IDToken, error) {
	now, old, err := i.current(ctx)
	if err != nil {
		return nil, &RefusedError{Reason: Unavailable, Err: fmt.Errorf("%s cannot be asked for now", i.name), Cause: err}
	}
	t, err := i.verifyWith(ctx, now, token)
	if errors.Is(err, errFetch) && old != nil {
		t, err = i.verifyWith(ctx, old, token)
	}
	switch {
	case err == nil:
		return t, nil
	case errors.Is(err, errFetch) && !errors.Is(err, errTooOften):
		return nil, &RefusedError{Reason: Unavailable, Err: fmt.Errorf("the keys of %s cannot be had for now", i.name), Cause: err}
	case errors.Is(err, errTooOften) && !now.fetched() && old == nil:
		return nil, &RefusedError{Reason: Unavailable, Err: fmt.Errorf("the keys of %s could not be had a moment ago", i.name), Cause: err}
	}
	if _, ok := errors.AsType[*oidc.TokenExpiredError](err); ok {
		return nil, refuse(Invalid, "the token has expired")
	}
	return nil, refuse(Invalid, "the token is not one that %s has signed for now", i.name)
}

func (i *issuer) verifyWith(ctx context.Context, k *keys, token string) (*oidc.IDToken, error) {
	x := &attempt{keys: k}
	t, err := oidc.NewVerifier(i.cfg.Issuer, x, &oidc.Config{
		SkipClientIDCheck:    true, // the audience is checked against the request
		SupportedSigningAlgs: algorithms(),
		Now:                  func() time.Time { return time.Now().Add(-skew) },
	}).Verify(ctx, token)
	if x.err != nil {
		err = x.err
	}
	return t, err
}

// attempt keeps the error of one look at the keys, which the verifier turns
// into text.
type attempt struct {
	keys *keys
	err  error
}

// VerifySignature implements [oidc.KeySet].
func (x *attempt) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := x.keys.VerifySignature(ctx, token)
	if x.err = err; !errors.Is(err, errFetch) {
		x.keys.mu.Lock()
		x.keys.have = true
		x.keys.mu.Unlock()
	}
	return payload, err
}

func (k *keys) fetched() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.have
}

// current returns the keys, and those before while they still count.
func (i *issuer) current(ctx context.Context) (now, old *keys, err error) {
	where, err := i.discover(ctx)
	if err != nil {
		return nil, nil, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.keys == nil || time.Since(i.since) > refresh {
		if i.keys != nil && i.keys.fetched() {
			i.old, i.until = i.keys, time.Now().Add(patience)
		}
		i.keys = &keys{RemoteKeySet: oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), i.web), where)}
		i.since = time.Now()
	}
	if i.old != nil && (i.keys.fetched() || time.Now().After(i.until)) {
		i.old = nil
	}
	return i.keys, i.old, nil
}

// discover returns where the issuer's keys are. What fails is tried again with
// the next token; how often that asks the issuer is bounded.
func (i *issuer) discover(ctx context.Context) (string, error) {
	i.mu.Lock()
	where := i.jwks
	i.mu.Unlock()
	if where != "" {
		return where, nil
	}
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, i.web), i.cfg.Issuer)
	if err != nil {
		return "", fmt.Errorf("issuer %s cannot be discovered: %w", i.name, err)
	}
	var found struct {
		JWKS string `json:"jwks_uri"`
	}
	if err := p.Claims(&found); err != nil || !loopback.Secure(found.JWKS) {
		return "", fmt.Errorf("issuer %s names no place for its keys that begins with https://", i.name)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.jwks = found.JWKS
	return found.JWKS, nil
}

// Discover asks each issuer where its keys are, and returns what is wrong by
// the issuer's name.
func (a *Authenticator) Discover(ctx context.Context) map[string]error {
	if a == nil {
		return nil
	}
	wrong := make(map[string]error)
	for _, i := range a.issuers {
		if _, err := i.discover(ctx); err != nil {
			wrong[i.name] = err
		}
	}
	return wrong
}
