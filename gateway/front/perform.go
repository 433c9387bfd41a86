package front

import (
	"cmp"
	"context"
	"encoding/json"
	"runtime/debug"
	"slices"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// perform answers one request: what is the protocol's own itself, the rest
// through the handler. The initialize that begins a session is not one.
func (e *Endpoint) perform(ctx context.Context, c *call) (result json.RawMessage, failed *Error) {
	ctx, ended := e.observe(ctx, &c.Request)
	defer func() { ended(result, failed) }()
	result, own, err := e.own(ctx, c)
	if !own {
		result, err = e.handle(ctx, c)
	}
	c.end()
	if err != nil {
		return nil, asError(err)
	}
	if result == nil {
		return json.RawMessage("{}"), nil
	}
	if !isObject(result) {
		e.o.Logger.Error("a result is not an object", "method", c.Method, "request", c.ID)
		return nil, refuse(CodeInternal, "the result of %s is not an object", quoted(c.Method))
	}
	return result, nil
}

// observe tells of a request. ended is never nil.
func (e *Endpoint) observe(ctx context.Context, r *Request) (_ context.Context, ended func(json.RawMessage, *Error)) {
	if e.o.Observe != nil {
		ctx, ended = e.o.Observe(ctx, r)
	}
	if ended == nil {
		ended = func(json.RawMessage, *Error) {}
	}
	return ctx, ended
}

// handle asks the handler. One that panics fails its own request only.
func (e *Endpoint) handle(ctx context.Context, c *call) (result json.RawMessage, err error) {
	defer func() {
		if p := recover(); p != nil {
			e.o.Logger.Error("a request panicked", "method", c.Method, "request", c.ID, "panic", p, "stack", string(debug.Stack()))
			result, err = nil, refuse(CodeInternal, "bindery failed on this request; its log says where (request %s)", c.ID)
		}
	}()
	return e.handler.Handle(ctx, &c.Request)
}

// own answers what is the protocol's own, per era.
func (e *Endpoint) own(ctx context.Context, c *call) (result json.RawMessage, own bool, err error) {
	switch c.Method {
	case "server/discover", "subscriptions/listen":
		own = c.Modern()
	case "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe":
		own = !c.Modern()
	default:
		return nil, false, nil
	}
	switch {
	case !own:
		err = refuse(CodeMethodNotFound, "there is no method %s in protocol version %s", quoted(c.Method), c.Protocol)
	case c.Method == "server/discover":
		d := e.handler.Describe(c.Caller)
		result, err = d.discovered()
	case c.Method == "subscriptions/listen":
		result, err = e.listen(ctx, c)
	default:
		err = c.session.own(c)
	}
	return result, true, err
}

// own does what changes a legacy session, and has no result.
func (s *session) own(c *call) error {
	switch c.Method {
	case "initialize":
		return refuse(CodeInvalidRequest, "the session is initialised already")
	case "logging/setLevel":
		level, err := text(jsonscan.Member(c.Params, "level"), 16)
		if err != nil || !slices.Contains(levels[:], level) {
			return refuse(CodeInvalidParams, "the level must be one of %v", levels)
		}
		s.mu.Lock()
		s.level = level
		s.mu.Unlock()
	case "resources/subscribe", "resources/unsubscribe":
		uri, err := text(jsonscan.Member(c.Params, "uri"), 8192)
		if err != nil {
			return refuse(CodeInvalidParams, "uri: %s", err.Message)
		}
		if c.Method == "resources/subscribe" {
			return s.subscribe(uri)
		}
		s.unsubscribe(uri)
	}
	return nil
}

// initialize makes the client known, and returns what it is told.
func (s *session) initialize(ctx context.Context, m message, c Caller) (result json.RawMessage, refused *Error) {
	asked, err := text(jsonscan.Member(m.params, "protocolVersion"), 64)
	if err != nil {
		return nil, refuse(CodeInvalidParams, "protocolVersion: %s", err.Message)
	}
	c.Identity, c.Session, c.Protocol = s.identity, s.id, negotiate(asked)
	_, ended := s.endpoint.observe(ctx, &Request{Caller: &c, Sent: c.Header, ID: s.endpoint.requestID(), Method: m.method, Params: m.params, Meta: m.known.meta})
	defer func() { ended(result, refused) }()
	if err := c.client(jsonscan.Member(m.params, "clientInfo"), slices.Clone(jsonscan.Member(m.params, "capabilities"))); err != nil {
		return nil, err
	}
	d := s.endpoint.handler.Describe(&c)
	told, failed := d.initialised(c.Protocol)
	if failed != nil {
		return nil, asError(failed)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.caller != nil {
		return nil, refuse(CodeInvalidRequest, "the session is initialised already")
	}
	s.caller = &c
	return told, nil
}

// request makes a legacy request of a message.
func (s *session) request(m message, out outlet, cancel context.CancelFunc) *call {
	s.mu.Lock()
	caller, level := s.caller, s.level
	s.mu.Unlock()
	c := s.endpoint.newCall(m, caller, cmp.Or(level, levels[0]), s, out, cancel)
	c.LogUnset = level == ""
	return c
}

func (e *Endpoint) newCall(m message, caller *Caller, level string, s *session, out outlet, cancel context.CancelFunc) *call {
	c := &call{
		Request: Request{Caller: caller, Sent: caller.sent(), ID: e.requestID(), Method: m.method, Params: m.params, Meta: m.known.meta, LogLevel: level},
		id:      m.id, session: s, out: out, cancel: cancel,
	}
	c.Request.call = c
	return c
}
