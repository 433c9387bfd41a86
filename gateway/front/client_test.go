package front_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/gateway/front"
)

// wsTransport is a WebSocket for the SDK's client, which has none.
type wsTransport struct{ url string }

type wsConn struct{ ws *websocket.Conn }

func (t wsTransport) Connect(ctx context.Context) (mcp.Connection, error) {
	ws, resp, err := websocket.Dial(ctx, t.url, &websocket.DialOptions{Subprotocols: []string{"mcp"}})
	if err != nil {
		return nil, err
	}
	if resp.Body != nil {
		_ = resp.Body.Close()
	}
	if ws.Subprotocol() != "mcp" {
		return nil, fmt.Errorf("subprotocol %q", ws.Subprotocol())
	}
	ws.SetReadLimit(64 << 20)
	return wsConn{ws}, nil
}

func (c wsConn) SessionID() string { return "" }
func (c wsConn) Close() error      { return c.ws.Close(websocket.StatusNormalClosure, "") }

func (c wsConn) Read(ctx context.Context) (jsonrpc.Message, error) {
	_, data, err := c.ws.Read(ctx)
	if err != nil {
		return nil, io.EOF
	}
	return jsonrpc.DecodeMessage(data)
}

// Write leaves out the context: a call that is cancelled while its request is
// being written would close the connection.
func (c wsConn) Write(_ context.Context, m jsonrpc.Message) error {
	data, err := jsonrpc.EncodeMessage(m)
	if err != nil {
		return err
	}
	return c.ws.Write(context.Background(), websocket.MessageText, data)
}

// way is a transport in one protocol version.
type way struct {
	name, version string
	dial          func(t *testing.T, e *front.Endpoint, url string) mcp.Transport
}

func ways() []way {
	http := func(_ *testing.T, _ *front.Endpoint, url string) mcp.Transport {
		return &mcp.StreamableClientTransport{Endpoint: url + "/mcp", MaxRetries: -1}
	}
	stdio := func(t *testing.T, e *front.Endpoint, _ string) mcp.Transport {
		inR, inW := io.Pipe()
		outR, outW := io.Pipe()
		done := make(chan error, 1)
		go func() {
			done <- e.ServeStream(context.Background(), inR, outW)
			_ = outW.Close()
		}()
		t.Cleanup(func() {
			_, _ = inW.Close(), outR.Close()
			if err := <-done; err != nil && !errors.Is(err, io.ErrClosedPipe) {
				t.Error(err)
			}
		})
		return &mcp.IOTransport{Reader: outR, Writer: inW}
	}
	ws := func(_ *testing.T, _ *front.Endpoint, url string) mcp.Transport {
		return wsTransport{"ws" + strings.TrimPrefix(url, "http") + "/ws"}
	}
	sse := func(_ *testing.T, _ *front.Endpoint, url string) mcp.Transport {
		return &mcp.SSEClientTransport{Endpoint: url + "/sse"}
	}
	return []way{
		{"http", "2025-03-26", http}, {"http", "2025-06-18", http}, {"http", "2025-11-25", http}, {"http", "2026-07-28", http},
		{"stdio", "2024-11-05", stdio}, {"stdio", "2025-11-25", stdio}, {"stdio", "2026-07-28", stdio},
		{"websocket", "2025-11-25", ws}, {"websocket", "2026-07-28", ws},
		{"sse", "2024-11-05", sse}, {"sse", "2025-11-25", sse},
	}
}

// heard is what a client is told of without asking.
type heard struct {
	progress, logs, tools, updated chan string
}

func connect(t *testing.T, w way, e *front.Endpoint, url string) (*mcp.ClientSession, heard) {
	t.Helper()
	h := heard{make(chan string, 64), make(chan string, 64), make(chan string, 64), make(chan string, 64)}
	client := mcp.NewClient(&mcp.Implementation{Name: "tester", Version: "9"}, &mcp.ClientOptions{
		ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"name": "me"}}, nil
		},
		CreateMessageHandler: func(context.Context, *mcp.CreateMessageRequest) (*mcp.CreateMessageResult, error) { //nolint:staticcheck // deprecated, and what older clients have
			return &mcp.CreateMessageResult{Model: "m", Role: "assistant", Content: &mcp.TextContent{Text: "sampled"}}, nil //nolint:staticcheck // deprecated, and what older clients have
		},
		ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) {
			h.progress <- fmt.Sprint(r.Params.ProgressToken, r.Params.Progress)
		},
		LoggingMessageHandler:  func(_ context.Context, r *mcp.LoggingMessageRequest) { h.logs <- string(r.Params.Level) }, //nolint:staticcheck // deprecated, and what older clients have
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) { h.tools <- "tools" },
		ResourceUpdatedHandler: func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) { h.updated <- r.Params.URI },
	})
	s, err := client.Connect(t.Context(), w.dial(t, e, url), &mcp.ClientSessionOptions{ProtocolVersion: w.version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, h
}

func callText(t *testing.T, s *mcp.ClientSession, p *mcp.CallToolParams) string {
	t.Helper()
	r, err := s.CallTool(t.Context(), p)
	if err != nil {
		t.Fatalf("call %s: %v", p.Name, err)
	}
	if len(r.Content) == 0 {
		return ""
	}
	return r.Content[0].(*mcp.TextContent).Text
}

func receive(t *testing.T, what string, c <-chan string) string {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatalf("nothing came of %s", what)
		return ""
	}
}

// TestClient has the SDK's client do everything over every transport.
func TestClient(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		t.Run(w.name+" "+w.version, func(t *testing.T) {
			t.Parallel()
			f := newFake()
			e, url := serve(t, f, front.Options{Identify: func(*http.Request) string { return "alice" }})
			s, h := connect(t, w, e, url)
			if got := s.InitializeResult(); got.ProtocolVersion != w.version || got.ServerInfo.Name != "fake" || got.ServerInfo.Version != "1.2.3" {
				t.Errorf("negotiated %s with %+v", got.ProtocolVersion, got.ServerInfo)
			}
			modern := w.version >= "2026"
			testBasics(t, s, f, w)
			testBelonging(t, s, h, modern)
			if !modern {
				testQuestions(t, s)
			}
			testCancel(t, s, f)
			testWatch(t, s, f, h)
		})
	}
}

func testBasics(t *testing.T, s *mcp.ClientSession, f *fake, w way) {
	t.Helper()
	list, err := s.ListTools(t.Context(), nil)
	if err != nil || len(list.Tools) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	if got := callText(t, s, &mcp.CallToolParams{Name: "echo", Arguments: map[string]any{"a": "é<>"}}); !strings.Contains(got, "é") {
		t.Errorf("echo said %s", got)
	}
	r := f.last()
	if r.Name != "tester" || r.Version != "9" || r.Protocol != w.version || !r.Can("elicitation.form") || !r.Can("sampling") || r.Can("nothing") {
		t.Errorf("the caller is %+v", r.Caller)
	}
	if (r.Identity == "alice") != (w.name != "stdio") || r.Session == "" && (w.name != "http" || w.version < "2026") {
		t.Errorf("the caller is %+v", r.Caller)
	}
	if got := callText(t, s, &mcp.CallToolParams{Name: "big"}); len(got) != 500_000 {
		t.Errorf("big has %d bytes", len(got))
	}
	if got := callText(t, s, &mcp.CallToolParams{Name: "pretty"}); got != "" {
		t.Errorf("pretty said %s", got)
	}
	for name, want := range map[string]string{
		"fail": "call s.t: it is down\nstart it", "panic": "its log says where", "array": "not an object", "invalid": "no such thing", "capability": "sampling is needed",
	} {
		if _, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: name}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s failed with %v, want %s", name, err, want)
		}
	}
	if w.version < "2026" {
		if err := s.Ping(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
}

func testBelonging(t *testing.T, s *mcp.ClientSession, h heard, modern bool) {
	t.Helper()
	p := &mcp.CallToolParams{Name: "progress"}
	p.SetProgressToken("tok")
	callText(t, s, p)
	for i := range 3 {
		if got := receive(t, "progress", h.progress); got != fmt.Sprint("tok", i) {
			t.Errorf("progress %d is %s", i, got)
		}
	}
	if modern {
		if got := callText(t, s, &mcp.CallToolParams{Name: "log"}); got != "logged at " {
			t.Error(got)
		}
		return
	}
	callText(t, s, &mcp.CallToolParams{Name: "log"})
	if a, b := receive(t, "logs", h.logs), receive(t, "logs", h.logs); a != "debug" || b != "error" {
		t.Error(a, b)
	}
	if err := s.SetLoggingLevel(t.Context(), &mcp.SetLoggingLevelParams{Level: "warning"}); err != nil { //nolint:staticcheck // deprecated, and what older clients have
		t.Fatal(err)
	}
	callText(t, s, &mcp.CallToolParams{Name: "log"})
	if got := receive(t, "logs", h.logs); got != "error" {
		t.Error(got)
	}
}

func testQuestions(t *testing.T, s *mcp.ClientSession) {
	t.Helper()
	if got := callText(t, s, &mcp.CallToolParams{Name: "elicit"}); !strings.Contains(got, `"accept"`) {
		t.Error(got)
	}
	if got := callText(t, s, &mcp.CallToolParams{Name: "sample"}); !strings.Contains(got, "sampled") {
		t.Error(got)
	}
}

func testCancel(t *testing.T, s *mcp.ClientSession, f *fake) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := s.CallTool(ctx, &mcp.CallToolParams{Name: "wait"})
		done <- err
	}()
	receive(t, "the call", f.begun)
	cancel()
	if got := receive(t, "the cancelled call", f.ended); got != "cancelled" {
		t.Error(got)
	}
	if err := <-done; err == nil {
		t.Error("a cancelled call succeeded")
	}
}

func testWatch(t *testing.T, s *mcp.ClientSession, f *fake, h heard) {
	t.Helper()
	eventually(t, "the client listens", func() bool { return f.watching() > 0 })
	f.changed("notifications/tools/list_changed", "")
	receive(t, "tools/list_changed", h.tools)
	subscribed := make(chan error, 1)
	go func() { subscribed <- s.Subscribe(t.Context(), &mcp.SubscribeParams{URI: "test://a"}) }()
	eventually(t, "the client hears of the resource", func() bool {
		f.changed("notifications/resources/updated", "test://a")
		return len(h.updated) > 0
	})
	if got := receive(t, "resources/updated", h.updated); got != "test://a" {
		t.Error(got)
	}
	if err := s.Unsubscribe(t.Context(), &mcp.UnsubscribeParams{URI: "test://a"}); err != nil {
		t.Error(err)
	}
	if err := <-subscribed; err != nil && !strings.Contains(err.Error(), "canceled") {
		t.Error(err)
	}
	if s.InitializeResult().ProtocolVersion < "2026" {
		for uri, want := range map[string]string{"test://error": "no such resource", "test://deaf": "cannot be subscribed"} {
			if err := s.Subscribe(t.Context(), &mcp.SubscribeParams{URI: uri}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("subscribing to %s: %v", uri, err)
			}
		}
	}
}
