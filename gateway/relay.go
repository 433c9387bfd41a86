package gateway

import (
	"context"
	"encoding/json"
	"sync/atomic"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// modernEra is the first protocol version in which a server does not ask, but
// says in its result what it needs to know.
const modernEra = "2026-07-28"

// sender makes a request with these params.
type sender func(context.Context, jsonobject.Object) (json.RawMessage, error)

// relay makes a request on behalf of the client of r: what the server says and
// asks meanwhile goes to it, whichever era each of them is of.
func (e *endpoint) relay(ctx context.Context, c Client, r *front.Request, server string, params jsonobject.Object, do sender) (json.RawMessage, error) {
	p := e.peer(r)
	p.Notify = func(method string, params json.RawMessage) {
		// A client that cannot be told learns the result all the same.
		_ = r.Notify(ctx, method, params)
	}
	s, _ := e.view(c).server(server)
	legacy := s.Protocol < modernEra
	switch canBeAsked := r.Can("elicitation") || r.Can("sampling") || r.Can("roots"); {
	case r.Modern() && canBeAsked && (legacy || e.g.opts().Policy != nil):
		// The policy may ask too, so that all questions take its way.
		return e.converse(ctx, c, r, p, params, do)
	case r.Modern() || len(r.Capabilities) == 0:
		// What a modern server wants to know is in its result, and the client
		// understands it; no other may ask.
		return do(backends.WithPeer(ctx, &p), params)
	}
	posing := e.g.posing()
	defer posing.end()
	p.Ask = func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
		q := newQuestion(ctx, method, params)
		posing.pose(r, q)
		select {
		case a := <-q.reply:
			return a.result, a.err
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return do(backends.WithPeer(ctx, &p), params)
}

// talk is a request that a server of before works on for a modern client: it
// may need several of the client's requests.
type talk struct {
	questions questions
	cancel    context.CancelFunc
	// now is the request that attends, for what the server says meanwhile.
	now atomic.Pointer[front.Request]

	done   chan struct{} // closed once result and err are set
	result json.RawMessage
	err    error
}

// converse makes a request that may lead to questions, and ends with the result
// or with the questions; then the next request of the client goes on with it.
func (e *endpoint) converse(ctx context.Context, c Client, r *front.Request, p backends.Peer, params jsonobject.Object, do sender) (json.RawMessage, error) {
	what := r.Method + " " + params.Text("name") + params.Text("uri")
	work, err := e.g.suspended.resume(c.Name, what, r.Params)
	if err != nil {
		return nil, err
	}
	t, ok := work.(*talk)
	if !ok {
		if t, err = e.talk(ctx, r, p, params, do); err != nil {
			return nil, wire(err)
		}
	} else {
		t.now.Store(r)
	}
	for {
		select {
		case <-t.done:
			return t.result, t.err
		case <-ctx.Done():
			t.cancel()
			<-t.done
			return nil, context.Cause(ctx)
		case q := <-t.questions:
			if asked := t.questions.gather(ctx, r, q); len(asked) > 0 {
				return e.g.suspended.park(c.Name, what, t, asked, t.cancel)
			}
		}
	}
}

// talk starts the work. It ends with itself, when it is cancelled, with its
// session if it has one, or with the gateway.
func (e *endpoint) talk(ctx context.Context, r *front.Request, p backends.Peer, params jsonobject.Object, do sender) (*talk, error) {
	ctx, left := e.g.sessions.join(context.WithoutCancel(ctx), p.Session)
	ctx, done, err := e.g.begin(ctx)
	if err != nil {
		left()
		return nil, err
	}
	release := e.front.Hold(r.Session)
	t := &talk{questions: make(questions), done: make(chan struct{})}
	t.now.Store(r)
	ctx, t.cancel = context.WithCancel(ctx)
	p.Ask = t.questions.asker(t.done)
	p.Notify = func(method string, params json.RawMessage) {
		if r := t.now.Load(); r != nil {
			_ = r.Notify(ctx, method, params)
		}
	}
	e.g.wg.Go(func() {
		defer release()
		defer left()
		defer done()
		defer t.cancel()
		t.result, t.err = do(backends.WithPeer(ctx, &p), params)
		close(t.done)
	})
	return t, nil
}
