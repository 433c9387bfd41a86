package backendtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// talkActions are the tools that say more than their answer.
//
//	question asks the client {method} with {params}, and answers with its whole answer
//	progress says {count} times how far it is, with the caller's token, {wait} after each other
//	log      writes {count} log messages of level {text}
//	update   says that the resource {text} was updated
//	complete says that the elicitation {text} is complete
//	relist   offers one more resource and prompt from now on, and says so
//	meta     answers the _meta that it was called with
//	seen     answers how often {text} has happened: a method, "hanging", "hang cancelled"
func talkActions() map[string]action {
	return map[string]action{
		"question": askClient, "progress": progress, "log": logSome, "update": update,
		"complete": complete, "relist": relist, "meta": meta, "seen": seen,
	}
}

func seen(_ context.Context, s *server, r request, a arguments, p peer) {
	s.mu.Lock()
	n := s.got[a.Text]
	s.mu.Unlock()
	textResult(p, r.ID, fmt.Sprint(n))
}

// asking is one question to the client.
type asking chan json.RawMessage

func askClient(ctx context.Context, s *server, r request, _ arguments, p peer) {
	var a struct {
		Method string          `json:"method"`
		Params json.RawMessage `json:"params"`
		Cancel bool            `json:"cancel"` // take the question back at once
	}
	_ = json.Unmarshal(r.Params.Arguments, &a) // without them it is no question
	if len(a.Params) == 0 {
		a.Params = json.RawMessage("{}")
	}
	id, answer := s.put(a.Method, a.Params, p)
	if a.Cancel {
		p.push(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%s}}`, id))
	}
	select {
	case message := <-answer:
		reply(p, r.ID, fmt.Sprintf(`{"content":[],"structuredContent":%s}`, message))
	case <-ctx.Done():
		fmt.Fprintln(os.Stderr, "question was cancelled")
	}
}

// put asks the client something, and returns where the answer comes.
func (s *server) put(method string, params json.RawMessage, p peer) (id string, answer asking) {
	answer = make(asking, 1)
	s.mu.Lock()
	s.questions++
	id = fmt.Sprintf(`"q%d"`, s.questions)
	s.asked[id] = answer
	s.mu.Unlock()
	p.push(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":%q,"params":%s}`, id, method, params))
	return id, answer
}

// answered takes a message of the client that is an answer.
func (s *server) answered(id string, message json.RawMessage) {
	s.mu.Lock()
	q := s.asked[id]
	delete(s.asked, id)
	s.mu.Unlock()
	if q != nil {
		q <- message
	}
}

func progress(_ context.Context, _ *server, r request, a arguments, p peer) {
	token := r.Params.Meta.ProgressToken
	for i := range a.Count {
		time.Sleep(a.Wait)
		if len(token) > 0 {
			p.push(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s,"progress":%d, "total":%d}}`, token, i+1, a.Count))
		}
	}
	textResult(p, r.ID, "done")
}

func logSome(_ context.Context, _ *server, r request, a arguments, p peer) {
	for i := range max(1, a.Count) {
		p.push(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":%q,"data":"message %d"}}`, a.Text, i+1))
	}
	textResult(p, r.ID, "logged")
}

func update(_ context.Context, s *server, r request, a arguments, p peer) {
	s.mu.Lock()
	wanted := s.subscribed[a.Text]
	s.mu.Unlock()
	if wanted {
		s.announce(p, "notifications/resources/updated", fmt.Sprintf(`"uri":%q`, a.Text))
	}
	textResult(p, r.ID, fmt.Sprint(wanted))
}

func complete(_ context.Context, _ *server, r request, a arguments, p peer) {
	p.push(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/elicitation/complete","params":{"elicitationId":%q}}`, a.Text))
	textResult(p, r.ID, "completed")
}

func relist(_ context.Context, s *server, r request, _ arguments, p peer) {
	s.more.Add(1)
	s.announce(p, "notifications/resources/list_changed", "")
	s.announce(p, "notifications/prompts/list_changed", "")
	textResult(p, r.ID, "relisted")
}

func meta(_ context.Context, _ *server, r request, _ arguments, p peer) {
	m := r.Params.RawMeta
	if len(m) == 0 {
		m = json.RawMessage("null")
	}
	reply(p, r.ID, fmt.Sprintf(`{"content":[],"structuredContent":{"meta":%s}}`, m))
}

// announce says something that belongs to no request: on the streams of whoever
// listens in the current era, anywhere in the older one.
func (s *server) announce(p peer, method, members string) {
	if !s.is(Modern) {
		p.notify(fmt.Sprintf(`{"jsonrpc":"2.0","method":%q,"params":{%s}}`, method, members))
		return
	}
	if members != "" {
		members += ","
	}
	s.mu.Lock()
	listeners := slices.Clone(s.listeners)
	s.mu.Unlock()
	for _, l := range listeners {
		if strings.Contains(l.wants, topic(method)) {
			l.p.push(fmt.Sprintf(`{"jsonrpc":"2.0","method":%q,"params":{%s"_meta":{"io.modelcontextprotocol/subscriptionId":%s}}}`, method, members, l.id))
		}
	}
}

// topic is the filter that a notification belongs to.
func topic(method string) string {
	switch method {
	case "notifications/tools/list_changed":
		return "toolsListChanged"
	case "notifications/prompts/list_changed":
		return "promptsListChanged"
	case "notifications/resources/list_changed":
		return "resourcesListChanged"
	}
	return "resourceSubscriptions"
}
