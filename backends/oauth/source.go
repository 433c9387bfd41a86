package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bindery-mcp/bindery/backends/internal/web"
)

const (
	// glance is how often a request without a token looks whether there is one.
	glance = time.Second
	// renewTime bounds one renewal.
	renewTime = 45 * time.Second
	// grace is how long a renewal may go on when the gateway closes: the answer to
	// it is the only copy of the next refresh token.
	grace = time.Second
	// fresh is how long a token is not worth renewing after it was: a server that
	// refuses it would refuse the next.
	fresh = 10 * time.Second
)

// Source gives the requests to one server their token.
type Source struct {
	cfg    Config
	store  TokenStore
	client *http.Client
	ctx    context.Context // of renewals
	run    func(func()) bool

	now     atomic.Pointer[Token] // nil without one
	glanced atomic.Int64          // when there was none, in Unix nanoseconds

	mu     sync.Mutex
	stamp  string
	reason string // why there is none
	flight *renewal
	place  *place // where tokens for the gateway itself come from
	asked  Challenge
}

// renewal is the one that is under way, for all who wait.
type renewal struct {
	done  chan struct{}
	token *Token
	err   error
}

// NewSource returns a source that renews tokens in goroutines of run, which
// reports whether it takes one and waits for them after ctx has ended.
func NewSource(ctx context.Context, c Config, store TokenStore, run func(func()) bool) *Source {
	return &Source{cfg: c, store: store, client: newClient(), ctx: ctx, run: run, reason: "nobody has logged in yet"}
}

// Close ends idle connections.
func (s *Source) Close() { s.client.CloseIdleConnections() }

// Authorization implements [web.Authorizer].
func (s *Source) Authorization(ctx context.Context) (string, error) {
	t := s.now.Load()
	if t == nil {
		if now := time.Now().UnixNano(); now-s.glanced.Load() < int64(glance) {
			return "", nil
		}
		if t = s.look(); t == nil {
			s.glanced.Store(time.Now().UnixNano())
			return "", nil
		}
	}
	if !t.usable(time.Now()) {
		var err error
		if t, err = s.renew(ctx, t.Access); err != nil {
			return "", err
		}
	}
	return "Bearer " + t.Access, nil
}

// look takes the token of the store, if it has changed, and returns the one
// there is now.
func (s *Source) look() *Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lookLocked()
}

func (s *Source) lookLocked() *Token {
	if s.cfg.self() {
		return s.now.Load()
	}
	stamp := s.store.Stamp(s.cfg.key())
	if stamp == s.stamp {
		return s.now.Load()
	}
	t, err := s.store.Load(s.cfg.key())
	switch {
	case err != nil:
		t, s.reason = nil, err.Error()
	case t != nil && s.cfg.Issuer != "" && !sameIssuer(t.Issuer, s.cfg.Issuer):
		t, s.reason = nil, "the token that is kept was given out by another issuer"
	case t != nil && s.cfg.ClientID != "" && !s.cfg.document() && t.ClientID != s.cfg.ClientID:
		t, s.reason = nil, "the token that is kept was given to another client"
	case t == nil && s.stamp != "":
		s.reason = "somebody has logged out"
	case t != nil && t.Access == "":
		t = nil // it is of no more use; what the server wants is kept in it
	}
	s.stamp = stamp
	s.now.Store(t)
	return t
}

// Changed reports whether there is a token other than one that was of no use.
func (s *Source) Changed(useless *Token) bool {
	now := s.look()
	return now != nil && (useless == nil || now.Access != useless.Access)
}

// Refused implements [web.Authorizer].
func (s *Source) Refused(ctx context.Context, sent string, resp *http.Response, again bool) (retry bool, err error) {
	ch := ReadChallenge(resp.Header)
	if resp.StatusCode == http.StatusForbidden {
		if ch.failure != "insufficient_scope" {
			return false, nil
		}
		return s.stepUp(ctx, sent, ch, again)
	}
	if resp.StatusCode != http.StatusUnauthorized || sent == "" && !ch.bearer && !s.cfg.self() && s.plain() {
		return false, nil
	}
	s.mu.Lock()
	s.asked = ch
	t := s.lookLocked()
	s.mu.Unlock()
	if t == nil && s.cfg.self() && !again {
		_, err := s.renew(ctx, "")
		return err == nil, err
	}
	switch {
	case t != nil && "Bearer "+t.Access != sent && !again:
		return true, nil
	case t == nil:
		return false, s.needsLogin("")
	case again || time.Since(t.Obtained) < fresh:
		return false, s.needsLogin("it does not accept the token, although that is new")
	}
	_, err = s.renew(ctx, t.Access)
	return err == nil, err
}

// plain reports whether the configuration says nothing of OAuth.
func (s *Source) plain() bool {
	return s.cfg.ClientID == "" && s.cfg.Issuer == "" && s.cfg.Grant == "" && s.cfg.Resource == ""
}

func (s *Source) needsLogin(reason string) error {
	if reason == "" {
		s.mu.Lock()
		reason = s.reason
		s.mu.Unlock()
	}
	if s.cfg.self() {
		return fmt.Errorf("the authorization server's token is of no use: %s; check oauth of the server in the configuration", reason)
	}
	return &LoginError{s.cfg.Server, reason, s.now.Load()}
}

// stepUp handles a token whose scopes do not reach. The gateway asks for more of
// itself; a person has to consent, and is told so.
func (s *Source) stepUp(ctx context.Context, sent string, ch Challenge, again bool) (bool, error) {
	t := s.look()
	if t != nil && "Bearer "+t.Access != sent && !again {
		return true, nil
	}
	more := slices.ContainsFunc(ch.scopes, func(scope string) bool { return t == nil || !slices.Contains(t.Scopes, scope) })
	if s.cfg.self() && t != nil && more && !again {
		s.mu.Lock()
		s.asked.scopes = union(t.Scopes, ch.scopes)
		s.mu.Unlock()
		_, err := s.renew(ctx, t.Access)
		return err == nil, err
	}
	if s.cfg.self() {
		t = nil
	} else if t != nil && more {
		s.want(ctx, ch.scopes)
	}
	return false, &ScopeError{s.cfg.Server, ch.scopes, t}
}

// want notes for the next login what the server wants.
func (s *Source) want(ctx context.Context, scopes []string) {
	unlock, err := s.store.Lock(ctx, s.cfg.key())
	if err != nil {
		return // the error that the caller gets names the scopes
	}
	defer unlock()
	t, err := s.store.Load(s.cfg.key())
	if err != nil || t == nil {
		return
	}
	if wanted := union(t.Wanted, scopes); len(wanted) != len(t.Wanted) && len(wanted) <= maxScopes {
		t.Wanted = wanted
		_ = s.store.Save(s.cfg.key(), t) // as above
	}
}

// renew returns a token other than the one that was refused. All who want one
// at the same time wait for one renewal, which goes on if they leave: what it
// brings exists once.
func (s *Source) renew(ctx context.Context, refused string) (*Token, error) {
	s.mu.Lock()
	if t := s.now.Load(); t != nil && t.Access != refused && t.usable(time.Now()) {
		s.mu.Unlock()
		return t, nil
	}
	f := s.flight
	if f == nil {
		f = &renewal{done: make(chan struct{})}
		s.flight = f
		ok := s.run(func() {
			f.token, f.err = s.another(refused)
			s.mu.Lock()
			s.flight = nil
			s.mu.Unlock()
			close(f.done)
		})
		if !ok {
			s.flight = nil
			s.mu.Unlock()
			return nil, errors.New("the gateway is closing")
		}
	}
	s.mu.Unlock()
	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// another gets a token other than the one that was refused.
func (s *Source) another(refused string) (*Token, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), renewTime)
	defer cancel()
	stop := context.AfterFunc(s.ctx, func() { time.AfterFunc(grace, cancel) })
	defer stop()
	if s.cfg.self() {
		return s.ownToken(ctx)
	}
	unlock, err := s.store.Lock(ctx, s.cfg.key())
	if err != nil {
		return nil, err
	}
	defer unlock()
	// Another process may have been faster, and its refresh token is the good one.
	t := s.look()
	switch {
	case t == nil:
		return nil, s.needsLogin("")
	case t.Access != refused && t.usable(time.Now()):
		return t, nil
	case t.Refresh == "":
		return nil, s.needsLogin("the token has expired or is not accepted, and cannot be renewed")
	}
	next := *t
	err = s.cfg.renew(ctx, s.client, &next)
	if e, ok := errors.AsType[*tokenError](err); ok && e.final() {
		reason := "the token cannot be renewed: " + e.Error()
		next.Access, next.Refresh = "", ""
		return nil, errors.Join(s.needsLogin(reason), s.keep(nil, &next, reason))
	}
	if err != nil {
		return nil, fmt.Errorf("renew the token: %w", err)
	}
	if err := s.keep(&next, &next, ""); err != nil {
		return nil, err
	}
	return &next, nil
}

// keep saves a token and takes t for the requests from now on, also if it cannot
// be saved: the one before is of no more use.
func (s *Source) keep(t, saved *Token, reason string) error {
	err := s.store.Save(s.cfg.key(), saved)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stamp, s.reason = s.store.Stamp(s.cfg.key()), reason
	s.now.Store(t)
	return err
}

// ownToken is one for the gateway itself. It is kept in memory alone.
func (s *Source) ownToken(ctx context.Context) (*Token, error) {
	s.mu.Lock()
	at, ch := s.place, s.asked
	s.mu.Unlock()
	if at == nil {
		var err error
		if at, err = s.cfg.discover(ctx, s.client, ch); err != nil {
			return nil, err
		}
	}
	scopes := s.cfg.Scopes
	if len(scopes) == 0 {
		scopes = at.scopes
	}
	if len(s.cfg.Scopes) == 0 && len(ch.scopes) > 0 {
		scopes = ch.scopes
	}
	t := &Token{
		Issuer: at.issuer.Issuer, Resource: at.resource, TokenEndpoint: at.issuer.TokenEndpoint, ClientID: s.cfg.ClientID,
		AuthMethod: s.cfg.method(at.issuer.TokenEndpointAuthMethodsSupported),
	}
	if err := s.cfg.obtain(ctx, s.client, t, scopes); err != nil {
		return nil, fmt.Errorf("get a token: %w", err)
	}
	t.Refresh = "" // another one is had in the same way
	s.mu.Lock()
	s.place = at
	s.mu.Unlock()
	s.now.Store(t)
	return t, nil
}

// Secrets are the texts that nobody may see, as they are now.
func (s *Source) Secrets() []string {
	list := s.cfg.Secrets()
	if t := s.now.Load(); t != nil {
		list = append(list, t.secrets()...)
	}
	return list
}

var _ web.Authorizer = (*Source)(nil)
