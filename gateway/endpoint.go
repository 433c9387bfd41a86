package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/gateway/pin"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/internal/paramheader"
)

// endpoints are the views that clients can speak to, each with the sessions
// that were opened there.
type endpoints struct {
	g      *Gateway
	mu     sync.Mutex
	byName map[string]*endpoint
	closed bool
}

func newEndpoints(g *Gateway) *endpoints { return &endpoints{g: g, byName: make(map[string]*endpoint)} }

// of returns the endpoint of a view, nil if there is no such view.
func (es *endpoints) of(name string) *endpoint {
	if _, ok := es.g.opts().view(name); !ok {
		return nil
	}
	es.mu.Lock()
	defer es.mu.Unlock()
	e, ok := es.byName[name]
	if !ok {
		if es.closed {
			return nil
		}
		e = &endpoint{g: es.g, name: name, hub: newHub()}
		e.front = front.New(e, front.Options{
			Identify: whoIn,
			MaxBody:  maxBody, Logger: es.g.opts().Logger, Observe: e.observer(),
		})
		e.sse = e.front.SSE(e.path("/message"))
		es.byName[name] = e
	}
	return e
}

func (es *endpoints) all() []*endpoint {
	es.mu.Lock()
	defer es.mu.Unlock()
	list := make([]*endpoint, 0, len(es.byName))
	for _, e := range es.byName {
		list = append(list, e)
	}
	return list
}

// refresh tells the sessions that are open about a changed catalogue, and ends
// those of views that are gone once their requests are answered, each of which
// has its own timeout.
func (es *endpoints) refresh() {
	for _, e := range es.all() {
		if es.of(e.name) != nil {
			e.listsChanged()
			continue
		}
		ctx, done, err := es.g.begin(es.g.ctx)
		if err != nil {
			continue // the gateway ends, and the endpoint with all others
		}
		es.mu.Lock()
		delete(es.byName, e.name)
		es.mu.Unlock()
		es.g.wg.Go(func() {
			defer done()
			_ = e.front.Close(ctx)
		})
	}
}

// close ends all sessions. Requests under way are answered until ctx ends.
func (es *endpoints) close(ctx context.Context) {
	es.mu.Lock()
	es.closed = true
	es.mu.Unlock()
	var wg sync.WaitGroup
	for _, e := range es.all() {
		wg.Go(func() { _ = e.front.Close(ctx) })
	}
	wg.Wait()
}

// endpoint answers what the clients of one view ask.
type endpoint struct {
	g     *Gateway
	name  string
	front *front.Endpoint
	sse   http.Handler // of both its paths, which know the same sessions
	hub   *hub
}

// shown is the view's configuration as it is now.
func (e *endpoint) shown() config.View {
	shown, _ := e.g.opts().view(e.name)
	return shown
}

// client is whose request it is. On stdio it is that of whoever started the
// process.
func (e *endpoint) client(c *front.Caller) Client {
	if c.Header == nil {
		return Anonymous()
	}
	return e.g.now.Load().clients.of(c.Identity)
}

func (e *endpoint) view(c Client) *View { return e.g.views().of(e.name, c) }

// peer is the client to the servers.
func (e *endpoint) peer(r *front.Request) backends.Peer {
	p := backends.Peer{Client: e.client(r.Caller).Name, Capabilities: r.Capabilities, Log: r.LogLevel}
	if r.LogUnset {
		p.Log = backends.AnyLog
	}
	if r.Session != "" {
		p.Session = e.session(r.Session)
	}
	p.Forward = e.g.forwarded(r.Sent)
	return p
}

// Ended implements [front.SessionEnder]: a session's scripts, and the servers
// that ran for it alone, end with it.
func (e *endpoint) Ended(_, session string) {
	session = e.session(session)
	e.g.sessions.end(session)
	e.g.pasts.end(session)
	if s := e.g.opts().Servers; s != nil {
		s.EndSession(session)
	}
}

// past is what the client has touched without scripts: in its session, or in all
// its requests where there are no sessions.
func (e *endpoint) past(c Client, r *front.Request) *policy.Execution {
	if e.g.opts().Policy == nil {
		return nil
	}
	if r.Session == "" {
		return e.g.pasts.of("client " + c.Name)
	}
	return e.g.pasts.of(e.session(r.Session))
}

// trail is what is recorded of one of the client's own requests.
func (e *endpoint) trail(ctx context.Context, c Client, r *front.Request) trail {
	session := ""
	if r.Session != "" {
		session = e.session(r.Session)
	}
	return e.g.directTrail(ctx, c, session, e.name)
}

// session names one of the endpoint's sessions among those of all.
func (e *endpoint) session(id string) string { return e.name + "/" + id }

// Describe implements [front.Handler]. A client asks once what there is, so
// that servers which were never seen get a moment to come up first.
func (e *endpoint) Describe(c *front.Caller) front.Description {
	v := e.view(e.client(c))
	if c.Session != "" || c.Header != nil { // else it is about the name alone
		v = e.settled(e.client(c))
	}
	d := front.Description{Name: "bindery", Title: "bindery", Version: e.g.opts().Version, Capabilities: e.capabilities(v, c.Modern())}
	if e.shown().Mode == config.Direct {
		d.Instructions = v.directInstructions()
	} else {
		d.Instructions = v.instructions()
	}
	return d
}

// settled returns the view once each of its servers has come up, has failed, or
// is remembered from before. Scripts wait for the servers that they use.
func (e *endpoint) settled(c Client) *View {
	v := e.view(c)
	if m := e.shown().Mode; m == "" || m == config.Code {
		return v
	}
	return e.wait(c, v)
}

// wait gives the servers of the view that were never seen a moment to come up.
func (e *endpoint) wait(c Client, v *View) *View {
	var names []string
	for _, s := range v.Servers {
		if s.State == backends.Connecting && s.Cause == nil && !s.FromCache {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return v
	}
	ctx, cancel := context.WithTimeout(e.g.ctx, min(e.g.opts().Startup, handshake))
	defer cancel()
	_ = e.g.opts().Tools.Ready(ctx, names...)
	return e.view(c)
}

// sure returns the view for a request about something else than tools. For a
// client that does not see everything, servers are waited for in every mode: only
// one of which it may use a tool is the client's.
func (e *endpoint) sure(c Client) *View {
	if !c.limited() {
		return e.settled(c)
	}
	return e.wait(c, e.view(c))
}

// handshake is how long a client may be kept waiting for servers before it is
// told what there is; clients commonly give up after ten seconds.
const handshake = 8 * time.Second

// capabilities are what the servers of the view offer, taken together. Of a
// server that is not up nobody knows, so that it is taken to have everything:
// what it does not have is an empty list.
func (e *endpoint) capabilities(v *View, modern bool) json.RawMessage {
	var offers backends.Capabilities
	for _, s := range v.Servers {
		unknown := s.State != backends.Ready && s.Protocol == "" && e.g.opts().Servers != nil
		offers.Resources = offers.Resources || s.Offers.Resources || unknown
		offers.Subscribe = offers.Subscribe || s.Offers.Subscribe || unknown
		offers.Prompts = offers.Prompts || s.Offers.Prompts || unknown
		offers.Completions = offers.Completions || s.Offers.Completions || unknown
		offers.Logging = offers.Logging || s.Offers.Logging
	}
	parts := []string{`"tools":{"listChanged":true}`}
	switch {
	case offers.Subscribe:
		parts = append(parts, `"resources":{"subscribe":true,"listChanged":true}`)
	case offers.Resources || e.shown().Mode != config.Direct:
		parts = append(parts, `"resources":{"listChanged":true}`)
	}
	if offers.Prompts {
		parts = append(parts, `"prompts":{"listChanged":true}`)
	}
	if offers.Completions {
		parts = append(parts, `"completions":{}`)
	}
	if offers.Logging {
		parts = append(parts, `"logging":{}`)
	}
	if modern && e.shown().Mode != config.Direct {
		parts = append(parts, `"extensions":{"`+tasksExtension+`":{}}`)
	}
	return json.RawMessage("{" + strings.Join(parts, ",") + "}")
}

// directInstructions are what the servers say of themselves.
func (v *View) directInstructions() string {
	const most = 16 << 10
	var parts []string
	size := 0
	for _, s := range v.Servers {
		text := strings.TrimSpace(pin.Text(s.Instructions))
		if text == "" {
			continue
		}
		if len(v.Servers) > 1 {
			text = "# " + s.Name + "\n" + text
		}
		if size += len(text); size > most {
			break
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n\n")
}

// Handle implements [front.Handler].
func (e *endpoint) Handle(ctx context.Context, r *front.Request) (json.RawMessage, error) {
	if e.g.ending() && !e.Continues(r.Method, r.Params) {
		return nil, wire(errEnding())
	}
	// Sessions outlive their view for a moment, and what goes on in them has an end.
	if _, ok := e.g.opts().view(e.name); !ok && !e.Continues(r.Method, r.Params) {
		return nil, wire(&bindery.Error{
			Code: bindery.NotFound, Unsent: true, Err: fmt.Errorf("the view %q is not there any more", e.name), Hint: "connect to another",
		})
	}
	if e.g.opts().Telemetry == nil {
		ctx = received(ctx, r)
	}
	c := e.client(r.Caller)
	switch r.Method {
	case "tools/list":
		return e.listTools(c, r)
	case "tools/call":
		return e.callTool(ctx, c, r)
	case "resources/list":
		return e.listItems(ctx, c, backends.Resources)
	case "resources/templates/list":
		return e.listItems(ctx, c, backends.Templates)
	case "resources/read":
		return e.readResource(ctx, c, r)
	case "prompts/list":
		return e.listItems(ctx, c, backends.Prompts)
	case "prompts/get":
		return e.getPrompt(ctx, c, r)
	case "completion/complete":
		return e.complete(ctx, c, r)
	case "tasks/get":
		return e.getTask(c, r)
	case "tasks/update":
		return e.updateTask(c, r)
	case "tasks/cancel":
		return e.cancelTask(c, r)
	default:
		return nil, &front.Error{Code: front.CodeMethodNotFound, Message: "method not found: " + clip(r.Method, 80)}
	}
}

// wire returns the error that the client gets for err: the server's own if it
// answered with one.
func wire(err error) error {
	if e, ok := errors.AsType[*backends.ServerError](err); ok {
		return &front.Error{Code: e.Code, Message: e.Message, Data: e.Data}
	}
	if _, ok := errors.AsType[*front.Error](err); ok {
		return err
	}
	text := err.Error()
	if hint := bindery.HintOf(err); hint != "" {
		text += "; " + hint
	}
	code := front.CodeInternal
	if c := bindery.CodeOf(err); c == bindery.NotFound || c == bindery.Invalid {
		code = front.CodeInvalidParams
	}
	failure := &front.Error{Code: code, Message: text}
	if retry := retryOf(err); retry != nil {
		failure.Data, _ = json.Marshal(map[string]json.RawMessage{retryKey: retry})
	}
	return failure
}

// names of the servers of the view that have something.
func (v *View) offering(has func(backends.Capabilities) bool) []backends.Server {
	return slices.DeleteFunc(slices.Clone(v.Servers), func(s backends.Server) bool {
		return v.closed[s.Name] || !has(s.Offers) && (s.State == backends.Ready || s.Protocol != "")
	})
}

// ParamHeaders implements [front.ParamHeaders].
func (e *endpoint) ParamHeaders(c *front.Caller, name string) []front.ParamHeader {
	if e.shown().Mode == config.Code || e.shown().Mode == "" {
		return nil
	}
	tool, err := e.view(e.client(c)).table().Lookup(name)
	if err != nil {
		return nil
	}
	headers, err := paramheader.Of(tool.Input)
	if err != nil {
		return nil
	}
	list := make([]front.ParamHeader, len(headers))
	for i, h := range headers {
		list[i] = front.ParamHeader{Header: h.Name, Path: h.Path}
	}
	return list
}
