package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// question is something that a server wants to know of the client in the middle
// of its work: elicitation/create, sampling/createMessage, roots/list.
type question struct {
	ctx    context.Context // ends when the answer is wanted no more
	method string
	params json.RawMessage
	reply  chan reply // holds one
}

type reply struct {
	result json.RawMessage
	err    error
}

func newQuestion(ctx context.Context, method string, params json.RawMessage) *question {
	return &question{ctx: ctx, method: method, params: params, reply: make(chan reply, 1)}
}

// questions are those of one piece of work, for whichever of the client's
// requests attends it.
type questions chan *question

// asker hands questions over and waits for the answers. A question may come when
// the work is done, if it belongs to another of the client's: nobody attends
// then.
func (qs questions) asker(done <-chan struct{}) func(context.Context, string, json.RawMessage) (json.RawMessage, error) {
	return func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
		q := newQuestion(ctx, method, params)
		select {
		case qs <- q:
		case <-done:
			return nil, errUnattended
		case <-ctx.Done():
			return nil, errUnattended
		}
		select {
		case r := <-q.reply:
			return r.result, r.err
		case <-ctx.Done():
			return nil, errors.New("the server's question was not answered in time")
		}
	}
}

var errUnattended = errors.New("nobody was there to answer the server's question")

// settling is how long a question that the client cannot answer is held back
// for others about the same work. A server may ask several things side by side
// and give up its work once one is refused (go-sdk's does); the client is to
// see those that it can answer, and nothing says how many there will be.
const settling = 100 * time.Millisecond

// gather returns those of the questions that stand now, q the first, which the
// client can answer; the others are refused. If there are only others, it waits
// a moment for one.
func (qs questions) gather(ctx context.Context, r *front.Request, q *question) []*question {
	var asked, unanswerable []*question
	defer func() {
		for _, q := range unanswerable {
			q.reply <- reply{err: cannot(q)}
		}
	}()
	settled := time.NewTimer(settling)
	defer settled.Stop()
	for {
		if q.fits(r.Caller) {
			asked = append(asked, q)
		} else {
			unanswerable = append(unanswerable, q)
		}
		select {
		case q = <-qs:
			continue
		default:
		}
		if len(asked) > 0 {
			return asked
		}
		select {
		case q = <-qs:
		case <-settled.C:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// fits reports whether a client declared that it can be asked this.
func (q *question) fits(c *front.Caller) bool { return c.CanBeAsked(q.method, q.params) }

// refused is the code of the specification's examples for a request that a
// client will not carry out (2025-11-25, client/sampling). That of an unknown
// method would be taken by some servers for their own.
const refused = -1

// cannot is what a server is told if its question cannot be put.
func cannot(q *question) error {
	return &backends.ServerError{Code: refused, Message: "the client does not support " + strings.TrimSuffix(front.Needed(q.method, q.params), ".form")}
}

// pose puts a question to a client that can be asked while its request is under
// way, which is so until 2025-11-25.
func pose(r *front.Request, q *question) {
	if !q.fits(r.Caller) {
		q.reply <- reply{err: cannot(q)}
		return
	}
	result, err := r.Ask(q.ctx, q.method, q.params)
	if e, ok := errors.AsType[*front.Error](err); ok {
		err = &backends.ServerError{Code: e.Code, Message: e.Message, Data: e.Data}
	}
	q.reply <- reply{result, err}
}

// attributed says in the text of a question which server it is from: the client
// sees one gateway, and has to know whom it answers.
func attributed(server, method string, params json.RawMessage) json.RawMessage {
	if method != "elicitation/create" {
		return params
	}
	o, err := jsonobject.Parse(params)
	if err != nil {
		return params
	}
	o.SetText("message", fmt.Sprintf("[%s] %s", server, o.Text("message")))
	return o.Bytes()
}

// answering lets servers ask the client of a script while they work on its calls.
func answering(p *backends.Peer, next bindery.Caller) bindery.Caller {
	if p == nil {
		return next
	}
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		return next.Call(backends.WithPeer(ctx, peerFor(p, c.Tool.Server)), c)
	})
}

// peerFor is the peer with its questions attributed to the server.
func peerFor(p *backends.Peer, server string) *backends.Peer {
	own := *p
	if ask := p.Ask; ask != nil {
		own.Ask = func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
			return ask(ctx, method, attributed(server, method, params))
		}
	}
	return &own
}

// posing is the questions that are being put to a client within one request.
type posing struct {
	mu    sync.Mutex
	under map[*question]chan struct{} // closed when the question is over
	spawn func(func())
}

func (g *Gateway) posing() *posing {
	return &posing{under: make(map[*question]chan struct{}), spawn: g.wg.Go}
}

func (p *posing) pose(r *front.Request, q *question) {
	over := make(chan struct{})
	p.mu.Lock()
	p.under[q] = over
	p.mu.Unlock()
	p.spawn(func() {
		pose(r, q)
		p.mu.Lock()
		delete(p.under, q)
		p.mu.Unlock()
		close(over)
	})
}

// end waits for the questions whose answers are wanted no more, so that the
// client is told so before the request's own answer. The others stay: they may
// be about something else of the client's, or about a script that goes on.
func (p *posing) end() {
	p.mu.Lock()
	var ending []chan struct{}
	for q, over := range p.under {
		if q.ctx.Err() != nil {
			ending = append(ending, over)
		}
	}
	p.mu.Unlock()
	for _, over := range ending {
		<-over
	}
}
