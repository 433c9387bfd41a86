package backends

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/bindery-mcp/bindery"
)

// maxSubscriptions is how many resources of one server are subscribed to.
const maxSubscriptions = 1000

// Subscribe has a server give notice of updates of a resource, see
// [Set.Notices]. Subscriptions are counted: the first of a URI subscribes at
// the server, and again whenever it is connected anew, the last to end
// unsubscribes. Where sessions are kept apart, that of the [Peer] in ctx follows
// resources of its own.
func (s *Set) Subscribe(ctx context.Context, server, uri string) error {
	op := "subscribe to a resource of " + server
	srv := s.server(server)
	if srv == nil {
		return &bindery.Error{Code: bindery.NotFound, Op: op, Unsent: true, Err: fmt.Errorf("there is no server %q", server)}
	}
	if uri == "" || len(uri) > maxURI {
		return &bindery.Error{Code: bindery.Invalid, Op: op, Unsent: true, Err: fmt.Errorf("the URI is empty or over the limit of %d bytes", maxURI)}
	}
	l, err := srv.follower(ctx)
	if err != nil {
		return srv.explainCall(ctx, op, &unsentError{err})
	}
	defer l.giveBack()
	if err := l.subs.add(ctx, uri, l.subscribe); err != nil {
		return srv.explainCall(ctx, op, err)
	}
	return nil
}

// Unsubscribe takes back one [Set.Subscribe]. Without one it does nothing. The
// error is the server's; the subscription has ended anyway.
func (s *Set) Unsubscribe(ctx context.Context, server, uri string) error {
	srv := s.server(server)
	if srv == nil {
		return nil // a server that has gone has no subscriptions
	}
	l := srv.shared
	if session := srv.apart(ctx); session != "" {
		if l = srv.linkOf(session); l == nil {
			return nil // nor has a session that has gone
		}
	}
	if err := l.subs.remove(ctx, uri, l.unsubscribe); err != nil {
		return srv.explainCall(ctx, "unsubscribe from a resource of "+server, err)
	}
	return nil
}

// subscriptions counts, for each URI, who wants it.
type subscriptions struct {
	turn chan struct{} // holds a token while nobody changes the server's side

	mu    sync.Mutex
	count map[string]int
}

func newSubscriptions() *subscriptions {
	s := &subscriptions{turn: make(chan struct{}, 1), count: map[string]int{}}
	s.turn <- struct{}{}
	return s
}

func (s *subscriptions) lock(ctx context.Context) error {
	select {
	case <-s.turn:
		return nil
	case <-ctx.Done():
		return &unsentError{context.Cause(ctx)}
	}
}

func (s *subscriptions) unlock() { s.turn <- struct{}{} }

// add counts uri up, after subscribe if it is the first.
func (s *subscriptions) add(ctx context.Context, uri string, subscribe func(context.Context, string) error) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	s.mu.Lock()
	n, all := s.count[uri], len(s.count)
	s.mu.Unlock()
	if n == 0 {
		if all >= maxSubscriptions {
			return &unsentError{&bindery.Error{
				Code: bindery.Limit, Hint: "unsubscribe from what is no longer needed",
				Err: fmt.Errorf("there are %d subscriptions already", all),
			}}
		}
		if err := subscribe(ctx, uri); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count[uri]++
	return nil
}

// remove counts uri down, and calls unsubscribe if it was the last.
func (s *subscriptions) remove(ctx context.Context, uri string, unsubscribe func(context.Context, string) error) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	s.mu.Lock()
	n := s.count[uri]
	if n > 1 {
		s.count[uri]--
	} else {
		delete(s.count, uri)
	}
	s.mu.Unlock()
	if n == 1 {
		return unsubscribe(ctx, uri)
	}
	return nil
}

func (s *subscriptions) list() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.count))
}

func (s *subscriptions) copyTo(o *subscriptions) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(o.count, s.count)
}

// Methods of subscriptions; a connection of the modern era knows what they
// stand for there.
const (
	subscribeMethod   = "resources/subscribe"
	unsubscribeMethod = "resources/unsubscribe"
)

func onResource(method, uri string) request {
	return func(ctx context.Context, conn connection) (json.RawMessage, error) {
		params, err := json.Marshal(map[string]string{"uri": uri})
		if err != nil {
			return nil, err
		}
		return conn.Request(ctx, method, params)
	}
}

// follower lends the link on which a client follows resources.
func (s *server) follower(ctx context.Context) (*link, error) {
	if session := s.apart(ctx); session != "" {
		return s.own(ctx, session, session, nil)
	}
	s.shared.lend()
	return s.shared, nil
}

func (l *link) subscribe(ctx context.Context, uri string) error {
	return l.tell(ctx, onResource(subscribeMethod, uri))
}

// unsubscribe does not connect a server for that.
func (l *link) unsubscribe(ctx context.Context, uri string) error {
	if state, _ := l.view(); state != Ready {
		return nil
	}
	return l.tell(ctx, onResource(unsubscribeMethod, uri))
}

func (l *link) subscribed() bool {
	l.subs.mu.Lock()
	defer l.subs.mu.Unlock()
	return len(l.subs.count) > 0
}

// resubscribe subscribes on a new connection to what was subscribed to before.
func (l *link) resubscribe(ctx context.Context, conn connection) {
	for _, uri := range l.subs.list() {
		limit := l.srv.policy().callTimeout()
		ctx, cancel := context.WithTimeoutCause(ctx, limit, timeoutError{"the call timeout", limit})
		_, err := onResource(subscribeMethod, uri)(ctx, conn)
		cancel()
		if err != nil && ctx.Err() == nil {
			l.log.Warn("a resource cannot be subscribed to again", "error", l.srv.explain("subscribe to a resource of "+l.srv.spec.Name, err))
		}
	}
}
