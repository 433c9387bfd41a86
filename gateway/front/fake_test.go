package front_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// fake is a scripted server.
type fake struct {
	mu       sync.Mutex
	watchers map[*queue]front.Filter
	// begun and ended tell of calls of the tool "wait", made of large results.
	begun, ended, made chan string
	let                chan struct{}
	seen               []*front.Request
	big                json.RawMessage
}

func newFake() *fake {
	return &fake{
		watchers: map[*queue]front.Filter{}, begun: make(chan string, 64), ended: make(chan string, 64), made: make(chan string, 64), let: make(chan struct{}),
		big: json.RawMessage(`{"content":[{"type":"text","text":"` + strings.Repeat("0123456789", 50_000) + `"}]}`),
	}
}

func (f *fake) Describe(c *front.Caller) front.Description {
	return front.Description{
		Name: "fake", Title: "A fake", Version: "1.2.3", Instructions: "for " + c.Identity,
		Capabilities: json.RawMessage(`{"tools":{"listChanged":true},"prompts":{"listChanged":true},"resources":{"subscribe":true,"listChanged":true},"logging":{}}`),
		TTL:          time.Minute,
	}
}

const tools = `{"tools":[
	{"name":"echo","inputSchema":{"type":"object"}},
	{"name":"routed","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"n":{"type":"object","properties":{"count":{"type":"integer","x-mcp-header":"Count"}}}}}}
]}`

func (f *fake) ParamHeaders(_ *front.Caller, tool string) []front.ParamHeader {
	if tool != "routed" {
		return nil
	}
	return []front.ParamHeader{{Header: "Region", Path: []string{"region"}}, {Header: "Count", Path: []string{"n", "count"}}}
}

func (f *fake) Handle(ctx context.Context, r *front.Request) (json.RawMessage, error) {
	f.mu.Lock()
	f.seen = append(f.seen[max(0, len(f.seen)-100):], r)
	f.mu.Unlock()
	switch r.Method {
	case "tools/list":
		return json.RawMessage(tools), nil
	case "prompts/list":
		return json.RawMessage(`{"prompts":[],"ttlMs":5}`), nil
	case "resources/list":
		return json.RawMessage(`{"resources":[{"uri":"test://a","name":"a"}],"_meta":{"mine":1}}`), nil
	case "resources/read":
		return json.RawMessage(`{"contents":[],"_meta":{}}`), nil
	case "tools/call":
		var name string
		if err := json.Unmarshal(jsonscan.Member(r.Params, "name"), &name); err != nil {
			return nil, &front.Error{Code: front.CodeInvalidParams, Message: "no name"}
		}
		return f.call(ctx, r, name)
	}
	return nil, &front.Error{Code: front.CodeMethodNotFound, Message: "no method " + r.Method}
}

func textResult(s string) json.RawMessage {
	text, _ := json.Marshal(s)
	return json.RawMessage(`{"content":[{"type":"text","text":` + string(text) + `}]}`)
}

func (f *fake) call(ctx context.Context, r *front.Request, name string) (json.RawMessage, error) {
	arguments := jsonscan.Member(r.Params, "arguments")
	switch name {
	case "echo", "routed":
		return textResult(string(arguments)), nil
	case "empty":
		return nil, nil
	case "pretty":
		return json.RawMessage("{\r\n  \"content\": []\n}\n"), nil
	case "array":
		return json.RawMessage(`[]`), nil
	case "panic":
		panic("at the handler")
	case "big":
		select {
		case f.made <- "done":
		default:
		}
		return f.big, nil
	case "flood":
		params := json.RawMessage(`{"progressToken":1,"progress":1,"message":"` + strings.Repeat("x", 1000) + `"}`)
		for range 20_000 {
			if err := r.Notify(ctx, "notifications/progress", params); err != nil {
				return nil, err
			}
		}
		f.made <- "done"
		return f.big, nil
	case "fail":
		return nil, &bindery.Error{Code: bindery.Unavailable, Op: "call s.t", Hint: "start it", Err: errors.New("it is down")}
	case "capability":
		return nil, &front.Error{Code: front.CodeMissingCapability, Message: "sampling is needed", Data: json.RawMessage(`{"requiredCapabilities":{"sampling":{}}}`)}
	case "invalid":
		return nil, &front.Error{Code: front.CodeInvalidParams, Message: "no such thing"}
	case "progress":
		token := jsonscan.Member(jsonscan.Member(r.Params, "_meta"), "progressToken")
		for i := range 3 {
			if err := r.Notify(ctx, "notifications/progress", json.RawMessage(fmt.Sprintf(`{"progressToken":%s,"progress":%d}`, token, i))); err != nil {
				return nil, err
			}
		}
		return textResult("done"), nil
	case "log":
		for _, level := range []string{"debug", "error"} {
			if err := r.Notify(ctx, "notifications/message", json.RawMessage(`{"level":"`+level+`","data":"x"}`)); err != nil {
				return nil, err
			}
		}
		return textResult("logged at " + r.LogLevel), nil
	case "elicit":
		return f.ask(ctx, r, "elicitation/create", `{"message":"who?","mode":"form","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}}}}`)
	case "sample":
		return f.ask(ctx, r, "sampling/createMessage", `{"messages":[],"maxTokens":1}`)
	case "wait":
		return f.wait(ctx, r)
	}
	return nil, &front.Error{Code: front.CodeInvalidParams, Message: "no tool " + name}
}

func (f *fake) ask(ctx context.Context, r *front.Request, method, params string) (json.RawMessage, error) {
	answer, err := r.Ask(ctx, method, json.RawMessage(params))
	if err != nil {
		answer = []byte("error: " + err.Error())
	}
	return textResult(string(answer)), nil
}

func (f *fake) wait(ctx context.Context, r *front.Request) (json.RawMessage, error) {
	f.begun <- r.ID
	select {
	case <-ctx.Done():
		f.ended <- "cancelled"
		return nil, ctx.Err()
	case <-f.let:
		f.ended <- "done"
		return textResult("waited"), nil
	}
}

func (f *fake) Watch(ctx context.Context, _ *front.Caller, want front.Filter) (front.Watch, error) {
	granted, refused := want, map[string]error{}
	granted.URIs = nil
	for _, uri := range want.URIs {
		switch uri {
		case "test://error":
			refused[uri] = &front.Error{Code: front.CodeInvalidParams, Message: "no such resource"}
		case "test://deaf":
		default:
			granted.URIs = append(granted.URIs, uri)
		}
	}
	events := &queue{some: make(chan struct{}, 1)}
	f.mu.Lock()
	f.watchers[events] = granted
	f.mu.Unlock()
	context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.watchers, events)
	})
	return front.Watch{Honoured: granted, Events: events, Refused: refused}, nil
}

// queue is what waits for one client.
type queue struct {
	mu   sync.Mutex
	all  []front.Event
	some chan struct{}
}

func (q *queue) add(e front.Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all = append(q.all, e)
	select {
	case q.some <- struct{}{}:
	default:
	}
}

func (q *queue) Some() <-chan struct{} { return q.some }

func (q *queue) Take() []front.Event {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.all
	q.all = nil
	return all
}

// says has the servers log something while no request is under way.
func (f *fake) says(level string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for events, filter := range f.watchers {
		if filter.Messages {
			events.add(front.Event{Method: "notifications/message", Params: json.RawMessage(`{"level":"` + level + `"}`)})
		}
	}
}

// changed tells everybody who wants to know.
func (f *fake) changed(method, uri string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for events, filter := range f.watchers {
		ev := front.Event{Method: method}
		if uri != "" {
			ev.Params = json.RawMessage(`{"uri":"` + uri + `"}`)
		}
		for _, u := range append(filter.URIs, "") {
			if u == uri && (uri != "" || filter.Tools) {
				events.add(ev)
			}
		}
	}
}

func (f *fake) watching() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.watchers)
}

// last returns the last request the handler saw.
func (f *fake) last() *front.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen[len(f.seen)-1]
}

// serve serves an endpoint on a loopback port, at /mcp, /sse, /message and /ws.
func serve(t testing.TB, f front.Handler, o front.Options) (*front.Endpoint, string) {
	t.Helper()
	if o.Logger == nil && os.Getenv("FRONT_LOG") != "" {
		o.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	e := front.New(f, o)
	mux, sse := http.NewServeMux(), e.SSE("/message")
	mux.Handle("/mcp", e)
	mux.Handle("/sse", sse)
	mux.Handle("/message", sse)
	mux.Handle("/ws", e.WebSocket())
	s := httptest.NewServer(mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			t.Error(err)
		}
		s.CloseClientConnections()
		s.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return e, s.URL
}

// eventually waits until what others do has happened.
func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !f(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in 20 s it did not come to be that %s", what)
		}
	}
}
