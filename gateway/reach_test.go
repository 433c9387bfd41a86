package gateway

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/sandbox"
)

// While nobody knows a server's tools, what it offers besides is for those alone
// who may use them whatever they are.
func TestServersAreClosedWhileTheirToolsAreUnknown(t *testing.T) {
	f := newFakeTools(backends.Server{Name: "s", State: backends.Connecting})
	reads := engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
		_, err := await(ctx, h, 1, sandbox.Builtin, "resources.read", `{"uri":"note://one","server":"s"}`)
		value, _ := json.Marshal(err.Error())
		return sandbox.Outcome{Value: value}
	})
	g := start(t, Options{Tools: f, Servers: notCalled{t: t}, Engine: reads})
	type patterns = []config.ToolPattern
	bob := NewClient("bob", config.Client{Deny: patterns{"s.get"}})
	for name, tc := range map[string]struct {
		client Client
		open   bool
	}{
		"everybody":        {Anonymous(), true},
		"all of it":        {NewClient("a", config.Client{Allow: patterns{"s.*", "t.get"}}), true},
		"others denied":    {NewClient("b", config.Client{Deny: patterns{"t.*"}}), true},
		"one is denied":    {bob, false},
		"some are denied":  {NewClient("c", config.Client{Allow: patterns{"s.*"}, Deny: patterns{"*.delete_*"}}), false},
		"one is allowed":   {NewClient("d", config.Client{Allow: patterns{"s.get"}}), false},
		"none are allowed": {NewClient("e", config.Client{Allow: patterns{"t.*"}}), false},
	} {
		v := g.View(tc.client)
		if open := v.open("s"); open != tc.open {
			t.Errorf("%s: open %v", name, open)
		}
		if _, _, err := g.locate(t.Context(), v, ownedURI("s", "note://one")); (err == nil) != tc.open {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(v.offering(has(backends.Resources))); (n == 1) != tc.open {
			t.Errorf("%s: %d servers have resources", name, n)
		}
	}
	if a, err := g.Execute(t.Context(), bob, Request{Code: "x"}); err != nil || !strings.Contains(a.Text(), "there is no server") {
		t.Errorf("a script: %s, %v", a.Text(), err)
	}
	f.set(ready("s", "get", "put"))
	if !g.View(bob).open("s") {
		t.Error("closed for one who may use a tool of it")
	}
}

// A request that is on its way when a reload takes its view away must not find
// the whole catalogue instead.
func TestViewThatIsGoneShowsNothing(t *testing.T) {
	f := newFakeTools(ready("s", "get", "put"))
	narrow := config.View{Mode: config.Direct, Include: []config.ToolPattern{"s.get"}}
	g := start(t, Options{Tools: f, Engine: echo, Views: map[string]config.View{"narrow": narrow}})
	e := g.endpoints.of("narrow")
	list := &front.Request{Method: "tools/list", Caller: &front.Caller{}}
	if got, err := e.Handle(t.Context(), list); err != nil || !strings.Contains(string(got), `"s__get"`) {
		t.Fatalf("before: %s, %v", got, err)
	}
	g.Apply(Options{Views: map[string]config.View{}})
	if got, err := e.Handle(t.Context(), list); err == nil || !strings.Contains(err.Error(), "not there any more") {
		t.Errorf("after: %s, %v", got, err)
	}
	if v := e.view(Anonymous()); len(v.Servers) > 0 || len(v.Module.Servers()) > 0 {
		t.Errorf("the view that is gone has %+v", v.Servers)
	}
}

// A script that goes on when a reload takes its view away has an answer still.
func TestViewThatIsGoneTellsTheRest(t *testing.T) {
	let := make(chan struct{})
	g := start(t, Options{
		Tools: newFakeTools(), Engine: blocked(let), Patience: time.Millisecond, Views: map[string]config.View{"long": {}},
	})
	e := g.endpoints.of("long")
	execute := func(args string) string {
		t.Helper()
		r := &front.Request{Method: "tools/call", Caller: &front.Caller{}, Params: json.RawMessage(`{"name":"execute_code","arguments":` + args + `}`)}
		got, err := e.Handle(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	id := idIn(t, strings.ReplaceAll(execute(`{"code":"x"}`), `\`, ""))
	g.Apply(Options{Patience: time.Minute, Views: map[string]config.View{}})
	close(let)
	if got := execute(`{"wait":"` + id + `"}`); !strings.Contains(got, "ended") {
		t.Errorf("the rest is %s", got)
	}
}
