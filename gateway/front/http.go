package front

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// ServeHTTP is Streamable HTTP: sessions for 2025-03-26 to 2025-11-25, none
// for 2026-07-28, at the same address.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.admit(r.Method == http.MethodPost) {
		closing(w)
		return
	}
	defer e.leave()
	version := r.Header.Get("Mcp-Protocol-Version")
	modern := version != "" && !old(version)
	switch {
	case r.Method == http.MethodPost:
		e.post(w, r, version)
	case r.Method == http.MethodGet && !modern:
		e.get(w, r)
	case r.Method == http.MethodDelete && !modern:
		e.delete(w, r)
	case modern:
		notAllowed(w, "POST")
	default:
		notAllowed(w, "GET, POST, DELETE")
	}
}

func closing(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	http.Error(w, "the server is shutting down; try again", http.StatusServiceUnavailable)
}

func busy(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "10")
	http.Error(w, "too many clients are connected; try again", http.StatusServiceUnavailable)
}

func notAllowed(w http.ResponseWriter, allow string) {
	w.Header().Set("Allow", allow)
	http.Error(w, "this address takes "+allow, http.StatusMethodNotAllowed)
}

// noSession is not an error of JSON-RPC: clients take the status for the
// session's end only if the body is none.
func noSession(w http.ResponseWriter) {
	http.Error(w, "session not found", http.StatusNotFound)
}

// splitMedia yields the media types of one Accept or Content-Type header.
func splitMedia(value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(value, ",") {
			kind, _, _ := strings.Cut(part, ";")
			if !yield(strings.ToLower(strings.TrimSpace(kind))) {
				return
			}
		}
	}
}

func isJSON(h http.Header) bool {
	for kind := range splitMedia(h.Get("Content-Type")) {
		return kind == "application/json"
	}
	return false
}

// post takes what a client sends, of whichever era.
func (e *Endpoint) post(w http.ResponseWriter, r *http.Request, version string) {
	a := accepts(r.Header)
	switch {
	case !isJSON(r.Header):
		http.Error(w, "the Content-Type must be application/json", http.StatusUnsupportedMediaType)
		return
	case !a.json && !a.events:
		http.Error(w, "the answer is application/json or text/event-stream; accept both", http.StatusNotAcceptable)
		return
	}
	data, ok := e.read(w, r)
	if !ok {
		return
	}
	if err := e.o.check(data); err != nil {
		e.reject(w, http.StatusBadRequest, nil, err)
		return
	}
	x := &exchange{endpoint: e, w: w, r: r, accept: a}
	many, is, err := batch(data)
	if err != nil {
		e.reject(w, http.StatusBadRequest, nil, err)
		return
	}
	if is {
		e.postBatch(x, many, version)
		return
	}
	m, err := decode(data)
	if err != nil {
		e.reject(w, http.StatusBadRequest, m.id, err)
		return
	}
	if m.kind == request && e.refuses(m) {
		closing(w)
		return
	}
	if version != "" && !slices.Contains(versions(), version) && !m.modern() {
		e.reject(w, http.StatusBadRequest, m.id, unsupported(version))
		return
	}
	// Without the header it is the body that tells, and then that the header
	// is missing.
	if version != "" && !old(version) || m.modern() {
		e.postModern(x, m)
		return
	}
	e.postOld(x, m)
}

// eager is up to which size a body gets its room before it has come.
const eager = 64 << 10

// read reads a body within bounds of size and time.
func (e *Endpoint) read(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body := http.MaxBytesReader(w, r.Body, e.o.MaxBody)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(e.o.WriteTimeout)) // not every server has one
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	var data []byte
	var err error
	if n := r.ContentLength; n > 0 && n <= eager {
		data = make([]byte, n)
		_, err = io.ReadFull(body, data)
	} else {
		data, err = io.ReadAll(body)
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		e.reject(w, http.StatusRequestEntityTooLarge, nil, refuse(CodeInvalidRequest, "a message may have %d bytes", e.o.MaxBody))
		return nil, false
	}
	if err != nil {
		e.reject(w, http.StatusBadRequest, nil, refuse(CodeParse, "the message could not be read"))
		return nil, false
	}
	if len(data) == 0 {
		e.reject(w, http.StatusBadRequest, nil, refuse(CodeParse, "the message is empty"))
		return nil, false
	}
	return data, true
}

// reject answers with an error that is HTTP's as well.
func (e *Endpoint) reject(w http.ResponseWriter, status int, id []byte, err *Error) {
	if err.Code == codeBusy {
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", "1")
	}
	writeJSON(w, status, fail(id, err), e.o.WriteTimeout)
}

// postModern serves a request without a session. A client that goes away
// gives it up.
func (e *Endpoint) postModern(x *exchange, m message) {
	switch m.kind {
	case notification: // the specification has none, and a way to answer one
		x.w.WriteHeader(http.StatusAccepted)
		return
	case response:
		e.reject(x.w, http.StatusBadRequest, nil, refuse(CodeInvalidRequest, "protocol version %s has no questions to respond to", firstModern))
		return
	case request:
	}
	caller, level, err := m.caller(x.r.Header)
	if err == nil {
		caller.Identity = e.o.Identify(x.r)
		err = e.agree(x.r.Header, m, caller)
	}
	if err != nil {
		e.reject(x.w, http.StatusBadRequest, m.id, err)
		return
	}
	ctx, cancel := context.WithCancel(x.r.Context())
	defer cancel()
	defer context.AfterFunc(e.ctx, cancel)()
	c := e.newCall(m, caller, level, nil, x, cancel)
	x.gone = cancel
	x.begin()
	result, err := e.perform(ctx, c)
	if err != nil {
		x.answer(fail(m.id, err), err.status())
		return
	}
	x.answer(modernise(m.id, m.method, result, e.info()), http.StatusOK)
}

// postOld serves a message of a session, or the request for one.
func (e *Endpoint) postOld(x *exchange, m message) {
	if m.kind == request && m.method == "initialize" {
		e.initialize(x, m)
		return
	}
	if !e.join(x) {
		return
	}
	defer e.sessions.release(x.session)
	if m.kind != request {
		x.session.hear(m)
		x.w.WriteHeader(http.StatusAccepted)
		return
	}
	c, ctx, err := x.call(m)
	if err != nil {
		e.reject(x.w, http.StatusBadRequest, m.id, err)
		return
	}
	x.begin()
	x.answer(x.perform(ctx, c), http.StatusOK)
}

// join finds the session of a request, or answers that there is none.
func (e *Endpoint) join(x *exchange) bool {
	id := x.r.Header.Get("Mcp-Session-Id")
	if id == "" {
		e.reject(x.w, http.StatusBadRequest, nil, refuse(CodeInvalidRequest, "the request has no Mcp-Session-Id; initialize first"))
		return false
	}
	x.session = e.sessions.find(id, e.o.Identify(x.r))
	if x.session == nil {
		noSession(x.w)
		return false
	}
	x.protocol = x.session.initialised().Protocol
	return true
}

// call counts a request into its session. Its context is not the HTTP
// request's: a client that goes away may come back for the answer.
func (x *exchange) call(m message) (*call, context.Context, *Error) {
	if x.endpoint.refuses(m) {
		return nil, nil, refuse(codeBusy, "the server is shutting down")
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(x.r.Context()))
	c := x.session.request(m, x, cancel)
	c.Sent = x.r.Header
	if err := x.session.begin(c); err != nil {
		cancel()
		return nil, nil, err
	}
	return c, ctx, nil
}

func (x *exchange) perform(ctx context.Context, c *call) answer {
	defer c.cancel()
	result, err := x.endpoint.perform(ctx, c)
	x.session.finish(c)
	if err != nil {
		return fail(c.id, err)
	}
	return succeed(c.id, result)
}

// postBatch serves the one version that has batches.
func (e *Endpoint) postBatch(x *exchange, many [][]byte, version string) {
	if version != "" && version != batching {
		e.reject(x.w, http.StatusBadRequest, nil, refuse(CodeInvalidRequest, "protocol version %s has no batches", version))
		return
	}
	if !e.join(x) {
		return
	}
	defer e.sessions.release(x.session)
	if x.protocol != batching {
		e.reject(x.w, http.StatusBadRequest, nil, refuse(CodeInvalidRequest, "protocol version %s has no batches", x.protocol))
		return
	}
	if answers := x.performAll(many); len(answers) > 0 {
		x.answerAll(answers)
		return
	}
	x.w.WriteHeader(http.StatusAccepted)
}

// performAll performs the requests of a batch side by side.
func (x *exchange) performAll(many [][]byte) []answer {
	var wg sync.WaitGroup
	answers := make([]answer, len(many))
	for i, data := range many {
		m, err := decode(data)
		switch {
		case err != nil:
			answers[i] = fail(m.id, err)
			continue
		case m.kind != request:
			x.session.hear(m)
			continue
		}
		c, ctx, err := x.call(m)
		if err != nil {
			answers[i] = fail(m.id, err)
			continue
		}
		wg.Go(func() { answers[i] = x.perform(ctx, c) })
	}
	wg.Wait()
	return slices.DeleteFunc(answers, func(a answer) bool { return a == nil })
}

func (x *exchange) answerAll(answers []answer) {
	x.mu.Lock()
	streaming := x.stream != nil
	x.mu.Unlock()
	if !streaming {
		x.answer(batchAnswer(answers), http.StatusOK)
		return
	}
	for _, a := range answers {
		_ = x.stream.push(a.line(), must)
	}
	x.answer(nil, http.StatusOK)
}
