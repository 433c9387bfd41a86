package gateway

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// answerTime is how long a client, which may be a person, has to answer what a
// server asked, before the work that waits for it is given up.
const answerTime = 10 * time.Minute

// maxSuspended bounds the work of one client that waits for its answers.
const maxSuspended = 64

// suspended is the work that waits for clients of 2026-07-28 to answer: there a
// server cannot ask, its result says what it needs to know ("input_required",
// SEP-2322), and the client sends the request again with the answers. The work
// itself goes on where it was: nothing is done twice. The state that the client
// sends back is the name of the work, which no one can guess.
type suspended struct {
	mu     sync.Mutex
	work   map[string]*suspension // by client and state
	closed bool
}

// suspension is one piece of work and what it waits for.
type suspension struct {
	client  string
	what    string // the request, so that the answers to one are not given to another
	work    any
	pending map[string]*question
	expire  *time.Timer
}

func newSuspended() *suspended { return &suspended{work: make(map[string]*suspension)} }

// park keeps work until the client sends its answers, and returns the result
// that asks for them. giveUp is called if it does not, or cannot be asked.
func (s *suspended) park(client, what string, work any, asked []*question, giveUp func()) (json.RawMessage, error) {
	result, err := s.keep(client, what, work, asked, giveUp)
	if err != nil {
		for _, q := range asked {
			q.reply <- reply{err: err}
		}
		giveUp()
	}
	return result, err
}

func (s *suspended) keep(client, what string, work any, asked []*question, giveUp func()) (json.RawMessage, error) {
	p := &suspension{client: client, what: what, work: work, pending: make(map[string]*question)}
	for i, q := range asked {
		p.pending[fmt.Sprintf("q%d", i+1)] = q
	}
	state := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, &bindery.Error{Code: bindery.Unavailable, Op: "ask the client", Err: errors.New("the gateway is shutting down")}
	}
	if s.count(client) >= maxSuspended {
		return nil, &bindery.Error{
			Code: bindery.Limit, Op: "ask the client", Err: fmt.Errorf("%d requests wait for its answers already", maxSuspended),
		}
	}
	p.expire = time.AfterFunc(answerTime, func() {
		if s.take(client, state) != nil {
			giveUp()
		}
	})
	s.work[client+" "+state] = p
	var result jsonobject.Object
	result.SetText("resultType", "input_required")
	result.Set("inputRequests", requestsOf(p.pending))
	result.SetText("requestState", state)
	return result.Bytes(), nil
}

// requestsOf are questions as a result has them.
func requestsOf(pending map[string]*question) json.RawMessage {
	var requests jsonobject.Object
	for _, key := range slices.Sorted(maps.Keys(pending)) {
		q := pending[key]
		var entry jsonobject.Object
		entry.SetText("method", q.method)
		entry.Set("params", json.RawMessage("{}"))
		if q.params != nil {
			entry.Set("params", q.params)
		}
		requests.Set(key, entry.Bytes())
	}
	return requests.Bytes()
}

func (s *suspended) count(client string) int {
	n := 0
	for _, p := range s.work {
		if p.client == client {
			n++
		}
	}
	return n
}

// take removes work, and returns it.
func (s *suspended) take(client, state string) *suspension {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := client + " " + state
	p := s.work[key]
	delete(s.work, key)
	return p
}

// resume gives the answers of the request to the work that waits for them, and
// returns it; nil if the request brings none.
func (s *suspended) resume(client, what string, params json.RawMessage) (any, error) {
	o, err := jsonobject.Parse(params)
	if err != nil {
		return nil, &front.Error{Code: front.CodeInvalidParams, Message: "params: " + err.Error()}
	}
	state := o.Text("requestState")
	if state == "" {
		return nil, nil
	}
	p := s.take(client, state)
	if p == nil || p.what != what {
		if p != nil {
			p.refuse(errors.New("the client answered another question"))
		}
		return nil, &front.Error{Code: front.CodeInvalidParams, Message: "requestState is unknown, was answered already, or is too old"}
	}
	p.expire.Stop()
	answers, err := jsonobject.Parse(o.Get("inputResponses"))
	if err != nil {
		answers = jsonobject.Object{}
	}
	for key, q := range p.pending {
		if a := answers.Get(key); a != nil {
			q.reply <- reply{result: a}
		} else {
			q.reply <- reply{err: errors.New("the client did not answer the question")}
		}
	}
	return p.work, nil
}

func (p *suspension) refuse(err error) {
	for _, q := range p.pending {
		q.reply <- reply{err: err}
	}
}

// close refuses all questions, those of later too: nobody will bring an answer
// any more, and the work need not wait for one to end.
func (s *suspended) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for key, p := range s.work {
		p.expire.Stop()
		p.refuse(context.Canceled)
		delete(s.work, key)
	}
}
