package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// user is somebody with a token for the gateway, and a credential for the one
// server that wants it.
type user struct{ name, token, upstream string }

func users() []user {
	return []user{
		{"alice", "alice-token-4711-abcdefghij", "Bearer alice-upstream-0815-klmnop"},
		{"bob", "bob-token-1234-zyxwvutsrq", "Bearer bob-upstream-9876-ponmlk"},
	}
}

// RoundTrip implements [http.RoundTripper].
func (u user) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	u.sign(out.Header)
	return http.DefaultTransport.RoundTrip(out)
}

func (u user) sign(h http.Header) {
	h.Set("Authorization", "Bearer "+u.token)
	h.Set("X-Upstream-Authorization", u.upstream)
}

// owner holds each request that the server of the users' own gets against whose
// it is: calls say so in their arguments.
type owner struct {
	next http.Handler
	t    *testing.T

	mu    sync.Mutex
	calls map[string]int // by user
}

// ServeHTTP implements [http.Handler].
func (o *owner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		o.t.Error(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	auth := r.Header.Get("Authorization")
	for _, u := range users() {
		if !bytes.Contains(body, []byte(`"caller":"`+u.name+`"`)) {
			continue
		}
		o.mu.Lock()
		o.calls[u.name]++
		o.mu.Unlock()
		if auth != u.upstream {
			o.t.Errorf("a call of %s goes with %q", u.name, auth)
		}
	}
	if bytes.Contains(body, []byte(`"tools/list"`)) && auth != "" {
		o.t.Errorf("the tools are listed with %q", auth)
	}
	o.next.ServeHTTP(w, r)
}

// Whatever clients ask for, no server ever sees a byte of their tokens, and what
// is forwarded for one of them goes to the one server and with their own calls.
func TestTokensGoNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	records := map[string]*recorder{}
	add := func(name, scheme string, h http.Handler, more map[string]any) {
		addr, r := recordedServer(t, h)
		entry := map[string]any{"url": scheme + "://" + addr + "/mcp"}
		maps.Copy(entry, more)
		w.Add(name, entry)
		records[name] = r
	}
	own := &owner{next: backendtest.NewHTTP(backendtest.Offers), t: t, calls: map[string]int{}}
	add("plain", "http", backendtest.NewHTTP(backendtest.Offers), map[string]any{"headers": map[string]string{"X-Service": "static"}})
	add("modern", "http", backendtest.NewHTTP(backendtest.Offers, backendtest.Modern), nil)
	add("alone", "http", backendtest.NewHTTP(backendtest.Offers), map[string]any{"isolate": "session"})
	add("old", "http", backendtest.NewOldSSE(backendtest.Offers), map[string]any{"type": "sse"})
	add("socket", "ws", backendtest.NewWebSocket(backendtest.Offers), nil)
	add("own", "http", own, map[string]any{"forward": map[string]string{"X-Upstream-Authorization": "Authorization"}})
	program, env, err := backendtest.Command(backendtest.Offers)
	if err != nil {
		t.Fatal(err)
	}
	onDisk := filepath.Join(w.Home, "stdio.bytes")
	w.Add("child", map[string]any{
		"command": "sh", "args": []string{"-c", `env >"$0"; tee -a "$0" | "$1"`, onDisk, program}, "env": env, "cwd": w.Dir,
	})
	w.Set("views", map[string]any{"default": map[string]any{"mode": "both"}})
	clients := map[string]any{}
	for _, u := range users() {
		clients[u.name] = map[string]any{"token": "${file:" + w.File(t, u.name, u.token) + "}"}
	}
	w.Set("clients", clients)
	endpoint := w.Serve(t)

	for _, u := range users() {
		uris := u.useSocket(t, "ws"+strings.TrimPrefix(strings.TrimSuffix(endpoint, "/mcp"), "http")+"/ws")
		client := &http.Client{Transport: u}
		for name, transport := range map[string]mcp.Transport{
			"legacy": &mcp.StreamableClientTransport{Endpoint: endpoint, HTTPClient: client},
			"modern": &mcp.StreamableClientTransport{Endpoint: endpoint, HTTPClient: client},
			"sse":    &mcp.SSEClientTransport{Endpoint: strings.TrimSuffix(endpoint, "/mcp") + "/sse", HTTPClient: client},
		} {
			version := "2025-11-25"
			if name == "modern" {
				version = ""
			}
			// The stream of HTTP+SSE lives as long as the context of its opening.
			session, err := mcp.NewClient(&mcp.Implementation{Name: "e2e", Version: "1"}, nil).
				Connect(t.Context(), transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
			if err != nil {
				t.Fatalf("%s, %s: connect: %v", u.name, name, err)
			}
			u.useAll(t, name, session, uris)
			_ = session.Close() // what a client says in the end is not looked at
		}
	}
	http.DefaultClient.CloseIdleConnections()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()

	seen := map[string][]byte{}
	for name, r := range records {
		seen[name] = r.bytes()
	}
	if seen["child"], err = os.ReadFile(onDisk); err != nil {
		t.Fatal(err)
	}
	for name, data := range seen {
		if !bytes.Contains(data, []byte(`"caller":"alice"`)) || !bytes.Contains(data, []byte(`"caller":"bob"`)) {
			t.Errorf("%s has not got the calls: %d bytes", name, len(data))
		}
		for _, u := range users() {
			if how := holds(data, u.token); how != "" {
				t.Errorf("%s got the token of %s, as %s", name, u.name, how)
			}
			if how := holds(data, strings.TrimPrefix(u.upstream, "Bearer ")); how != "" && name != "own" {
				t.Errorf("%s got what %s sends to another server, as %s", name, u.name, how)
			}
		}
	}
	for _, u := range users() {
		if own.calls[u.name] < 6 {
			t.Errorf("%d calls of %s came to the server of their own", own.calls[u.name], u.name)
		}
	}
}

// servers are those behind the gateway.
func recorded() []string {
	return []string{"plain", "modern", "alone", "old", "socket", "own", "child"}
}

// useAll makes requests of every kind.
func (u user) useAll(t *testing.T, how string, s *mcp.ClientSession, uris []string) {
	t.Helper()
	ctx := t.Context()
	args := map[string]any{"caller": u.name, "n": how}
	for _, server := range recorded() {
		res, err := s.CallTool(ctx, &mcp.CallToolParams{Name: server + "__echo", Arguments: args})
		if err != nil || res.IsError {
			t.Errorf("%s, %s: call %s: %v, %+v", u.name, how, server, err, res)
		}
	}
	code := fmt.Sprintf(`const out = []; for (const s of %s) out.push(await tools[s].echo({caller: %q, n: "script"})); out.length`, quoted(recorded()), u.name)
	if text, failed := execute(t, s, code); failed {
		t.Errorf("%s, %s: the script failed: %s", u.name, how, text)
	}
	for _, uri := range uris {
		if _, err := s.ReadResource(ctx, &mcp.ReadResourceParams{URI: uri}); err != nil {
			t.Errorf("%s, %s: read %s: %v", u.name, how, uri, err)
		}
	}
	prompts, err := s.ListPrompts(ctx, nil)
	if err != nil {
		t.Errorf("%s, %s: %v", u.name, how, err)
	} else {
		for _, p := range prompts.Prompts {
			if _, err := s.GetPrompt(ctx, &mcp.GetPromptParams{Name: p.Name}); err != nil {
				t.Errorf("%s, %s: get %s: %v", u.name, how, p.Name, err)
			}
		}
	}
	if how == "modern" || len(uris) == 0 {
		return
	}
	if err := s.Subscribe(ctx, &mcp.SubscribeParams{URI: uris[0]}); err != nil {
		t.Errorf("%s, %s: subscribe: %v", u.name, how, err)
	}
}

func quoted(list []string) string {
	text, _ := json.Marshal(list)
	return string(text)
}

// useSocket makes calls over a WebSocket, which the SDK has no client for, and
// returns the resources there are.
func (u user) useSocket(t *testing.T, url string) (uris []string) {
	t.Helper()
	ctx := t.Context()
	header := http.Header{}
	u.sign(header)
	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPHeader: header, Subprotocols: []string{"mcp"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	ws.SetReadLimit(16 << 20)
	ask := func(id int, method, params string) json.RawMessage {
		text := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, id, method, params)
		if err := ws.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
		for {
			_, answer, err := ws.Read(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var m struct {
				ID     int
				Error  json.RawMessage
				Result json.RawMessage
			}
			if err := json.Unmarshal(answer, &m); err != nil {
				t.Fatal(err)
			}
			if m.ID != id {
				continue
			}
			if m.Error != nil || bytes.Contains(answer, []byte(`"isError":true`)) {
				t.Errorf("%s, WebSocket: %s: %s", u.name, text, answer)
			}
			return m.Result
		}
	}
	ask(1, "initialize", `{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"e2e","version":"1"}}`)
	for i, server := range recorded() {
		ask(10+i, "tools/call", fmt.Sprintf(`{"name":"%s__echo","arguments":{"caller":%q}}`, server, u.name))
	}
	ask(100, "prompts/list", `{}`)
	var listed struct{ Resources []struct{ URI string } }
	if err := json.Unmarshal(ask(101, "resources/list", `{}`), &listed); err != nil {
		t.Fatal(err)
	}
	for _, r := range listed.Resources {
		uris = append(uris, r.URI)
	}
	if len(uris) == 0 {
		t.Error("there are no resources")
	}
	return uris
}
