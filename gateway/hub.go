package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
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
	// tools is what the list of tools was when the client was last told, and
	// resources and prompts whose they were.
	tools              any
	resources, prompts string
	uris               map[watched]string // what the client calls each resource it follows

	mu      sync.Mutex
	waiting []front.Event
	some    chan struct{} // holds a token if there may be some
}

// watched is one resource of a server.
type watched struct{ server, uri string }

// heard is how many events wait for a session: one of each list and of each
// resource that a client may follow. What is there already says nothing new.
// loose is how many wait at most for one that only informs.
const (
	heard = 1100
	loose = 32
)

func newHub() *hub { return &hub{ears: make(map[*ear]struct{})} }

// add lets x hear of what changes from now on.
func (h *hub) add(x *ear, now func(*ear)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now(x)
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

// tell never blocks.
func (x *ear) tell(method string, params json.RawMessage, most int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.waiting) >= most || slices.ContainsFunc(x.waiting, func(e front.Event) bool {
		return e.Method == method && bytes.Equal(e.Params, params)
	}) {
		return
	}
	x.waiting = append(x.waiting, front.Event{Method: method, Params: params})
	select {
	case x.some <- struct{}{}:
	default:
	}
}

// Some implements [front.Events].
func (x *ear) Some() <-chan struct{} { return x.some }

// Take implements [front.Events].
func (x *ear) Take() []front.Event {
	x.mu.Lock()
	defer x.mu.Unlock()
	all := x.waiting
	x.waiting = nil
	return all
}

// Watch implements [front.Handler].
func (e *endpoint) Watch(ctx context.Context, c *front.Caller, f front.Filter) (front.Watch, error) {
	client := e.client(c)
	x := &ear{caller: c, want: f, some: make(chan struct{}, 1), uris: make(map[watched]string)}
	honoured := f
	honoured.URIs = nil
	refused := make(map[string]error)
	servers := e.g.opts().Servers
	if servers == nil {
		honoured.Prompts, honoured.Resources = false, false
	} else {
		for _, uri := range f.URIs {
			if err := e.attach(ctx, x, client, uri); err != nil {
				refused[uri] = wire(err)
				continue
			}
			honoured.URIs = append(honoured.URIs, uri)
		}
		e.hub.start.Do(func() { e.g.wg.Go(e.follow) })
	}
	e.hub.add(x, func(x *ear) { _ = e.look(x) })
	e.g.wg.Go(func() {
		select {
		case <-ctx.Done():
		case <-e.g.ctx.Done():
		}
		e.hub.remove(x)
		e.unsubscribe(x)
	})
	return front.Watch{Honoured: honoured, Events: x, Refused: refused}, nil
}

// attach has the ear follow a resource, once.
func (e *endpoint) attach(ctx context.Context, x *ear, client Client, uri string) error {
	server, own, err := e.g.locate(ctx, e.sure(client), uri)
	if err != nil {
		return err
	}
	w := watched{server, own}
	if _, twice := x.uris[w]; twice {
		return nil
	}
	if err := e.g.opts().Servers.Subscribe(e.following(ctx, x.caller), server, own); err != nil {
		return err
	}
	x.uris[w] = uri
	return nil
}

// following is ctx with whose subscriptions it is about: a server may run for one
// session alone.
func (e *endpoint) following(ctx context.Context, c *front.Caller) context.Context {
	if c.Session == "" {
		return ctx
	}
	return backends.WithPeer(ctx, &backends.Peer{Client: e.client(c).Name, Session: e.session(c.Session)})
}

// unsubscribe ends what the ear followed. The session is over by then, but its
// servers are not.
func (e *endpoint) unsubscribe(x *ear) {
	for w := range x.uris {
		if err := e.g.opts().Servers.Unsubscribe(e.following(e.g.ctx, x.caller), w.server, w.uri); err != nil {
			e.g.opts().Logger.Debug("a resource is still followed", "server", w.server, "error", err)
		}
	}
}

// toolsOf identifies what the client is told of tools: compared with what it was,
// it says whether to tell it again. What it does not see has no part in it. Who sees
// everything is told whenever a server says that its list is another one, which
// may have changed back.
func (e *endpoint) toolsOf(c Client) any {
	v := e.view(c)
	if m := e.shown().Mode; m == "code" || m == "" {
		return v.description(*e.g.opts())
	}
	if !c.limited() {
		return [2]any{v.Module, v.description(*e.g.opts())}
	}
	return [2]any{v.table().Digest(), v.description(*e.g.opts())}
}

// offeredBy identifies the servers of a view that list something besides tools,
// and how the view names it. What becomes of their lists they tell themselves.
func (e *endpoint) offeredBy(c Client, has func(backends.Capabilities) bool) string {
	parts := []string{strconv.FormatBool(e.shown().Prefixes())}
	v := e.view(c)
	for _, s := range v.Servers {
		if has(s.Offers) && !v.closed[s.Name] {
			parts = append(parts, s.Name, s.Identity)
		}
	}
	return strings.Join(parts, " ")
}

// look notes what the lists of an ear are now, and returns the notifications
// that say which of them are others than before.
func (e *endpoint) look(x *ear) (changed []string) {
	c := e.client(x.caller)
	tools, resources, prompts := x.tools, x.resources, x.prompts
	if x.want.Tools {
		if x.tools = e.toolsOf(c); x.tools != tools {
			changed = append(changed, "notifications/tools/list_changed")
		}
	}
	if e.g.opts().Servers == nil {
		return changed
	}
	if x.want.Resources {
		if x.resources = e.offeredBy(c, has(backends.Resources)); x.resources != resources {
			changed = append(changed, "notifications/resources/list_changed")
		}
	}
	if x.want.Prompts {
		if x.prompts = e.offeredBy(c, has(backends.Prompts)); x.prompts != prompts {
			changed = append(changed, "notifications/prompts/list_changed")
		}
	}
	return changed
}

// listsChanged tells the sessions whose lists are others now.
func (e *endpoint) listsChanged() {
	e.hub.each(func(x *ear) {
		for _, method := range e.look(x) {
			x.tell(method, nil, heard)
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
	if n.Session != "" && n.Session != e.session(x.caller.Session) {
		return
	}
	if !e.view(e.client(x.caller)).open(n.Server) {
		return
	}
	switch n.Method {
	case "notifications/message", "notifications/elicitation/complete":
		// Where there are scripts only, what servers say is not the client's affair.
		if m := e.shown().Mode; x.want.Messages && (m == config.Direct || m == config.Both) {
			x.tell(n.Method, json.RawMessage(n.Params), loose)
		}
	case "notifications/prompts/list_changed":
		if x.want.Prompts {
			x.tell(n.Method, nil, heard)
		}
	case "notifications/resources/list_changed":
		if x.want.Resources {
			x.tell(n.Method, nil, heard)
		}
	case "notifications/resources/updated":
		if uri, ok := x.follows(n.Server, n.URI); ok {
			params, _ := json.Marshal(map[string]string{"uri": uri})
			x.tell(n.Method, params, heard)
		}
	}
}

// follows returns what the client calls a resource that it has subscribed to, or
// that is part of one: servers may tell of those, too (2025-11-25 schema,
// ResourceUpdatedNotification).
func (x *ear) follows(server, uri string) (string, bool) {
	if name, ok := x.uris[watched{server, uri}]; ok {
		return name, true
	}
	for w, name := range x.uris {
		rest, ok := strings.CutPrefix(uri, w.uri)
		if !ok || w.server != server || !strings.HasSuffix(w.uri, "/") && !strings.ContainsAny(rest[:1], "/?#") {
			continue
		}
		if name == w.uri {
			return uri, true
		}
		return ownedURI(server, uri), true
	}
	return "", false
}
