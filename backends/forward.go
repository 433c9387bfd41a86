package backends

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/textproto"
	"slices"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// checkForward refuses what would pass a client's own token on (2026-07-28
// basic/authorization, "Access Token Privilege Restriction": no token
// passthrough).
func (s Spec) checkForward() error {
	for from := range s.Forward {
		if textproto.CanonicalMIMEHeaderKey(from) == "Authorization" {
			return errors.New("forwards Authorization, which is the client's token for the gateway and for nobody else")
		}
	}
	return nil
}

// forwarded are the headers of p's requests, and a digest of them, which stands
// for whose they are.
func (s *Spec) forwarded(p *Peer) (headers map[string]string, digest string, err error) {
	headers = make(map[string]string, len(s.Forward))
	h := sha256.New()
	for _, from := range slices.Sorted(maps.Keys(s.Forward)) {
		value := ""
		if p != nil {
			value = p.Forward[textproto.CanonicalMIMEHeaderKey(from)]
		}
		if value == "" {
			return nil, "", &bindery.Error{
				Code: bindery.Denied, Err: fmt.Errorf("the server wants the header %s of the caller's own request", from),
				Hint: "have the client send it to the gateway, over HTTP",
			}
		}
		headers[s.Forward[from]] = value
		fmt.Fprintf(h, "%d:%s%d:%s", len(from), from, len(value), value)
	}
	return headers, hex.EncodeToString(h.Sum(nil)), nil
}

// borrowFor is borrow for the caller alone: nobody else's requests go over the
// same connection, for what it carries is the caller's.
func (s *server) borrowFor(ctx context.Context, p *Peer) (*link, error) {
	headers, digest, err := s.spec.forwarded(p)
	if err != nil {
		return nil, err
	}
	return s.own(ctx, p.Session, p.Session+"\x00"+digest, headers)
}

// hide takes out of a text what is secret now: a token that changes, a header of
// the caller's own.
func (s *server) hide(p *Peer, text string) string {
	var secrets []string
	if s.auth != nil {
		secrets = s.auth.Secrets()
	}
	if p != nil && len(s.spec.Forward) > 0 {
		secrets = slices.AppendSeq(secrets, maps.Values(p.Forward))
	}
	if len(secrets) == 0 {
		return text
	}
	return session.NewRedactor(secrets).Clean(text)
}
