package gateway

import (
	"errors"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
)

// A server without tools is bound with the reason, so that a script which
// names it learns more than that the name is not defined.
func TestServersThatAreDownAreBoundWithTheCause(t *testing.T) {
	failed := backends.Server{Name: "my-db", State: backends.Failed, Cause: &bindery.Error{
		Code: bindery.Unavailable, Op: "connect to my-db", Err: errors.New("command \"npx\" was not found in PATH"), Hint: "install it",
	}}
	starting := backends.Server{Name: "slow", State: backends.Connecting}
	g := start(t, Options{Tools: newFakeTools(ready("up", "get"), failed, starting), Engine: echo})
	want := map[string]string{
		"up":    "",
		"my_db": `the server is down: connect to my-db: command "npx" was not found in PATH; install it`,
		"slow":  "the server is still starting",
	}
	got := map[string]string{}
	for _, s := range g.View(Anonymous()).Bindings(sandbox.TypeScript).Servers {
		got[s.Ident] = s.Refused
	}
	for ident, why := range want {
		if have, ok := got[ident]; !ok || have != why {
			t.Errorf("%s: %q, %v; want %q", ident, have, ok, why)
		}
	}
}

// A server that fails again changes the catalogue, but no tool: nothing is
// compiled anew.
func TestModuleIsKeptWhileToolsAreTheSame(t *testing.T) {
	up := ready("up", "get", "list")
	tools := newFakeTools(up, backends.Server{Name: "down", State: backends.Connecting})
	g := start(t, Options{Tools: tools, Engine: echo})
	before := g.View(Anonymous())
	tools.set(up, backends.Server{Name: "down", State: backends.Failed, Cause: &bindery.Error{Err: errors.New("exit status 1")}})
	after := g.View(Anonymous())
	if after.Version == before.Version || after.Module != before.Module {
		t.Errorf("version %d → %d, same module: %v", before.Version, after.Version, after.Module == before.Module)
	}
	if after.Bindings(sandbox.TypeScript).Digest == before.Bindings(sandbox.TypeScript).Digest {
		t.Error("the bindings are told apart by nothing")
	}
	tools.set(ready("up", "get", "list", "create"))
	if changed := g.View(Anonymous()); changed.Module == before.Module || len(changed.Bindings(sandbox.TypeScript).Servers[0].Tools) != 3 {
		t.Error("a new tool is not in the view")
	}
}

// A view that gives two tools one name has neither. A client that may use one
// of them has that, and no other though it then sees as many as everybody.
func TestAsManyToolsAreNotTheSame(t *testing.T) {
	renamed := config.View{Tools: map[string]config.Override{"s.a": {Name: "b"}}}
	o := Options{Tools: newFakeTools(ready("s", "a", "b", "c")), Engine: echo, Views: map[string]config.View{config.DefaultView: renamed}}
	g := start(t, withClients(t, o, map[string]config.Client{"ann": {Deny: []config.ToolPattern{"s.b", "s.c"}}}))
	v := g.View(g.now.Load().clients.of("ann"))
	if _, ok := v.Module.Lookup(bindery.ToolID{Server: "s", Name: "c"}); ok {
		t.Error("a tool that is denied is there")
	}
	if _, ok := v.Module.Lookup(bindery.ToolID{Server: "s", Name: "b"}); !ok {
		t.Error("a tool that is not denied is not there")
	}
}

// The pool is told the bindings ahead of the scripts.
func TestEngineLearnsBindingsAhead(t *testing.T) {
	told := make(chan *sandbox.Bindings, 8)
	tools := newFakeTools(ready("a", "get"))
	start(t, Options{Tools: tools, Engine: binding{told: told}})
	if b := <-told; len(b.Servers) != 1 {
		t.Errorf("first %+v", b)
	}
	tools.set(ready("a", "get"), ready("b", "get"))
	if b := <-told; len(b.Servers) != 2 || !strings.Contains(b.Servers[1].Name, "b") {
		t.Errorf("then %+v", b)
	}
}

type binding struct {
	sandbox.Engine
	told chan *sandbox.Bindings
}

func (b binding) SetBindings(l sandbox.Language, s *sandbox.Bindings) {
	if l == sandbox.TypeScript {
		b.told <- s
	}
}
