package backends_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// offering are servers that have everything, by the way to reach them. Those of
// the older protocol can ask.
func offering(modes ...backendtest.Mode) map[string]func(testing.TB) backends.Spec {
	with := func(more ...backendtest.Mode) []backendtest.Mode {
		return slices.Concat([]backendtest.Mode{backendtest.Offers}, modes, more)
	}
	return map[string]func(testing.TB) backends.Spec{
		"stdio":     func(t testing.TB) backends.Spec { return stdioSpec(t, with()...) },
		"http":      func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP(with()...)) },
		"events":    func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP(with(backendtest.SSE)...)) },
		"sse":       func(t testing.TB) backends.Spec { return urlSpec(t, backendtest.NewOldSSE(with()...)) },
		"websocket": func(t testing.TB) backends.Spec { return websocketSpec(t, backendtest.NewWebSocket(with()...)) },
		"modern":    func(t testing.TB) backends.Spec { return stdioSpec(t, with(backendtest.Modern)...) },
		"modern http": func(t testing.TB) backends.Spec {
			return httpSpec(t, backendtest.NewHTTP(with(backendtest.Modern)...))
		},
		"modern events": func(t testing.TB) backends.Spec {
			return httpSpec(t, backendtest.NewHTTP(with(backendtest.Modern, backendtest.SSE)...))
		},
	}
}

func isModern(kind string) bool { return strings.HasPrefix(kind, "modern") }

// everyWay runs a test against each server of offering.
func everyWay(t *testing.T, f func(t *testing.T, kind string, s *backends.Set)) {
	t.Helper()
	t.Parallel()
	for kind, spec := range offering() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f(t, kind, open(t, backends.Options{}, spec(t)))
		})
	}
}

// client is a peer that notes what it is told and asked.
type client struct {
	*backends.Peer
	mu       sync.Mutex
	notified []string
	asked    []string
}

func newClient(answer func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error)) *client {
	c := &client{Peer: &backends.Peer{Capabilities: json.RawMessage(`{"elicitation":{"form":{}},"roots":{}}`)}}
	c.Notify = func(method string, params json.RawMessage) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.notified = append(c.notified, method+string(params))
	}
	if answer != nil {
		c.Ask = func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
			c.mu.Lock()
			c.asked = append(c.asked, method+string(params))
			c.mu.Unlock()
			return answer(ctx, method, params)
		}
	}
	return c
}

func (c *client) got() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.notified)
}

func accepting(context.Context, string, json.RawMessage) (json.RawMessage, error) {
	return json.RawMessage(`{"action":"accept", "content":{"n":12345678901234567890}}`), nil
}

func as(ctx context.Context, c *client) context.Context { return backends.WithPeer(ctx, c.Peer) }

func callAs(t testing.TB, s *backends.Set, c *client, tool, args string) (bindery.Result, error) {
	t.Helper()
	return s.Call(as(within(t), c), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: tool}, Args: json.RawMessage(args)})
}

func TestDo(t *testing.T) {
	everyWay(t, func(t *testing.T, _ string, s *backends.Set) {
		for method, tt := range map[string]struct{ params, want string }{
			"tools/call":          {`{"arguments":{"b":1, "a":12345678901234567890},"name":"echo"}`, `"structuredContent":{"b":1, "a":12345678901234567890}`},
			"resources/read":      {`{"uri":"test://x"}`, `{"contents":[{"uri":"test://x", "text":"contents", "n":12345678901234567890}]}`},
			"prompts/get":         {`{"name":"x"}`, `prompt x`},
			"completion/complete": {`{"ref":{"type":"ref/prompt","name":"x"},"argument":{"name":"a","value":"p"}}`, `{"completion":{"values":["paris","parma"],"hasMore":false}}`},
		} {
			got, err := s.Do(within(t), "srv", method, json.RawMessage(tt.params))
			if err != nil || !strings.Contains(string(got), tt.want) {
				t.Errorf("%s: got %s, %v", method, got, err)
			}
		}
		for _, tt := range []struct {
			method, params string
			code           bindery.Code
			rpc            int
		}{
			{"resources/read", `{"uri":"other://x"}`, bindery.Upstream, -32002},
			{"no/such", `{}`, bindery.Upstream, -32601},
			{"tools/call", `{"name":"rpcerror","arguments":{"text":"no dice"}}`, bindery.Upstream, -32603},
			{"tools/call", `{"name":"absent"}`, bindery.NotFound, 0},
			{"tools/call", `{}`, bindery.Invalid, 0},
			{"prompts/get", `[]`, bindery.Invalid, 0},
			{"prompts/get", `{"a":}`, bindery.Invalid, 0},
		} {
			_, err := s.Do(within(t), "srv", tt.method, json.RawMessage(tt.params))
			var rpc *backends.ServerError
			if bindery.CodeOf(err) != tt.code || errors.As(err, &rpc) != (tt.rpc != 0) || rpc != nil && rpc.Code != tt.rpc {
				t.Errorf("%s %s: got %v (%v, %+v)", tt.method, tt.params, err, bindery.CodeOf(err), rpc)
			}
		}
		works(t, s)
	})
}

// TestMeta checks what of _meta reaches a server, in both eras.
func TestMeta(t *testing.T) {
	everyWay(t, func(t *testing.T, kind string, s *backends.Set) {
		c := newClient(accepting)
		c.Log = "warning"
		got, err := s.Do(as(within(t), c), "srv", "tools/call", json.RawMessage(`{"name":"meta","_meta":{"traceparent":"00-1", "x":[1, 2],`+
			`"io.modelcontextprotocol/clientInfo":{"name":"evil"},"io.modelcontextprotocol/protocolVersion":"1","progressToken":"mine"},"arguments":{}}`))
		if err != nil {
			t.Fatal(err)
		}
		meta := string(got)
		want := []string{`"traceparent":"00-1"`, `"x":[1, 2]`, `"progressToken":1`}
		if isModern(kind) {
			want = append(want, `"io.modelcontextprotocol/protocolVersion":"2026-07-28"`, `"io.modelcontextprotocol/clientInfo":{"name":"bindery","version":"0"}`,
				`"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"form":{}},"extensions":{"io.modelcontextprotocol/tasks":{}}}`,
				`"io.modelcontextprotocol/logLevel":"warning"`)
		} else if strings.Contains(meta, "io.modelcontextprotocol") {
			t.Errorf("an older server got %s", meta)
		}
		for _, w := range want {
			if !strings.Contains(meta, w) {
				t.Errorf("%s lacks %s", meta, w)
			}
		}
	})
}

func TestProgress(t *testing.T) {
	everyWay(t, func(t *testing.T, kind string, s *backends.Set) {
		if kind == "http" || kind == "modern http" {
			t.Skip("a JSON answer has no room for it")
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				c := newClient(nil)
				_, err := s.Do(as(within(t), c), "srv", "tools/call", json.RawMessage(`{"name":"progress","_meta":{"progressToken":"same"},"arguments":{"count":3}}`))
				want := make([]string, 3)
				for i := range want {
					want[i] = fmt.Sprintf(`notifications/progress{"progress":%d,"total":3,"progressToken":"same"}`, i+1)
				}
				if got := c.got(); err != nil || !slices.Equal(got, want) {
					t.Errorf("got %q, %v", got, err)
				}
			})
		}
		wg.Wait()
	})
}

// A call may take longer than its timeout as long as it makes progress that its
// caller asked for, as scripts do.
func TestProgressGivesTime(t *testing.T) {
	t.Parallel()
	for kind, spec := range offering() {
		if kind == "http" || kind == "modern http" {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			spec := spec(t)
			spec.CallTimeout = 2 * time.Second
			s := open(t, backends.Options{}, spec)
			_, err := s.Do(as(within(t), newClient(nil)), "srv", "tools/call", json.RawMessage(`{"name":"progress","_meta":{"progressToken":1},"arguments":{"count":15,"wait":200000000}}`))
			if err != nil {
				t.Errorf("with progress: %v", err)
			}
			_, err = s.Call(within(t), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "progress"}, Args: json.RawMessage(`{"count":15,"wait":200000000}`)})
			if err != nil {
				t.Errorf("of a script: %v", err)
			}
			_, err = s.Do(as(within(t), newClient(nil)), "srv", "tools/call", json.RawMessage(`{"name":"progress","arguments":{"count":15,"wait":200000000}}`))
			if bindery.CodeOf(err) != bindery.Timeout || !strings.Contains(err.Error(), "the call timeout of 2s") {
				t.Errorf("without: %v", err)
			}
		})
	}
}

func TestLog(t *testing.T) {
	everyWay(t, func(t *testing.T, kind string, s *backends.Set) {
		for _, tt := range []struct {
			wanted, level string
			n             int
		}{{backends.AnyLog, "debug", 2}, {"", "error", 0}, {"error", "error", 2}, {"warning", "error", 2}, {"error", "info", 0}, {"debug", "info", 2}} {
			c := newClient(nil)
			c.Log = tt.wanted
			if _, err := callAs(t, s, c, "log", `{"count":2,"text":"`+tt.level+`"}`); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(kind, "http") {
				continue // it may come on another stream, at any time, or not at all
			}
			if got := c.got(); len(got) != tt.n {
				t.Errorf("%s for %s: got %q", tt.level, tt.wanted, got)
			}
		}
		if kind != "stdio" {
			return
		}
		// Each level that is lower than any before was set: error, warning, debug;
		// none was for the client that named none.
		if r, err := call(t, s, "seen", `{"text":"logging/setLevel"}`); err != nil || r.Content[0].Text != "3" {
			t.Errorf("got %s, %v", r.Raw, err)
		}
	})
}

func TestQuestion(t *testing.T) {
	everyWay(t, func(t *testing.T, kind string, s *backends.Set) {
		if isModern(kind) {
			t.Skip("servers of the current protocol do not ask")
		}
		c := newClient(accepting)
		r, err := callAs(t, s, c, "question", `{"method":"elicitation/create","params":{"message":"Sure?", "n":1}}`)
		if want := `"result":{"action":"accept", "content":{"n":12345678901234567890}}`; err != nil || !strings.Contains(string(r.Structured), want) {
			t.Errorf("got %s, %v", r.Structured, err)
		}
		if want := []string{`elicitation/create{"message":"Sure?", "n":1}`}; !slices.Equal(c.asked, want) {
			t.Errorf("asked %q", c.asked)
		}
		failing := newClient(func(context.Context, string, json.RawMessage) (json.RawMessage, error) {
			return nil, fmt.Errorf("x: %w", &backends.ServerError{Code: -42, Message: "not now", Data: json.RawMessage(`{"a":1}`)})
		})
		broken := newClient(func(context.Context, string, json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(`{"a":`), nil
		})
		for _, tt := range []struct {
			client       *client
			method, want string
		}{
			{c, "ping", `"result":{}`},
			{c, "roots/list", `-32601,"message":"this client has no roots"`},
			{c, "no/such", `-32601,"message":"this client knows no method \"no/such\""`},
			{c, "sampling/createMessage", `"result":{"action":"accept"`},
			{newClient(nil), "elicitation/create", `-32601,"message":"the client that made the request cannot answer questions"`},
			{failing, "elicitation/create", `"error":{"code":-42,"message":"not now","data":{"a":1}}`},
			{broken, "elicitation/create", `-1,"message":"the client's answer is no JSON object"`},
			{&client{Peer: nil}, "elicitation/create", `-1,"message":"nobody is there to answer: no client has a request under way"`},
		} {
			r, err := callAs(t, s, tt.client, "question", `{"method":"`+tt.method+`"}`)
			if err != nil || !strings.Contains(string(r.Structured), tt.want) {
				t.Errorf("%s: got %s, %v, want %s", tt.method, r.Structured, err, tt.want)
			}
		}
		works(t, s)
	})
}

func TestRoots(t *testing.T) {
	t.Parallel()
	spec := stdioSpec(t)
	spec.Roots = []string{"file:///a", "file:///b"}
	s := open(t, backends.Options{}, spec)
	r, err := call(t, s, "question", `{"method":"roots/list"}`)
	if want := `"result":{"roots":[{"uri":"file:///a"},{"uri":"file:///b"}]}`; err != nil || !strings.Contains(string(r.Structured), want) {
		t.Errorf("got %s, %v", r.Structured, err)
	}
}

// TestWhoseQuestion checks that a question is never answered by the wrong one
// of two clients.
func TestWhoseQuestion(t *testing.T) {
	everyWay(t, func(t *testing.T, kind string, s *backends.Set) {
		if isModern(kind) {
			t.Skip("servers of the current protocol do not ask")
		}
		ctx, cancel := context.WithCancel(as(within(t), newClient(accepting)))
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}})
		}()
		for n := "0"; n == "0"; {
			r, err := call(t, s, "seen", `{"text":"hanging"}`)
			if err != nil {
				t.Fatal(err)
			}
			n = r.Content[0].Text
		}
		r, err := callAs(t, s, newClient(accepting), "question", `{"method":"elicitation/create"}`)
		want := "isolate: session"
		if kind == "events" {
			want = `"action":"accept"` // it came on the request's own stream
		}
		if err != nil || !strings.Contains(string(r.Structured), want) {
			t.Errorf("got %s, %v, want %s", r.Structured, err, want)
		}
		cancel()
		<-done
	})
}

// TestUnansweredQuestion checks that a question which a client does not answer
// keeps no question of its other requests from it.
func TestUnansweredQuestion(t *testing.T) {
	everyWay(t, func(t *testing.T, kind string, s *backends.Set) {
		if isModern(kind) {
			t.Skip("servers of the current protocol do not ask")
		}
		asked := make(chan struct{})
		silent := newClient(func(ctx context.Context, _ string, _ json.RawMessage) (json.RawMessage, error) {
			close(asked)
			<-ctx.Done()
			return nil, ctx.Err()
		})
		for _, other := range []struct{ name, want string }{{"ann", `"action":"accept"`}, {"bob", "isolate: session"}} {
			c := newClient(accepting)
			silent.Client, c.Client = "ann", other.name
			if other.name == "ann" {
				ctx, cancel := context.WithCancel(as(within(t), silent))
				done := make(chan struct{})
				go func() {
					defer close(done)
					_, _ = s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "question"}, Args: []byte(`{"method":"elicitation/create"}`)})
				}()
				defer func() { cancel(); <-done }()
				<-asked
			}
			r, err := callAs(t, s, c, "question", `{"method":"elicitation/create"}`)
			if err != nil || !strings.Contains(string(r.Structured), other.want) && kind != "events" {
				t.Errorf("%s got %s, %v, want %s", other.name, r.Structured, err, other.want)
			}
		}
	})
}

// TestQuestionEnds checks that a client is asked no longer than anybody wants to
// know.
func TestQuestionEnds(t *testing.T) {
	everyWay(t, func(t *testing.T, kind string, s *backends.Set) {
		if isModern(kind) {
			t.Skip("servers of the current protocol do not ask")
		}
		ended := make(chan struct{}, 3)
		asked := make(chan struct{}, 3)
		c := newClient(func(ctx context.Context, _ string, _ json.RawMessage) (json.RawMessage, error) {
			asked <- struct{}{}
			<-ctx.Done()
			ended <- struct{}{}
			return nil, ctx.Err()
		})
		wait := func(what string, ch <-chan struct{}) {
			select {
			case <-ch:
			case <-within(t).Done():
				t.Fatalf("the client was not %s", what)
			}
		}
		r, err := callAs(t, s, c, "question", `{"method":"elicitation/create","cancel":true}`)
		if err != nil || !strings.Contains(string(r.Structured), `"code":-1`) {
			t.Errorf("taken back: got %s, %v", r.Structured, err)
		}
		wait("asked", asked)
		wait("left alone", ended)

		ctx, cancel := context.WithCancel(as(within(t), c))
		go func() {
			<-asked
			cancel()
		}()
		_, err = s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "question"}, Args: []byte(`{"method":"elicitation/create"}`)})
		if bindery.CodeOf(err) != bindery.Cancelled {
			t.Errorf("got %v", err)
		}
		wait("left alone after the request", ended)
		works(t, s)
	})
}

func TestElicitationComplete(t *testing.T) {
	everyWay(t, func(t *testing.T, kind string, s *backends.Set) {
		if strings.HasSuffix(kind, "http") {
			t.Skip("a JSON answer has no room for it")
		}
		c := newClient(nil)
		if _, err := callAs(t, s, c, "complete", `{"text":"e-1"}`); err != nil {
			t.Fatal(err)
		}
		if want := []string{`notifications/elicitation/complete{"elicitationId":"e-1"}`}; !slices.Equal(c.got(), want) {
			t.Errorf("got %q", c.got())
		}
	})
}
