package front

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
)

// maxURIs bounds the resources one client may subscribe to.
const maxURIs = 1024

// audience is what a legacy client hears of without asking: what it has
// subscribed to, and the stream it listens on, if it does.
type audience struct {
	mu    sync.Mutex // held while the handler is asked, so that changes have an order
	uris  []string
	out   *stream
	stop  context.CancelFunc
	again bool // it has listened before
}

// listen passes events to out, in place of the stream before, until the
// returned function is called.
func (s *session) listen(out *stream) (stop func()) {
	a := &s.audience
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.out != nil {
		a.out.end()
	}
	a.out = out
	w, err := s.watch()
	if err != nil {
		s.endpoint.o.Logger.Debug("a client hears of nothing", "session", s.id, "error", err)
	}
	if a.again {
		missed(out, w.Honoured)
	}
	a.again = true
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.out == out {
			a.out = nil
			a.quietLocked()
		}
	}
}

func (a *audience) quietLocked() {
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}

// missed tells a client that comes back of everything that may have changed
// while it was away.
func missed(out *stream, f Filter) {
	for method, honoured := range map[string]bool{
		"notifications/tools/list_changed":     f.Tools,
		"notifications/prompts/list_changed":   f.Prompts,
		"notifications/resources/list_changed": f.Resources,
	} {
		if honoured {
			_ = out.push(notify(method, nil).line(), once)
		}
	}
	for _, uri := range f.URIs {
		params, _ := json.Marshal(map[string]string{"uri": uri})
		_ = out.push(notify("notifications/resources/updated", params).line(), once)
	}
}

// watch starts to pass events to the stream, then ends the watch before it, so
// that none is lost in between; the client may hear twice of one.
func (s *session) watch() (Watch, error) {
	a := &s.audience
	ctx, cancel := context.WithCancel(s.ctx)
	f := Filter{Tools: true, Prompts: true, Resources: true, URIs: slices.Clone(a.uris), Messages: true}
	w, err := s.endpoint.handler.Watch(ctx, s.initialised(), f)
	if err != nil {
		cancel()
		return Watch{}, err
	}
	a.quietLocked()
	a.stop = cancel
	out := a.out
	s.endpoint.spawn(func() {
		for {
			select {
			case <-ctx.Done():
				s.pass(out, w.Events.Take()) // what came before the next watch began
				return
			case <-w.Events.Some():
				if !s.pass(out, w.Events.Take()) {
					return
				}
			}
		}
	})
	return w, nil
}

// pass adds events to the stream, unless that has no room for them.
func (s *session) pass(out *stream, events []Event) bool {
	for _, ev := range events {
		i := once
		if ev.Method == "notifications/message" {
			if i = lossy; !s.wants(ev.Params) {
				continue
			}
		}
		if out.push(notify(ev.Method, ev.Params).line(), i) != nil {
			return false
		}
	}
	return true
}

// subscribe adds a resource. If the client does not listen now, the handler is
// asked all the same whether it may.
func (s *session) subscribe(uri string) error {
	a := &s.audience
	a.mu.Lock()
	defer a.mu.Unlock()
	if slices.Contains(a.uris, uri) {
		return nil
	}
	if len(a.uris) >= maxURIs {
		return refuse(CodeInvalidParams, "a client may subscribe to %d resources", maxURIs)
	}
	a.uris = append(a.uris, uri)
	w, err := s.tryLocked(uri)
	if err == nil {
		err = w.Refused[uri]
	}
	if err == nil && !slices.Contains(w.Honoured.URIs, uri) {
		err = refuse(CodeInvalidParams, "the resource %s cannot be subscribed to", quoted(uri))
	}
	if err != nil {
		s.dropLocked(uri)
	}
	return err
}

func (s *session) tryLocked(uri string) (Watch, error) {
	if s.audience.out != nil {
		return s.watch()
	}
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	return s.endpoint.handler.Watch(ctx, s.initialised(), Filter{URIs: []string{uri}})
}

func (s *session) unsubscribe(uri string) {
	s.audience.mu.Lock()
	defer s.audience.mu.Unlock()
	s.dropLocked(uri)
}

func (s *session) dropLocked(uri string) {
	a := &s.audience
	i := slices.Index(a.uris, uri)
	if i < 0 {
		return
	}
	a.uris = slices.Delete(a.uris, i, i+1)
	if a.out == nil {
		return
	}
	if _, err := s.watch(); err != nil {
		s.endpoint.o.Logger.Debug("a client hears of nothing", "session", s.id, "error", err)
	}
}

// wants reports whether the client's level lets a log message through.
func (s *session) wants(params json.RawMessage) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return reaches(cmp.Or(s.level, levels[0]), params)
}
