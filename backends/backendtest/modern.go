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

// modernActions are the tools that only make sense in mode Modern.
//
//	input asks for input {count} times before it answers with the last input and state; for {text}, else a form
//	task  answers with a task that takes {wait}; with {text} it asks for input first, with {count} it never ends
//	drop  ends the streams of whoever listens, with their results
func modernActions() map[string]action {
	return map[string]action{"input": input, "task": task, "drop": drop}
}

// listener is one stream of subscriptions/listen.
type listener struct {
	id    string
	p     peer
	wants string
	end   chan struct{}
}

// modern answers what belongs to protocol 2026-07-28 alone, in mode Modern, and
// reports whether it was that.
func (s *server) modern(ctx context.Context, r request, p peer) bool {
	if !s.is(Modern) || len(r.ID) == 0 {
		return false
	}
	m := r.Params.Meta
	if r.Method != "initialize" && (m.Version != "2026-07-28" || len(m.Can) == 0) {
		fail(p, r.ID, -32602, "_meta lacks the version or the capabilities")
		return true
	}
	switch r.Method {
	case "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe":
		fail(p, r.ID, -32601, "Method not found")
	case "server/discover":
		reply(p, r.ID, `{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":`+s.capabilities()+`,`+
			`"instructions":"Handle with care.","ttlMs":0,"cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":`+serverInfo+`}}`)
	case "subscriptions/listen":
		s.listen(ctx, r, p)
	case "tasks/get":
		s.getTask(r, p)
	case "tasks/update":
		s.mu.Lock()
		if t := s.tasks[r.Params.TaskID]; t != nil {
			t.input = r.Params.InputResponses
		}
		s.mu.Unlock()
		reply(p, r.ID, `{"resultType":"complete"}`)
	case "tasks/cancel":
		fmt.Fprintln(os.Stderr, "task was cancelled")
		reply(p, r.ID, `{"resultType":"complete"}`)
	default:
		return false
	}
	return true
}

func (s *server) listen(ctx context.Context, r request, p peer) {
	l := &listener{string(r.ID), p, string(r.Params.Notifications), make(chan struct{})}
	var uris struct {
		URIs []string `json:"resourceSubscriptions"`
	}
	_ = json.Unmarshal(r.Params.Notifications, &uris) // none, then
	s.mu.Lock()
	s.listeners = append(s.listeners, l)
	for _, uri := range uris.URIs {
		s.subscribed[uri] = true
	}
	s.mu.Unlock()
	p.push(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":%s,`+
		`"_meta":{"io.modelcontextprotocol/subscriptionId":%s}}}`, r.Params.Notifications, r.ID))
	select {
	case <-ctx.Done():
	case <-l.end:
		reply(p, r.ID, `{"resultType":"complete"}`)
	}
	s.mu.Lock()
	s.listeners = slices.DeleteFunc(s.listeners, func(o *listener) bool { return o == l })
	s.mu.Unlock()
}

func drop(_ context.Context, s *server, r request, _ arguments, p peer) {
	s.mu.Lock()
	for _, l := range s.listeners {
		close(l.end)
	}
	s.listeners = nil
	s.mu.Unlock()
	textResult(p, r.ID, "dropped")
}

const (
	formParams = `{"mode":"form","message":"Name?","requestedSchema":{"type":"object","properties":{}}}`
	form       = `{"method":"elicitation/create","params":` + formParams + `}`
)

// state is what a client must give back as it is.
const state = `"s\u0074ate-%d /\u00fc"`

func input(_ context.Context, _ *server, r request, a arguments, p peer) {
	round := 0
	if len(r.Params.RequestState) > 0 {
		for round = 1; round <= a.Count && string(r.Params.RequestState) != fmt.Sprintf(state, round); round++ {
		}
		if round > a.Count {
			fail(p, r.ID, -32602, "The state is not mine: "+string(r.Params.RequestState))
			return
		}
	}
	if round == a.Count {
		reply(p, r.ID, fmt.Sprintf(`{"resultType":"complete","content":[],"structuredContent":{"rounds":%d,"input":%s}}`, round, orNull(r.Params.InputResponses)))
		return
	}
	question := form
	if a.Text != "" {
		question = fmt.Sprintf(`{"method":%q,"params":{}}`, a.Text)
	}
	reply(p, r.ID, fmt.Sprintf(`{"resultType":"input_required","inputRequests":{"one":%s},"requestState":`+state+`}`, question, round+1))
}

func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}

// aTask is one task.
type aTask struct {
	until time.Time
	asks  bool
	stuck bool
	input json.RawMessage
}

func task(_ context.Context, s *server, r request, a arguments, p peer) {
	if !strings.Contains(string(r.Params.Meta.Can), "io.modelcontextprotocol/tasks") {
		fail(p, r.ID, -32021, "Missing required client capability")
		return
	}
	s.mu.Lock()
	id := fmt.Sprintf("task-%d", len(s.tasks)+1)
	s.tasks[id] = &aTask{until: time.Now().Add(a.Wait), asks: a.Text == "ask", stuck: a.Count > 0}
	if a.Text == "fail" {
		s.tasks[id] = nil
	}
	s.mu.Unlock()
	reply(p, r.ID, fmt.Sprintf(`{"resultType":"task","taskId":%q,"status":"working","pollIntervalMs":1}`, id))
}

func (s *server) getTask(r request, p peer) {
	s.mu.Lock()
	t, known := s.tasks[r.Params.TaskID]
	s.mu.Unlock()
	begin := fmt.Sprintf(`{"resultType":"complete","taskId":%q,"pollIntervalMs":1,"status":`, r.Params.TaskID)
	switch {
	case !known:
		fail(p, r.ID, -32602, "Task not found")
	case t == nil:
		reply(p, r.ID, begin+`"failed","error":{"code":-32099,"message":"the job broke","data":{"a":1}}}`)
	case t.asks && t.input == nil:
		reply(p, r.ID, begin+`"input_required","inputRequests":{"one":`+form+`}}`)
	case t.stuck || time.Now().Before(t.until):
		reply(p, r.ID, begin+`"working"}`)
	default:
		reply(p, r.ID, begin+fmt.Sprintf(`"completed","result":{"content":[],"structuredContent":{"n":12345678901234567890,"input":%s}}}`, orNull(t.input)))
	}
}
