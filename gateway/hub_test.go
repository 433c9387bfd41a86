package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/front"
)

// A client is not told of changes among tools that it does not see.
func TestClientsHearOfTheirOwnTools(t *testing.T) {
	for _, mode := range []config.Mode{config.Code, config.Direct, config.Both} {
		f := newFakeTools(ready("s", "a"), ready("h", "x"), backends.Server{Name: "k", State: backends.Connecting})
		o := Options{Tools: f, Engine: echo, InlineTokens: 1000, Views: map[string]config.View{config.DefaultView: {Mode: mode}}}
		g := start(t, withClients(t, o, map[string]config.Client{"ann": {Allow: []config.ToolPattern{"s.*"}}}))
		e, ann := g.endpoints.of(config.DefaultView), g.now.Load().clients.of("ann")
		before := e.toolsOf(ann)
		f.set(ready("s", "a"), ready("h", "x", "y"), ready("k", "z"))
		if e.toolsOf(ann) != before {
			t.Errorf("%s: told of what it does not see", mode)
		}
		f.set(ready("s", "a", "b"), ready("h", "x"))
		if e.toolsOf(ann) == before {
			t.Errorf("%s: not told of a new tool", mode)
		}
		changed := ready("s", "a")
		changed.Tools[0].Raw = json.RawMessage(`{"name":"a","icons":[],"inputSchema":{"type":"object"}}`)
		f.set(changed)
		if mode != config.Code && e.toolsOf(ann) == before {
			t.Errorf("%s: not told of what only the list shows", mode)
		}
	}
}

// TestManyUpdates holds that a client hears of each of the resources that it
// follows, however many are updated at once, and once of each.
func TestManyUpdates(t *testing.T) {
	x := &ear{some: make(chan struct{}, 1)}
	const many = 1000
	for i := range 2 * many {
		x.tell("notifications/resources/updated", json.RawMessage(fmt.Sprintf(`{"uri":"test://%d"}`, i%many)), heard)
	}
	x.tell("notifications/message", json.RawMessage(`{"level":"info"}`), loose)
	x.tell("notifications/prompts/list_changed", nil, heard)
	<-x.Some()
	all := x.Take()
	if len(all) != many+1 || all[many].Method != "notifications/prompts/list_changed" {
		t.Fatalf("heard of %d, at last of %+v", len(all), all[len(all)-1])
	}
	for i, e := range all[:many] {
		if string(e.Params) != fmt.Sprintf(`{"uri":"test://%d"}`, i) {
			t.Fatalf("%d: heard of %s", i, e.Params)
		}
	}
}

// TestFollows holds of which updates a client hears that follows some resources.
func TestFollows(t *testing.T) {
	x := &ear{uris: map[watched]string{
		{"a", "file:///dir"}:  "file:///dir",
		{"a", "file:///all/"}: "file:///all/",
		{"b", "file:///dir"}:  ownedURI("b", "file:///dir"),
	}}
	for _, tt := range []struct{ server, uri, want string }{
		{"a", "file:///dir", "file:///dir"},
		{"a", "file:///dir/x", "file:///dir/x"},
		{"a", "file:///dir#x", "file:///dir#x"},
		{"a", "file:///all/x/y", "file:///all/x/y"},
		{"a", "file:///directory", ""},
		{"a", "file:///", ""},
		{"b", "file:///dir", ownedURI("b", "file:///dir")},
		{"b", "file:///dir/x", ownedURI("b", "file:///dir/x")},
		{"b", "file:///all/x", ""},
		{"c", "file:///dir", ""},
	} {
		if got, _ := x.follows(tt.server, tt.uri); got != tt.want {
			t.Errorf("%s of %s: got %q, want %q", tt.uri, tt.server, got, tt.want)
		}
	}
}

// TestWatchHonours holds that a resource which cannot be followed keeps nothing
// else from a client, and that one which is named twice is followed once.
func TestWatchHonours(t *testing.T) {
	set := openSet(t, false, map[string]*mcp.Server{"a": fullServer(), "b": fullServer()})
	g := start(t, Options{Tools: set, Servers: set, Engine: echo})
	e := g.endpoints.of(config.DefaultView)
	good, bad := ownedURI("a", "note://one"), ownedURI("gone", "note://one")
	w, err := e.Watch(t.Context(), &front.Caller{Protocol: modernEra}, front.Filter{Tools: true, URIs: []string{bad, good, good}})
	if err != nil || !slices.Equal(w.Honoured.URIs, []string{good, good}) || !w.Honoured.Tools {
		t.Errorf("got %+v, %v", w.Honoured, err)
	}
	if err := w.Refused[bad]; err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("a resource of nobody: %v", err)
	}
}

// What a client was to hear when its watch ended is there still, for the watch
// after it to begin with.
func TestEventsOutliveTheirWatch(t *testing.T) {
	g := start(t, Options{Tools: newFakeTools(ready("s", "a")), Engine: echo})
	e := g.endpoints.of(config.DefaultView)
	ctx, cancel := context.WithCancel(t.Context())
	w, err := e.Watch(ctx, &front.Caller{}, front.Filter{Tools: true})
	if err != nil {
		t.Fatal(err)
	}
	e.hub.each(func(x *ear) { x.tell("notifications/tools/list_changed", nil, heard) })
	cancel()
	if all := w.Events.Take(); len(all) != 1 {
		t.Errorf("there is %+v", all)
	}
}
