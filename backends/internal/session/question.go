package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// Bounds of what a server may ask at once, and of the ids it asks with.
const (
	maxQuestions  = 64
	maxQuestionID = 256
)

// codeDeclined is what a server gets when a client would not answer (the code
// that the protocol's own examples have for it).
const codeDeclined = -1

// question is a request of the server that is being answered.
type question struct {
	peer   *Peer
	on     *Exchange // the request that it surely belongs to, nil if that was not said
	cancel context.CancelFunc
	number int // in the order in which they came
}

// refused is an answer that is an error.
type refused struct {
	code    int
	message string
	data    json.RawMessage
}

func (e *refused) Error() string { return e.message }

// ask answers a request of the server, without blocking.
func (b *Inbox) ask(m Message, on *Exchange) {
	if len(m.ID) > maxQuestionID {
		return
	}
	if sure(on) == nil {
		if x := b.fetching(m.Params); x != nil {
			on = x
		}
	}
	peer, err := b.asked(m, on)
	b.mu.Lock()
	defer b.mu.Unlock()
	key := string(m.ID)
	if err == nil && (len(b.questions) >= maxQuestions || b.questions[key] != nil) {
		err = &refused{code: jsonrpc.CodeInternalError, message: fmt.Sprintf("there are %d questions already; answers to those come first", len(b.questions))}
	}
	if b.closed || err != nil && b.refusing >= maxQuestions {
		return // whoever asks that much without listening gets no answer
	}
	ctx, cancel := context.WithCancel(b.ctx)
	if err != nil {
		b.refusing++
	} else {
		b.asks++
		b.questions[key] = &question{peer, sure(on), cancel, b.asks}
	}
	// The message is part of a larger text that need not wait with it.
	m.ID, m.Params = append([]byte(nil), m.ID...), append([]byte(nil), m.Params...)
	b.answering.Go(func() {
		defer cancel()
		b.send(ctx, m, peer, err)
		b.mu.Lock()
		defer b.mu.Unlock()
		if err != nil {
			b.refusing--
		} else {
			delete(b.questions, key)
		}
	})
}

// asked returns the client that a question is for, nil if it needs none.
func (b *Inbox) asked(m Message, on *Exchange) (*Peer, error) {
	switch m.Method {
	case "ping":
		return nil, nil
	case "roots/list":
		if len(b.o.Roots) == 0 {
			return nil, &refused{code: jsonrpc.CodeMethodNotFound, message: "this client has no roots"}
		}
		return nil, nil
	case "elicitation/create", "sampling/createMessage":
	default:
		return nil, &refused{code: jsonrpc.CodeMethodNotFound, message: fmt.Sprintf("this client knows no method %q", PlainText(m.Method, 80))}
	}
	peers := b.peers(on)
	for _, p := range peers {
		if !p.same(peers[0]) {
			return nil, &refused{code: codeDeclined, message: "several clients have requests under way, and it cannot be told whose question this is; " +
				`give each client a server of its own: "isolate: session"`}
		}
	}
	switch p := b.unasked(peers); {
	case p == nil:
		return nil, &refused{code: codeDeclined, message: "nobody is there to answer: no client has a request under way"}
	case p.Ask == nil:
		return nil, &refused{code: jsonrpc.CodeMethodNotFound, message: "the client that made the request cannot answer questions"}
	default:
		return p, nil
	}
}

// unasked returns, of several requests of one client, the latest about which it
// has no question yet: most servers ask as soon as they work on a request, and
// wait for the answer before they go on, and a client of 2026-07-28 that will
// not give one cannot say so. Where there is one about each, this one is about
// the request of the latest: a server that has several questions asks them one
// right after another.
func (b *Inbox) unasked(peers []*Peer) *Peer {
	b.mu.Lock()
	defer b.mu.Unlock()
	var last *Peer
	number := 0
	for _, p := range peers {
		asked := false
		for _, q := range b.questions {
			if q.peer != p {
				continue
			}
			if asked = true; q.number > number {
				last, number = p, q.number
			}
		}
		if !asked {
			return p
		}
	}
	return last
}

// send answers m: with what peer says, or with err.
func (b *Inbox) send(ctx context.Context, m Message, peer *Peer, err error) {
	var result json.RawMessage
	switch {
	case err != nil:
	case m.Method == "ping":
		result = json.RawMessage("{}")
	case m.Method == "roots/list":
		result = RootsResult(b.o.Roots)
	default:
		result, err = peer.Ask(ctx, m.Method, unrelated(m.Params))
		if err == nil && Members(result, func(_, _ []byte) {}) != nil {
			err = errors.New("the client's answer is no JSON object")
		}
		if err == nil {
			result = relating(result, m.Params)
		}
	}
	if b.ctx.Err() != nil {
		return
	}
	text := answer(m.ID, result)
	if err != nil {
		e := refusedBy(err)
		text = refusal(m.ID, e.code, e.message, e.data)
	}
	// There is nobody to tell that a server does not take its answer.
	_ = b.reply(b.ctx, text)
}

// refusedBy returns what a server is told of err. An error of the protocol goes
// to it as it is.
func refusedBy(err error) *refused {
	if e, ok := errors.AsType[*refused](err); ok {
		return e
	}
	var coded interface {
		RPC() (code int, message string, data json.RawMessage)
	}
	if errors.As(err, &coded) {
		code, message, data := coded.RPC()
		return &refused{code, message, data}
	}
	if errors.Is(err, context.Canceled) {
		return &refused{code: codeDeclined, message: "the request that the question belongs to has ended"}
	}
	return &refused{code: codeDeclined, message: PlainText(err.Error(), 500)}
}

// withdraw ends the question, or the standing request, that the server has
// cancelled.
func (b *Inbox) withdraw(id json.RawMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if q := b.questions[string(id)]; q != nil {
		q.cancel()
	}
	if n, ok := number(id); ok {
		if x := b.requests[n]; x != nil && x.standing {
			x.Abort(errStreamEnded)
		}
	}
}
