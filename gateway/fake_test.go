package gateway

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeTools is a catalogue that a test writes and calls that it answers.
type fakeTools struct {
	mu      sync.Mutex
	cat     *backends.Catalogue
	changed chan struct{}
	call    func(context.Context, bindery.Call) (bindery.Result, error)
	ready   func(context.Context) error
}

func newFakeTools(servers ...backends.Server) *fakeTools {
	return &fakeTools{cat: &backends.Catalogue{Version: 1, Servers: servers}, changed: make(chan struct{})}
}

func (f *fakeTools) Catalogue() *backends.Catalogue {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cat
}

func (f *fakeTools) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

func (f *fakeTools) set(servers ...backends.Server) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cat = &backends.Catalogue{Version: f.cat.Version + 1, Servers: servers}
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *fakeTools) Ready(ctx context.Context, _ ...string) error {
	if f.ready != nil {
		return f.ready(ctx)
	}
	return nil
}

func (f *fakeTools) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	if f.call != nil {
		return f.call(ctx, c)
	}
	return structured(string(c.Args)), nil
}

// engine is a script written in Go.
type engine func(ctx context.Context, s sandbox.Script, h sandbox.Host) sandbox.Outcome

func (e engine) Run(ctx context.Context, s sandbox.Script, h sandbox.Host) (sandbox.Outcome, error) {
	return e(ctx, s, h), nil
}

// await makes one call as a script would, and waits for it.
func await(ctx context.Context, h sandbox.Host, seq int, server, tool, args string) (bindery.Result, error) {
	type answer struct {
		r   bindery.Result
		err error
	}
	got := make(chan answer, 1)
	h.Start(ctx, bindery.Call{
		Tool: bindery.ToolID{Server: server, Name: tool}, Args: json.RawMessage(args), Seq: seq, Line: seq,
	}, func(r bindery.Result, err error) { got <- answer{r, err} })
	a := <-got
	return a.r, a.err
}

func structured(text string) bindery.Result {
	return bindery.Result{Structured: json.RawMessage(text), Raw: json.RawMessage(`{"structuredContent":` + text + `}`)}
}

func tool(server, name string) bindery.Tool {
	return bindery.Tool{
		ID: bindery.ToolID{Server: server, Name: name}, Description: "Does " + name + ".",
		Input: json.RawMessage(`{"type":"object","properties":{"id":{"type":"integer"}}}`),
		Raw:   json.RawMessage(`{"name":"` + name + `","inputSchema":{"type":"object","properties":{"id":{"type":"integer"}}}}`),
	}
}

func ready(name string, tools ...string) backends.Server {
	s := backends.Server{Name: name, State: backends.Ready}
	for _, t := range tools {
		s.Tools = append(s.Tools, tool(name, t))
	}
	return s
}

// start returns a gateway that is closed with the test.
func start(t *testing.T, o Options) *Gateway {
	t.Helper()
	g := New(o)
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		g.Close(ctx)
	})
	return g
}

// withClients adds clients to the options, each with the token token-NAME, and
// roles.
func withClients(t *testing.T, o Options, clients map[string]config.Client) Options {
	t.Helper()
	cfg := &config.Config{Clients: clients, Roles: o.Roles}
	for _, name := range slices.Sorted(maps.Keys(clients)) {
		c := clients[name]
		token, err := config.ParseValue("token-" + name)
		if err != nil {
			t.Fatal(err)
		}
		c.Token = config.Secret{Value: token}
		clients[name] = c
		o.Clients = append(o.Clients, NewClient(name, c))
	}
	o.Identities = identity.New(cfg, nil, nil)
	return o
}
