package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/sandbox/js"
)

// estate is servers of which some are not for everybody: of vault nothing, of
// desk only list_paper, and of cellar and attic, which are not up, nothing. In a
// small one all that is not there.
type estate struct{ small bool }

func (e estate) Catalogue() *backends.Catalogue {
	has := backends.Capabilities{Resources: true, Prompts: true, Completions: true, Subscribe: true, Logging: true}
	server := func(name string, tools ...string) backends.Server {
		s := backends.Server{Name: name, State: backends.Ready, Protocol: "2026-07-28", Offers: has, Instructions: "This is " + name + "."}
		for _, t := range tools {
			s.Tools = append(s.Tools, bindery.Tool{
				ID: bindery.ToolID{Server: name, Name: t}, Description: "Does " + t + ".", Input: json.RawMessage(`{"type":"object"}`),
				Raw: json.RawMessage(`{"name":"` + t + `","inputSchema":{"type":"object"}}`),
			})
		}
		return s
	}
	servers := []backends.Server{server("desk", "list_paper")}
	if !e.small {
		servers = []backends.Server{
			server("desk", "list_paper", "shred_paper", "shred-paper", "shred.list", "list.paper"), server("vault", "open_vault", "list_paper"),
			{Name: "cellar", State: backends.Connecting},
			{Name: "attic", State: backends.Failed, Cause: &bindery.Error{Code: bindery.Unavailable, Err: errors.New("exit status 1")}},
		}
	}
	return &backends.Catalogue{Version: 1, Servers: servers}
}

func (estate) Changed() <-chan struct{}               { return nil }
func (estate) Ready(context.Context, ...string) error { return nil }

func (estate) Call(_ context.Context, c bindery.Call) (bindery.Result, error) {
	if c.Tool.String() != "desk.list_paper" {
		return bindery.Result{}, fmt.Errorf("%s was called", c.Tool)
	}
	return bindery.Result{Structured: json.RawMessage(`[]`), Raw: json.RawMessage(`{"content":[]}`)}, nil
}

func (estate) Do(_ context.Context, server, method string, _ json.RawMessage) (json.RawMessage, error) {
	if method == "tools/call" && server == "desk" {
		return json.RawMessage(`{"content":[]}`), nil
	}
	if server != "desk" {
		return nil, fmt.Errorf("%s was asked for %s", server, method)
	}
	return json.RawMessage(`{"contents":[],"messages":[],"completion":{"values":[]}}`), nil
}

func (estate) List(_ context.Context, server string, kind backends.Kind) ([]backends.Item, error) {
	name := server + "-item"
	switch kind {
	case backends.Resources:
		return []backends.Item{{Name: "note://" + server, Raw: json.RawMessage(`{"uri":"note://` + server + `","name":"` + server + `"}`)}}, nil
	case backends.Templates:
		return []backends.Item{{Name: "note://" + server + "/{id}", Raw: json.RawMessage(`{"uriTemplate":"note://` + server + `/{id}"}`)}}, nil
	default:
		return []backends.Item{{Name: name, Raw: json.RawMessage(`{"name":"` + name + `"}`)}}, nil
	}
}

func (estate) EndSession(string) {}
func (estate) Notices(ctx context.Context) <-chan backends.Notice {
	c := make(chan backends.Notice)
	context.AfterFunc(ctx, func() { close(c) })
	return c
}
func (estate) Subscribe(_ context.Context, server, _ string) error {
	if server != "desk" {
		return fmt.Errorf("%s was subscribed to", server)
	}
	return nil
}
func (estate) Unsubscribe(context.Context, string, string) error { return nil }

// face is a gateway in front of an estate, as ann finds it.
func face(t *testing.T, e estate) *httptest.Server {
	t.Helper()
	token, err := config.ParseValue("token-of-ann")
	if err != nil {
		t.Fatal(err)
	}
	ann := config.Client{Token: config.Secret{Value: token}, Deny: []config.ToolPattern{"vault.*", "*.shred*", "desk.list.paper", "cellar.*", "attic.*"}}
	g := gateway.New(gateway.Options{
		Tools: e, Servers: e, Engine: js.New(), InlineTokens: 2000, Startup: time.Second,
		Clients:    []gateway.Client{gateway.NewClient("ann", ann)},
		Identities: identity.New(&config.Config{Clients: map[string]config.Client{"ann": ann}}, nil, nil),
		Views: map[string]config.View{"default": {Mode: config.Both}, "tools": {
			Mode: config.Direct, Tools: map[string]config.Override{"desk.shred.list": {Name: "list_paper"}}, // what is hidden takes no name, either
		}},
		Status: func(see func(string) (int, bool)) any {
			seen := map[string]int{}
			for _, s := range e.Catalogue().Servers {
				if n, ok := see(s.Name); ok {
					seen[s.Name] = n
				}
			}
			return seen
		},
	})
	srv := httptest.NewServer(g.Handler())
	t.Cleanup(func() {
		srv.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		g.Close(ctx)
	})
	return srv
}

// ask makes a request of 2026-07-28, or a GET if there is no method.
func ask(t *testing.T, srv *httptest.Server, path, method string, params map[string]any) string {
	t.Helper()
	verb, body := http.MethodGet, ""
	if method != "" {
		params["_meta"] = map[string]any{
			"io.modelcontextprotocol/protocolVersion":    "2026-07-28",
			"io.modelcontextprotocol/clientInfo":         map[string]any{"name": "t", "version": "1"},
			"io.modelcontextprotocol/clientCapabilities": map[string]any{},
		}
		data, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
		if err != nil {
			t.Fatal(err)
		}
		verb, body = http.MethodPost, string(data)
	}
	req, err := http.NewRequestWithContext(t.Context(), verb, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{
		"Authorization": "Bearer token-of-ann", "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
		"Mcp-Protocol-Version": "2026-07-28", "Mcp-Method": method,
	} {
		req.Header.Set(k, v)
	}
	for _, key := range []string{"name", "uri"} {
		if v, ok := params[key].(string); ok {
			req.Header.Set("Mcp-Name", v)
		}
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.Status + " " + string(data)
}

// What a client may not use does not exist for it: whatever it asks, the answer
// is, to the byte, that of a gateway in which it really does not exist.
func TestHiddenDoesNotExist(t *testing.T) {
	large, small := face(t, estate{}), face(t, estate{small: true})
	same := func(path, method string, params map[string]any) {
		t.Helper()
		l, s := ask(t, large, path, method, params), ask(t, small, path, method, params)
		if strings.HasPrefix(s, "401") {
			t.Errorf("%s %v: %s", method, params, s)
		}
		if l != s {
			t.Errorf("%s %s %v\n%s\nwhere nothing is hidden\n%s", path, method, params, l, s)
		}
	}
	type object = map[string]any
	same("/status", "", nil)
	for _, path := range []string{"/mcp", "/mcp/tools"} {
		for _, m := range []string{"server/discover", "tools/list", "resources/list", "resources/templates/list", "prompts/list"} {
			same(path, m, object{})
		}
		for _, name := range []string{"desk__list_paper", "vault__open_vault", "vault__open", "desk__shred_paper", "desk__shred", "desk__list.paper", "desk__shred_list", "valt__open_vault", "cellar__x"} {
			same(path, "tools/call", object{"name": name, "arguments": object{}})
		}
		argument := object{"name": "id", "value": "1"}
		for _, uri := range []string{"note://desk", "note://vault", "note://vault/1", "note://vaul", "bindery://servers/vault/note", "bindery://servers/vaul/x"} {
			same(path, "resources/read", object{"uri": uri})
			same(path, "completion/complete", object{"ref": object{"type": "ref/resource", "uri": uri}, "argument": argument})
		}
		for _, name := range []string{"desk__desk-item", "vault__vault-item", "vault__vault-ite", "vault-item", "x"} {
			same(path, "prompts/get", object{"name": name})
			same(path, "completion/complete", object{"ref": object{"type": "ref/prompt", "name": name}, "argument": argument})
		}
	}
	for _, code := range []string{
		`Object.keys(globalThis)`, `Object.keys(tools)`, `Object.keys(desk)`, `String(Object.getOwnPropertyNames(tools))`, `desk.list_paper({})`, `desk.list_paper({x: 1, y: 2})`,
		`typeof vault`, `vault.open_vault()`, `valt.open_vault()`, `desk.shred_paper()`, `desk.shred_pape()`, `desk.shred()`, `des.list_paper()`,
		`tools["vault"]["open_vault"]()`, `tools["desk"]["shred-paper"]()`, `tools["desk"]["shred_pape"]()`, `tools.vault`, `tools["cellar"]["x"]()`,
		`cellar.x()`, `attic.x()`, `await tools.search("x")`, `await tools.search("open the vault", {limit: 50})`, `await tools.search("shred", {detail: "full"})`, `await tools.search("", {limit: 500, detail: "name"})`,
		`await tools.search("x", {server: "vault"})`, `await tools.search("x", {server: "vaul"})`, `await tools.search("paper")`,
		`await tools.describe("vault.open_vault")`, `await tools.describe("vault")`, `await tools.describe("open_vault")`, `await tools.describe("list_paper")`, `await tools.describe("desk.shred_pape")`, `await tools.describe("des")`,
		`await resources.list()`, `await resources.list("vault")`, `await resources.read("note://vault")`, `await resources.read("note://x", "vault")`, `await resources.read("bindery://servers/vault/note")`,
		`await prompts.list()`, `await prompts.get("vault-item")`, `await prompts.get("x", {}, "vault")`, `await prompts.get("x", {}, "vaul")`,
	} {
		same("/mcp", "tools/call", object{"name": "execute_code", "arguments": object{"code": code}})
	}
}
