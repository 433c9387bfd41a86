package gateway

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/front"
)

// hub tells the open sessions of an endpoint what has changed.
type hub struct {
	mu    sync.Mutex
	ears  map[*ear]struct{}
	start sync.Once
}

// ear is one session that listens.
type ear struct {
	// caller is who listens; what it may see can change meanwhile.
	caller *front.Caller
	want   front.Filter
	events chan front.Event
	// tools is what the list of tools was when the client was last told.
	tools any
	uris  map[watched]string // what the client calls each resource it follows
}

// watched is one resource of a server.
type watched struct{ server, uri string }

// heard is how many events wait for a session. What is more says nothing new:
// each only tells that a list, or a resource, is another one now.
const heard = 64

func newHub() *hub { return &hub{ears: make(map[*ear]struct{})} }

func (h *hub) add(x *ear) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ears[x] = struct{}{}
}

func (h *hub) remove(x *ear) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.ears, x)
}

func (h *hub) each(tell func(*ear)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for x := range h.ears {
		tell(x)
	}
}

func (x *ear) tell(method string, params json.RawMessage) {
	select {
	case x.events <- front.Event{Method: method, Params: params}:
	default:
	}
}

// Watch implements [front.Handler].
func (e *endpoint) Watch(ctx context.Context, c *front.Caller, f front.Filter) (front.Watch, error) {
	client := e.client(c)
	x := &ear{caller: c, want: f, events: make(chan front.Event, heard), uris: make(map[watched]string)}
	honoured := f
	honoured.URIs = nil
	if f.Tools {
		x.tools = e.toolsOf(client)
	}
	servers := e.g.opts().Servers
	if servers == nil {
		honoured.Prompts, honoured.Resources = false, false
	} else {
		for _, uri := range f.URIs {
			server, own, err := e.g.locate(ctx, e.sure(client), uri)
			if err != nil {
				return front.Watch{}, wire(err)
			}
			if err := servers.Subscribe(ctx, server, own); err != nil {
				e.unsubscribe(x)
				return front.Watch{}, wire(err)
			}
			x.uris[watched{server, own}] = uri
			honoured.URIs = append(honoured.URIs, uri)
		}
		e.hub.start.Do(func() { e.g.wg.Go(e.follow) })
	}
	e.hub.add(x)
	e.g.wg.Go(func() {
		select {
		case <-ctx.Done():
		case <-e.g.ctx.Done():
		}
		e.hub.remove(x)
		e.unsubscribe(x)
	})
	return front.Watch{Honoured: honoured, Events: x.events}, nil
}

// unsubscribe ends what the ear followed. The session is over by then, but its
// servers are not.
func (e *endpoint) unsubscribe(x *ear) {
	for w := range x.uris {
		if err := e.g.opts().Servers.Unsubscribe(e.g.ctx, w.server, w.uri); err != nil {
			e.g.opts().Logger.Debug("a resource is still followed", "server", w.server, "error", err)
		}
	}
}

// toolsOf identifies what the client is told of tools: compared with what it was,
// it says whether to tell it again. What it does not see has no part in it.
func (e *endpoint) toolsOf(c Client) any {
	v := e.view(c)
	if m := e.shown().Mode; m == "code" || m == "" {
		return v.description(*e.g.opts())
	}
	return [2]any{v.table().Digest(), v.description(*e.g.opts())}
}

// toolsChanged tells the sessions whose tools are others now.
func (e *endpoint) toolsChanged() {
	e.hub.each(func(x *ear) {
		if !x.want.Tools {
			return
		}
		if now := e.toolsOf(e.client(x.caller)); now != x.tools {
			x.tools = now
			x.tell("notifications/tools/list_changed", nil)
		}
	})
}

// follow passes on what servers say of their resources and prompts, until the
// gateway ends.
func (e *endpoint) follow() {
	for n := range e.g.opts().Servers.Notices(e.g.ctx) {
		e.hub.each(func(x *ear) { e.notice(x, n) })
	}
}

func (e *endpoint) notice(x *ear, n backends.Notice) {
	if !e.view(e.client(x.caller)).open(n.Server) {
		return
	}
	switch n.Method {
	case "notifications/prompts/list_changed":
		if x.want.Prompts {
			x.tell(n.Method, nil)
		}
	case "notifications/resources/list_changed":
		if x.want.Resources {
			x.tell(n.Method, nil)
		}
	case "notifications/resources/updated":
		if uri, ok := x.uris[watched{n.Server, n.URI}]; ok {
			params, _ := json.Marshal(map[string]string{"uri": uri})
			x.tell(n.Method, params)
		}
	}
}
