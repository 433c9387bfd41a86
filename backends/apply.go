package backends

import (
	"context"

	"github.com/bindery-mcp/bindery"
)

// roster is the servers of a set at one time.
type roster struct {
	list   []*server
	byName map[string]*server
}

// Apply makes specs the servers of the set, in their order. A server whose
// spec leads to what it did before keeps its connections and processes, and a
// different policy (what it offers, timeouts, limits) holds for requests from
// now on. A new server starts; one that is gone, or that is reached in another
// way, ends after its requests, which have until their own timeout. An error
// changes nothing. The catalogue changes once, and then as new servers come up.
func (s *Set) Apply(ctx context.Context, specs []Spec) error {
	if err := validate(specs); err != nil {
		return err
	}
	s.applying.Lock()
	defer s.applying.Unlock()
	if ctx.Err() != nil {
		return &bindery.Error{Code: bindery.Cancelled, Op: "apply servers", Err: context.Cause(ctx)}
	}
	old := s.roster.Load()
	now := &roster{byName: make(map[string]*server, len(specs))}
	var fresh, gone []*server
	kept := map[*server]Spec{}
	for _, spec := range specs {
		srv := old.byName[spec.Name]
		if srv != nil && srv.spec.reaches(spec) {
			kept[srv] = spec
		} else {
			srv = s.newServer(spec, srv)
			fresh = append(fresh, srv)
		}
		now.list = append(now.list, srv)
		now.byName[spec.Name] = srv
	}
	for _, srv := range old.list {
		if now.byName[srv.spec.Name] != srv {
			gone = append(gone, srv)
		}
	}
	for _, srv := range fresh {
		if !srv.start() {
			return &bindery.Error{Code: bindery.Unavailable, Op: "apply servers", Err: errClosed}
		}
	}
	s.replace(now, func() {
		for srv, spec := range kept {
			srv.adjust(spec)
		}
	})
	for _, srv := range gone {
		s.crew.run(srv.retire) // if the set is closed, they have been told
	}
	return nil
}

// inherit takes over what is followed of the server before, by everybody and by
// the sessions that had one of their own and have it still.
func (s *server) inherit(before *server) {
	before.shared.subs.copyTo(s.shared.subs)
	if !s.spec.Isolate || len(s.spec.Forward) > 0 {
		return
	}
	before.mu.Lock()
	defer before.mu.Unlock()
	for key, l := range before.sessions {
		if l.session != "" && l.headers == nil && l.subscribed() {
			own := newLink(s, l.session, key, nil)
			l.subs.copyTo(own.subs)
			s.sessions[key] = own
		}
	}
}

// start runs the server's links, and reports whether it could.
func (s *server) start() bool {
	started := s.crew.run(s.shared.run)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.sessions {
		started = s.crew.run(l.run) && started
	}
	return started
}
