package front

import (
	"context"
	"net/http"
)

// initialize opens a session and answers with its id.
func (e *Endpoint) initialize(x *exchange, m message) {
	s := e.newSession(e.o.Identify(x.r))
	result, err := s.initialize(x.r.Context(), m, Caller{Header: x.r.Header})
	if err != nil {
		s.close()
		e.reject(x.w, http.StatusBadRequest, m.id, err)
		return
	}
	w, ok := e.sessions.add(s)
	if !ok {
		s.close()
		busy(x.w)
		return
	}
	defer e.sessions.release(w)
	x.w.Header().Set("Mcp-Session-Id", s.id)
	x.begin()
	x.answer(succeed(m.id, result), http.StatusOK)
}

// get is the stream a session listens on, or one that it comes back for.
func (e *Endpoint) get(w http.ResponseWriter, r *http.Request) {
	if !accepts(r.Header).events {
		http.Error(w, "this is an event stream; accept text/event-stream", http.StatusNotAcceptable)
		return
	}
	id := r.Header.Get("Mcp-Session-Id")
	if id == "" {
		notAllowed(w, "POST") // nothing but a session has a stream of its own
		return
	}
	s := e.sessions.find(id, e.o.Identify(r))
	if s == nil {
		noSession(w)
		return
	}
	defer e.sessions.release(s)
	last := r.Header.Get("Last-Event-Id")
	if resumed, next, ok := e.sessions.resume(s, last); ok {
		to := newEvents(w, e.o.WriteTimeout, resumed.id)
		defer to.done()
		if to.open(hint) == nil {
			_ = resumed.serve(r.Context(), next, e.o.KeepAlive, to)
		}
		return
	}
	if last != "" && last != standing {
		http.Error(w, "the stream of this event is not kept any more", http.StatusBadRequest)
		return
	}
	e.stand(w, r, s)
}

// standing is the one event id of the stream a session listens on. What is
// missed while nobody listens is made up for when somebody does again.
const standing = "listen-0"

func (e *Endpoint) stand(w http.ResponseWriter, r *http.Request, s *webSession) {
	out, first := &stream{}, hint
	if s.initialised().Protocol >= priming {
		first = newEvents(w, 0, "listen").prime()
	}
	defer context.AfterFunc(e.drain, out.end)()
	defer context.AfterFunc(s.ctx, out.end)()
	defer s.listen(out)()
	to := newEvents(w, e.o.WriteTimeout, "")
	defer to.done()
	if to.open(first) == nil {
		_ = out.serve(r.Context(), 0, e.o.KeepAlive, to)
	}
}

// delete ends a session.
func (e *Endpoint) delete(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get("Mcp-Session-Id")
	if id == "" {
		http.Error(w, "the request has no Mcp-Session-Id", http.StatusBadRequest)
		return
	}
	s := e.sessions.find(id, e.o.Identify(r))
	if s == nil {
		noSession(w)
		return
	}
	e.sessions.remove(s)
	e.sessions.release(s)
	w.WriteHeader(http.StatusNoContent)
}
