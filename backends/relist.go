package backends

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// refresh lists the tools again. What the server said to have changed is news,
// even if nothing is to be seen of it.
func (s *server) refresh(ctx context.Context, conn connection, changed bool) {
	limit := s.policy().startTimeout()
	ctx, cancel := context.WithTimeoutCause(ctx, limit, timeoutError{"the start timeout", limit})
	defer cancel()
	o, err := s.list(ctx, conn)
	if err != nil {
		s.log.Warn("the tools cannot be listed again; the old list stays", "error", s.explain("list tools of "+s.spec.Name, err))
		s.mu.Lock()
		s.tell()
		s.mu.Unlock()
		return
	}
	if !changed && s.confirm(&o) {
		return
	}
	s.save(&o)
	s.take(&o, conn)
	s.publish()
}

// confirm reports whether o is what the server offers already. Nothing has
// changed for anybody then.
func (s *server) confirm(o *offer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.offer.lists(o) || s.offer.policy != o.policy || s.cached {
		return false
	}
	s.offer.fresh = o.fresh
	s.listings++
	s.tell()
	return true
}

// keep has o go on with the tools that are known already if a new connection
// lists the same. Nobody who compares lists is told of it then.
func (s *server) keep(o *offer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	same := func(a, b bindery.Tool) bool { return a.ID == b.ID }
	if s.offer.lists(o) && slices.EqualFunc(s.offer.tools, o.tools, same) {
		o.tools = s.offer.tools
	}
}

// lists reports whether a server that offers o and p listed the same both times.
func (o *offer) lists(p *offer) bool {
	return slices.EqualFunc(o.raw, p.raw, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) })
}

// freshness is for how long the tools need not be listed again, 0 for as long as
// the server reports no change.
func (s *server) freshness() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offer.fresh == 0 {
		return 0
	}
	return max(s.offer.fresh, listAge)
}

// tell wakes those who wait for a list. The lock is held.
func (s *server) tell() {
	close(s.listed)
	s.listed = make(chan struct{})
}

// listing returns how often the tools were taken from the server, and what is
// closed when it is asked for them again.
func (s *server) listing() (n int, again <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listings, s.listed
}

// mismatched reports whether the server has refused a call because of the
// headers that repeat arguments: the declaration that they were made from is not
// its own any more. It has not looked at the call (2026-07-28
// basic/transports/streamable-http, "Custom headers").
func mismatched(conn connection, err error) bool {
	e, ok := session.ServerError(err)
	return ok && e.Code == session.CodeHeaderMismatch && prepareOf(conn) != nil && session.Modern(conn.Info().Protocol)
}

// relist sees to it that the tools are those that the server has now, and not
// those of the listing number seen. It reports whether they are.
func (s *server) relist(ctx context.Context, seen int) bool {
	ctx, cancel := context.WithTimeout(ctx, s.policy().startTimeout())
	defer cancel()
	s.shared.lend() // so that it does not come to rest
	defer s.shared.giveBack()
	if _, _, err := s.shared.await(ctx, ""); err != nil {
		return false
	}
	n, again := s.listing()
	if n != seen {
		return true
	}
	s.shared.dirty.raise()
	select {
	case <-again:
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	n, _ = s.listing()
	return n != seen
}
