package session

import (
	"context"
	"encoding/json"
)

// Peer is the client on whose behalf a request is made; see backends.Peer,
// which has the same fields.
type Peer struct {
	Session      string
	Client       string
	Capabilities json.RawMessage
	Forward      map[string]string
	Log          string
	Notify       func(method string, params json.RawMessage)
	Ask          func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error)
}

// same reports whether p and q are one client: in one session, or in none.
func (p *Peer) same(q *Peer) bool {
	if p == nil || q == nil || p == q {
		return p == q
	}
	return p.Session == q.Session && (p.Session != "" || p.Client != "" && p.Client == q.Client)
}

type peerKey struct{}

// WithPeer returns a context in which requests are made on behalf of p.
func WithPeer(ctx context.Context, p *Peer) context.Context {
	return context.WithValue(ctx, peerKey{}, p)
}

// PeerOf returns the client on whose behalf ctx is, or nil.
func PeerOf(ctx context.Context) *Peer {
	p, _ := ctx.Value(peerKey{}).(*Peer)
	return p
}
