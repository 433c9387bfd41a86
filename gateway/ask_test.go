package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/sandbox"
)

// asker is a script that calls full.ask twice at once, then reads a resource
// and a prompt through the host's functions.
var asker = engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
	texts := make(chan string, 2)
	for i := range 2 {
		go func() {
			r, err := await(ctx, h, i+1, "full", "ask", `{}`)
			if err != nil {
				texts <- err.Error()
				return
			}
			texts <- r.Content[0].Text
		}()
	}
	both := []string{<-texts, <-texts}
	note, err := await(ctx, h, 3, sandbox.Builtin, "resources.read", `{"uri":"note://one"}`)
	if err != nil {
		return sandbox.Outcome{Failure: &sandbox.Failure{Message: err.Error()}}
	}
	greeting, err := await(ctx, h, 4, sandbox.Builtin, "prompts.get", `{"name":"greet","args":{"who":"Bob"}}`)
	if err != nil {
		return sandbox.Outcome{Failure: &sandbox.Failure{Message: err.Error()}}
	}
	value, _ := json.Marshal(map[string]any{"both": both, "note": note.Structured, "greeting": greeting.Structured})
	return sandbox.Outcome{Value: value}
})

// TestScriptAsks has a server ask the client in the middle of a script, in every
// combination of eras.
func TestScriptAsks(t *testing.T) {
	for clientEra, version := range eras {
		for serverEra, stateless := range serverEras {
			t.Run(clientEra+" to "+serverEra, func(t *testing.T) {
				set := openSet(t, stateless, map[string]*mcp.Server{"full": fullServer()})
				g := start(t, Options{Tools: set, Servers: set, Engine: asker, Concurrency: map[string]Concurrency{"full": {Limit: 2}}})
				cs, _ := dialFull(t, serve(t, g)+"/mcp", version)
				res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "x"}})
				if err != nil {
					t.Fatal(err)
				}
				var got struct {
					Both     []string        `json:"both"`
					Note     map[string]int  `json:"note"`
					Greeting json.RawMessage `json:"greeting"`
				}
				text := res.Content[0].(*mcp.TextContent).Text
				if err := json.Unmarshal([]byte(text), &got); err != nil {
					t.Fatalf("%v: %s", err, text)
				}
				const answer = "accept blue, [full] Which color?"
				if !slices.Equal(got.Both, []string{answer, answer}) || got.Note["n"] != 1 || !strings.Contains(string(got.Greeting), "Hello Bob") {
					t.Errorf("the script got %s", text)
				}
			})
		}
	}
}

// TestClientThatCannotAnswer has the question refused with words for the model.
func TestClientThatCannotAnswer(t *testing.T) {
	for clientEra, version := range eras {
		for serverEra, stateless := range serverEras {
			t.Run(clientEra+" to "+serverEra, func(t *testing.T) {
				set := openSet(t, stateless, map[string]*mcp.Server{"full": fullServer()})
				g := start(t, Options{Tools: set, Servers: set, Engine: asker})
				cs, err := dial(t, serve(t, g), version, "")
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = cs.Close() }()
				res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "x"}})
				if err != nil {
					t.Fatal(err)
				}
				if text := res.Content[0].(*mcp.TextContent).Text; !strings.Contains(text, "does not support elicitation") {
					t.Errorf("the script was told %s", text)
				}
			})
		}
	}
}

// TestSuspended holds what becomes of work that waits for a client.
func TestSuspended(t *testing.T) {
	park := func(s *suspended, client string, giveUp func()) (string, *question) {
		q := &question{method: "elicitation/create", reply: make(chan reply, 1)}
		raw, err := s.park(client, "tools/call x", "work", []*question{q}, giveUp)
		if err != nil {
			t.Fatal(err)
		}
		var result struct {
			State string `json:"requestState"`
		}
		if err := json.Unmarshal(raw, &result); err != nil || result.State == "" {
			t.Fatalf("%s: %v", raw, err)
		}
		return result.State, q
	}
	retry := func(state, answers string) json.RawMessage {
		return json.RawMessage(`{"requestState":"` + state + `","inputResponses":` + answers + `}`)
	}
	t.Run("the answer arrives once", func(t *testing.T) {
		s := newSuspended()
		defer s.close()
		state, q := park(s, "ann", nil)
		if _, err := s.resume("bob", "tools/call x", retry(state, `{}`)); err == nil {
			t.Error("another client's answer was taken")
		}
		work, err := s.resume("ann", "tools/call x", retry(state, `{"q1":{"action":"accept"}}`))
		if err != nil || work != "work" {
			t.Fatal(work, err)
		}
		if a := <-q.reply; string(a.result) != `{"action":"accept"}` || a.err != nil {
			t.Errorf("the answer is %s, %v", a.result, a.err)
		}
		if _, err := s.resume("ann", "tools/call x", retry(state, `{}`)); err == nil {
			t.Error("the answer was taken twice")
		}
	})
	t.Run("an answer to another request", func(t *testing.T) {
		s := newSuspended()
		defer s.close()
		state, q := park(s, "ann", nil)
		if _, err := s.resume("ann", "tools/call y", retry(state, `{"q1":{}}`)); err == nil {
			t.Error("it was taken")
		}
		if a := <-q.reply; a.err == nil {
			t.Error("the question is answered")
		}
	})
	t.Run("no answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newSuspended()
			gone := make(chan struct{})
			begin := time.Now()
			state, _ := park(s, "ann", func() { close(gone) })
			<-gone
			if took := time.Since(begin); took != answerTime {
				t.Errorf("given up after %s", took)
			}
			if _, err := s.resume("ann", "tools/call x", retry(state, `{}`)); err == nil {
				t.Error("a late answer was taken")
			}
		})
	})
	t.Run("too much waits", func(t *testing.T) {
		s := newSuspended()
		defer s.close()
		for range maxSuspended {
			park(s, "ann", nil)
		}
		given := false
		if _, err := s.park("ann", "x", nil, nil, func() { given = true }); err == nil || !given {
			t.Errorf("there is no bound, or the work goes on: %v", err)
		}
		park(s, "bob", nil)
	})
	t.Run("the gateway ends", func(t *testing.T) {
		s := newSuspended()
		_, before := park(s, "ann", nil)
		s.close()
		after := &question{reply: make(chan reply, 1)}
		if _, err := s.park("ann", "x", nil, []*question{after}, func() {}); err == nil {
			t.Error("another question was taken")
		}
		for _, q := range []*question{before, after} {
			if a := <-q.reply; a.err == nil {
				t.Error("the question is answered")
			}
		}
	})
}

// TestViews has two servers in several views.
func TestViews(t *testing.T) {
	yes := true
	views := map[string]config.View{
		"all":  {Mode: config.Direct},
		"both": {Mode: config.Both, Include: []config.ToolPattern{"*.echo", "a.fail"}, Exclude: []config.ToolPattern{"b.*"}},
		"named": {Mode: config.Direct, Servers: []string{"a"}, Include: []config.ToolPattern{"a.echo"}, Tools: map[string]config.Override{
			"a.echo": {Name: "say", Title: "Say", Description: "Says it.", Hints: config.Hints{ReadOnly: &yes}},
		}},
	}
	set := openSet(t, false, map[string]*mcp.Server{"a": fullServer(), "b": fullServer()})
	g := start(t, Options{Tools: set, Servers: set, Engine: echo, Views: views})
	url := serve(t, g)
	tools := func(view string) map[string]*mcp.Tool {
		cs, _ := dialFull(t, url+"/mcp/"+view, "2025-11-25")
		list, err := cs.ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		m := make(map[string]*mcp.Tool)
		for _, tool := range list.Tools {
			m[tool.Name] = tool
		}
		return m
	}
	if got := tools("all"); len(got) != 8 || got["a__echo"] == nil || got["b__ask"] == nil {
		t.Errorf("all has %v", got)
	}
	if got := tools("both"); len(got) != 3 || got["execute_code"] == nil || got["a__echo"] == nil || got["a__fail"] == nil {
		t.Errorf("both has %v", got)
	} else if d := got["execute_code"].Description; !strings.HasSuffix(d, "a 2") {
		t.Errorf("execute_code of both says %s", d)
	}
	say := tools("named")["say"]
	if say == nil || say.Title != "Say" || say.Description != "Says it." || !say.Annotations.ReadOnlyHint {
		t.Errorf("named has %+v", say)
	}
	cs, _ := dialFull(t, url+"/mcp/named", "2026-07-28")
	if res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "say", Arguments: map[string]any{"z": "hi"}}); err != nil || res.Content[0].(*mcp.TextContent).Text != `{"z":"hi"}` {
		t.Errorf("say gave %+v, %v", res, err)
	}
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "echo"}); err == nil {
		t.Error("the tool still has its old name")
	}
	all, heard := dialFull(t, url+"/mcp/all", "2025-11-25")
	if list, err := all.ListResources(t.Context(), nil); err != nil || len(list.Resources) != 2 || list.Resources[0].URI != "bindery://servers/a/note:%2F%2Fone" {
		t.Errorf("resources %+v, %v", list, err)
	} else if res, err := all.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: list.Resources[1].URI}); err != nil || res.Contents[0].Text != `{"n": 1}` {
		t.Errorf("read %+v, %v", res, err)
	}
	if _, err := all.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "note://one"}); err == nil || !strings.Contains(err.Error(), "a and b") {
		t.Errorf("a URI that two servers have: %v", err)
	}
	if _, err := g.readFor(t.Context(), doing{client: Anonymous(), view: g.views().of("all", Anonymous())}, "", "note://one"); bindery.HintOf(err) != "read bindery://servers/a/note:%2F%2Fone" {
		t.Errorf("a script that reads it is told %v, %s", err, bindery.HintOf(err))
	}
	if res, err := all.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "b__greet", Arguments: map[string]string{"who": "B"}}); err != nil || len(res.Messages) != 1 {
		t.Errorf("prompt %+v, %v", res, err)
	}
	if _, err := dial(t, url+"/mcp/none?", "2025-11-25", ""); err == nil {
		t.Error("a view that is not there answers")
	}

	// A resource that cannot be followed is no reason to hear of nothing.
	one := "bindery://servers/a/note:%2F%2Fone"
	w, err := g.endpoints.of("all").Watch(t.Context(), &front.Caller{}, front.Filter{Tools: true, URIs: []string{"note://one", one}})
	if err != nil || !w.Honoured.Tools || !slices.Equal(w.Honoured.URIs, []string{one}) || w.Refused["note://one"] == nil {
		t.Errorf("a watch of two resources, one of which two servers have: %+v, %v", w, err)
	}

	// A reload changes a view for the sessions that are open, and ends those of
	// one that is gone.
	delete(views, "both")
	views = map[string]config.View{"all": {Mode: config.Direct, Servers: []string{"b"}}, "named": views["named"]}
	g.Apply(Options{Views: views})
	for _, list := range []string{"tools", "resources", "prompts"} {
		heard.change(t, list)
	}
	if list, err := all.ListTools(t.Context(), nil); err != nil || len(list.Tools) != 4 {
		t.Errorf("after the reload there are %+v, %v", list, err)
	}
	if res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "say"}); err != nil || res.IsError {
		t.Errorf("an untouched view: %+v, %v", res, err)
	}
}

// TestQuestionOutlivesRequest has a person think for longer than the request
// lasts that brought the question: the script gets the answer all the same.
func TestQuestionOutlivesRequest(t *testing.T) {
	script := engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
		r, err := await(ctx, h, 1, "full", "ask", `{}`)
		if err != nil {
			return sandbox.Outcome{Failure: &sandbox.Failure{Message: err.Error()}}
		}
		value, _ := json.Marshal(r.Content[0].Text)
		return sandbox.Outcome{Value: value}
	})
	set := openSet(t, false, map[string]*mcp.Server{"full": fullServer()})
	g := start(t, Options{Tools: set, Servers: set, Engine: script, Patience: 50 * time.Millisecond})
	decided := make(chan struct{})
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
		ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			<-decided
			return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"color": "red"}}, nil
		},
	})
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	cs, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: serve(t, g) + "/mcp", HTTPClient: &http.Client{Transport: tr}}, &mcp.ClientSessionOptions{ProtocolVersion: eras["sessions"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cs.Close() })
	execute := func(args map[string]any) string {
		t.Helper()
		res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: args})
		if err != nil {
			t.Fatal(err)
		}
		return res.Content[0].(*mcp.TextContent).Text
	}
	text := execute(map[string]any{"code": "x"})
	_, rest, _ := strings.Cut(text, `wait: "`)
	id, _, running := strings.Cut(rest, `"`)
	if !running {
		t.Fatalf("the first answer is %s", text)
	}
	close(decided)
	for running {
		text = execute(map[string]any{"wait": id})
		running = strings.HasPrefix(text, "still running")
	}
	if text != "accept red" {
		t.Errorf("the script gave %s", text)
	}
}

// TestFits holds that a client is asked in the ways only that it declared.
func TestFits(t *testing.T) {
	for _, tt := range []struct {
		capabilities, params string
		want                 bool
	}{
		{`{"elicitation":{}}`, `{"message":"m"}`, true},
		{`{"elicitation":{}}`, `{"mode":"url"}`, false},
		{`{"elicitation":{"form":{}}}`, `{"mode":"form"}`, true},
		{`{"elicitation":{"form":{}}}`, `{"mode":"url"}`, false},
		{`{"elicitation":{"url":{}}}`, `{"mode":"url"}`, true},
		{`{"elicitation":{"url":{}}}`, `{"message":"m"}`, false},
		{`{"sampling":{}}`, `{"message":"m"}`, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := &front.Request{Caller: &front.Caller{Protocol: modernEra, Capabilities: json.RawMessage(tt.capabilities)}}
			q := newQuestion(t.Context(), "elicitation/create", json.RawMessage(tt.params))
			if asked := make(questions).gather(t.Context(), r, q); (len(asked) == 1) != tt.want {
				t.Errorf("a client with %s is asked %s: %v", tt.capabilities, tt.params, !tt.want)
			}
		})
	}
}

// TestGather holds a question that the client cannot answer back until others
// about the same work, which it can, have come.
func TestGather(t *testing.T) {
	r := &front.Request{Caller: &front.Caller{Capabilities: json.RawMessage(`{"sampling":{}}`)}}
	for name, later := range map[string][]string{
		"alone":                 nil,
		"with one that it can":  {"sampling/createMessage"},
		"with one that neither": {"roots/list"},
		"with both":             {"roots/list", "sampling/createMessage"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				qs := make(questions)
				first := &question{method: "elicitation/create", reply: make(chan reply, 1)}
				all := []*question{first}
				for _, method := range later {
					all = append(all, &question{method: method, reply: make(chan reply, 1)})
				}
				go func() {
					for _, q := range all[1:] {
						time.Sleep(settling / 4)
						if len(first.reply) > 0 {
							t.Error("the first was refused before the others came")
						}
						qs <- q
					}
				}()
				asked := qs.gather(t.Context(), r, first)
				for _, q := range all {
					want := 1
					if q.method == "sampling/createMessage" {
						want = 0
						if !slices.Equal(asked, []*question{q}) {
							t.Errorf("the client is asked %v", asked)
						}
					}
					if len(q.reply) != want {
						t.Errorf("%s has %d replies, not %d", q.method, len(q.reply), want)
					}
				}
			})
		})
	}
}
