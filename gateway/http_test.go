package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
)

// echo answers with the script's own text.
var echo = engine(func(_ context.Context, s sandbox.Script, _ sandbox.Host) sandbox.Outcome {
	value, _ := json.Marshal(s.Source)
	return sandbox.Outcome{Value: value}
})

func serve(t *testing.T, g *Gateway) string {
	t.Helper()
	srv := httptest.NewServer(g.Handler())
	t.Cleanup(srv.Close)
	return srv.URL
}

// eras are the ways in which a client can speak.
var eras = map[string]string{
	"sessions":  "2025-06-18",
	"stateless": "2026-07-28",
}

type bearer struct {
	token string
	base  http.RoundTripper
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if b.token != "" {
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.base.RoundTrip(r)
}

func dial(t *testing.T, url, version, token string) (*mcp.ClientSession, error) {
	t.Helper()
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	return c.Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint: url + "/mcp", HTTPClient: &http.Client{Transport: bearer{token, tr}}, MaxRetries: -1,
	}, &mcp.ClientSessionOptions{ProtocolVersion: version})
}

func TestExecuteCodeInBothEras(t *testing.T) {
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			g := start(t, Options{Tools: newFakeTools(ready("github", "get_issue")), Engine: echo})
			cs, err := dial(t, serve(t, g), version, "")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cs.Close() }()
			if got := cs.InitializeResult().ProtocolVersion; got != version {
				t.Errorf("negotiated %s", got)
			}
			if got := cs.InitializeResult().Instructions; !strings.Contains(got, "github") {
				t.Errorf("instructions %q", got)
			}
			list, err := cs.ListTools(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(list.Tools) != 1 || list.Tools[0].Name != "execute_code" || !strings.Contains(list.Tools[0].Description, "github 1") {
				t.Errorf("tools %+v", list.Tools)
			}
			res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "1 + 1"}})
			if err != nil {
				t.Fatal(err)
			}
			if text := res.Content[0].(*mcp.TextContent).Text; text != "1 + 1" || res.IsError || res.StructuredContent != nil {
				t.Errorf("result %q, %+v", text, res)
			}
			res, err = cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": 7}})
			if err != nil || !res.IsError {
				t.Errorf("a number as code: %+v, %v", res, err)
			}
		})
	}
}

// A client that gives up takes its script with it, and the calls of the
// script.
func TestCancellationReachesTheCall(t *testing.T) {
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			tools := newFakeTools(ready("s", "get"))
			called, cancelled := make(chan struct{}), make(chan struct{})
			tools.call = func(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
				close(called)
				<-ctx.Done()
				close(cancelled)
				return bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Err: ctx.Err()}
			}
			g := start(t, Options{Tools: tools, Engine: engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
				_, _ = await(ctx, h, 1, "s", "get", `{}`)
				return sandbox.Outcome{}
			})})
			cs, err := dial(t, serve(t, g), version, "")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cs.Close() }()
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-called; cancel() }()
			if _, err := cs.CallTool(ctx, &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "x"}}); err == nil {
				t.Error("the cancelled call returned a result")
			}
			<-cancelled
		})
	}
}

// A client that ends its session has left, and its scripts end with it; the
// sessions of others go on.
func TestEndOfSessionCancelsItsScripts(t *testing.T) {
	tools := newFakeTools(ready("s", "get"))
	called, cancelled := make(chan string, 2), make(chan string, 2)
	tools.call = func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		called <- string(c.Args)
		<-ctx.Done()
		cancelled <- string(c.Args)
		return bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Err: ctx.Err()}
	}
	g := start(t, Options{Tools: tools, Engine: engine(func(ctx context.Context, s sandbox.Script, h sandbox.Host) sandbox.Outcome {
		_, _ = await(ctx, h, 1, "s", "get", s.Source)
		return sandbox.Outcome{}
	})})
	url := serve(t, g)
	begin := func(id string) (*mcp.ClientSession, context.CancelFunc) {
		cs, err := dial(t, url, eras["sessions"], "")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			_, _ = cs.CallTool(ctx, &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": `{"id":` + id + `}`}})
		}()
		<-called
		return cs, cancel
	}
	leaving, _ := begin("1")
	staying, leave := begin("2")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, url+"/mcp", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Mcp-Session-Id", leaving.ID())
	req.Header.Set("MCP-Protocol-Version", eras["sessions"])
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if got := <-cancelled; got != `{"id":1}` {
		t.Errorf("the script of %s was cancelled", got)
	}
	leave()
	if got := <-cancelled; got != `{"id":2}` {
		t.Errorf("the script of %s was cancelled", got)
	}
	_ = leaving.Close()
	_ = staying.Close()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

func TestForeignRequestsAreRefused(t *testing.T) {
	url := serve(t, start(t, Options{Tools: newFakeTools(), Engine: echo}))
	local := strings.TrimPrefix(url, "http://")
	for _, tc := range []struct {
		name, host, origin string
		want               int
	}{
		{"no origin", local, "", http.StatusOK},
		{"same origin", local, url, http.StatusOK},
		{"page on this machine", local, "http://localhost:3000", http.StatusOK},
		{"foreign origin", local, "https://evil.example", http.StatusForbidden},
		{"null origin", local, "null", http.StatusForbidden},
		{"origin that only begins like ours", local, "http://127.0.0.1.evil.example", http.StatusForbidden},
		{"rebound host", "evil.example", "", http.StatusForbidden},
		{"rebound host and origin", "evil.example", "http://evil.example", http.StatusForbidden},
		{"localhost by name", "localhost", "", http.StatusOK},
		{"localhost in capitals, with its dot", "LOCALHOST.:80", "", http.StatusOK},
		{"host below localhost", "evil.localhost", "", http.StatusForbidden},
		{"host that holds ours", local + "@evil.example", "", http.StatusForbidden},
		{"origin with a user", local, "http://user@" + local, http.StatusForbidden},
	} {
		for _, path := range []string{"/healthz", "/mcp"} {
			t.Run(tc.name+path, func(t *testing.T) {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				req.Host = tc.host
				if tc.origin != "" {
					req.Header.Set("Origin", tc.origin)
				}
				resp, err := http.DefaultTransport.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = resp.Body.Close() }()
				refused := resp.StatusCode == http.StatusForbidden
				if refused != (tc.want == http.StatusForbidden) {
					t.Errorf("status %s", resp.Status)
				}
			})
		}
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

func TestClientsNeedTheirToken(t *testing.T) {
	g := start(t, withClients(t, Options{Tools: newFakeTools(ready("s", "get")), Engine: echo}, map[string]config.Client{"ann": {}, "bob": {}}))
	url := serve(t, g)
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			for _, token := range []string{"", "wrong", "token-ann2"} {
				if _, err := dial(t, url, version, token); err == nil || !strings.Contains(err.Error(), "Unauthorized") {
					t.Errorf("token %q: %v", token, err)
				}
			}
			cs, err := dial(t, url, version, "token-ann")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "1"}}); err != nil {
				t.Error(err)
			}
			if err := cs.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("the challenge names the scheme", func(t *testing.T) {
		resp, err := http.Post(url+"/mcp", "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != http.StatusUnauthorized || resp.Header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s, %q", resp.Status, resp.Header.Get("WWW-Authenticate"))
		}
	})
	t.Run("a session belongs to its client", func(t *testing.T) {
		cs, err := dial(t, url, eras["sessions"], "token-ann")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = cs.Close() }()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/mcp",
			strings.NewReader(`{"jsonrpc":"2.0","id":9,"method":"tools/list"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json, text/event-stream")
		req.Header.Set("Mcp-Session-Id", cs.ID())
		req.Header.Set("Authorization", "Bearer token-bob")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode < 400 {
			t.Errorf("bob used the session of ann: %s", resp.Status)
		}
	})
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

// TestArgumentsOfAnotherType has words for the model, and none about Go.
func TestArgumentsOfAnotherType(t *testing.T) {
	g := start(t, Options{Tools: newFakeTools(ready("github", "get_issue")), Engine: echo})
	cs, err := dial(t, serve(t, g), eras["sessions"], "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cs.Close() }()
	for want, args := range map[string]any{"code is of the JSON type number": map[string]any{"code": 5}, "all is of the JSON type array": []int{1}} {
		res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: args})
		if err != nil {
			t.Fatal(err)
		}
		if text := res.Content[0].(*mcp.TextContent).Text; !res.IsError || !strings.Contains(text, want) || strings.Contains(text, "Go ") {
			t.Errorf("%v: the model is told %s", args, text)
		}
	}
}
