package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	method string
	params json.RawMessage
	reply  chan reply // holds one
}

type reply struct {
	result json.RawMessage
	err    error
}

// questions are those of one piece of work, for whichever of the client's
// requests attends it.
type questions chan *question

// ask hands a question over and waits for the answer. It ends with ctx, which
// is that of the call that raised it.
func (qs questions) ask(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	q := &question{method: method, params: params, reply: make(chan reply, 1)}
	select {
	case qs <- q:
	case <-ctx.Done():
		return nil, errors.New("nobody was there to answer the server's question")
	}
	select {
	case r := <-q.reply:
		return r.result, r.err
	case <-ctx.Done():
		return nil, errors.New("the server's question was not answered in time")
	}
}

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
			q.reply <- reply{err: cannot(q.method)}
		}
	}()
	settled := time.NewTimer(settling)
	defer settled.Stop()
	for {
		if r.Can(capabilityOf(q.method)) {
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

// capabilityOf returns what a client must have declared to be asked.
func capabilityOf(method string) string {
	switch method {
	case "elicitation/create":
		return "elicitation"
	case "sampling/createMessage":
		return "sampling"
	case "roots/list":
		return "roots"
	default:
		return method
	}
}

// refused is the code of the specification's examples for a request that a
// client will not carry out (2025-11-25, client/sampling). That of an unknown
// method would be taken by some servers for their own.
const refused = -1

// cannot is what a server is told if its question cannot be put.
func cannot(method string) error {
	return &backends.ServerError{Code: refused, Message: "the client does not support " + capabilityOf(method)}
}

// pose puts a question to a client that can be asked while its request is under
// way, which is so until 2025-11-25.
func pose(ctx context.Context, r *front.Request, q *question) {
	if !r.Can(capabilityOf(q.method)) {
		q.reply <- reply{err: cannot(q.method)}
		return
	}
	result, err := r.Ask(ctx, q.method, q.params)
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
// They end with the request.
type posing struct {
	request context.Context
	wg      sync.WaitGroup

	mu    sync.Mutex
	ended bool
	ctx   context.Context // from the first question on: most requests lead to none
	stop  context.CancelFunc
}

func newPosing(ctx context.Context) *posing { return &posing{request: ctx} }

func (p *posing) pose(r *front.Request, q *question) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		q.reply <- reply{err: errors.New("the request that the question belongs to has ended")}
		return
	}
	if p.ctx == nil {
		p.ctx, p.stop = context.WithCancel(p.request)
	}
	p.wg.Go(func() { pose(p.ctx, r, q) })
}

func (p *posing) end() {
	p.mu.Lock()
	p.ended = true
	if p.stop != nil {
		p.stop()
	}
	p.mu.Unlock()
	p.wg.Wait()
}
