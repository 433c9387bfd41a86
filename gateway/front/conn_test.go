package front_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/bindery-mcp/bindery/gateway/front"
)

// stdio is a client that writes and reads lines.
type stdio struct {
	t    *testing.T
	in   *io.PipeWriter
	out  *bufio.Scanner
	done chan error
}

func startStdio(ctx context.Context, t *testing.T, e *front.Endpoint) *stdio {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	s := &stdio{t: t, in: inW, out: bufio.NewScanner(outR), done: make(chan error, 1)}
	s.out.Buffer(nil, 64<<20)
	go func() {
		s.done <- e.ServeStream(ctx, inR, outW)
		_ = outW.Close()
	}()
	t.Cleanup(func() { _, _ = inW.Close(), outR.Close() })
	return s
}

func (s *stdio) say(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.in, text+"\n"); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stdio) hear(want string) {
	s.t.Helper()
	if !s.out.Scan() {
		s.t.Fatalf("the output ended before %s", want)
	}
	if got := s.out.Text(); !strings.Contains(got, want) {
		s.t.Errorf("the server said %s, want %s", got, want)
	}
}

func TestStdio(t *testing.T) {
	t.Parallel()
	f := newFake()
	e := front.New(f, front.Options{MaxBody: 1000})
	defer e.Close(t.Context())
	s := startStdio(t.Context(), t, e)
	discover, _ := modern("server/discover", "")
	for _, tc := range []struct{ say, hear string }{
		{`npm WARN`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,`},
		{`{"jsonrpc":"2.0","id":1,"method":"` + strings.Repeat("x", 100_000) + `"}`, `"id":null,"error":{"code":-32600,"message":"a message may have 1000 bytes"}`},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`, `"id":1,"error":{"code":-32602,`},
		{`{"jsonrpc":"2.0","id":1,"method":"ping"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		{discover, `"supportedVersions":["2026-07-28"`},
		{strings.Replace(hello, "VERSION", "1999-01-01", 1), `"protocolVersion":"2025-11-25"`},
		{strings.Replace(hello, "VERSION", "2025-11-25", 1), `initialised already`},
		{"\n\r\n" + `{"jsonrpc":"2.0","id":1,"method":"tools/list"}` + "\r", `{"jsonrpc":"2.0","id":1,"result":{"tools":[`},
		{discover, `"supportedVersions":["2026-07-28"`},
		{`{"jsonrpc":"2.0","id":1,"method":"server/discover"}`, `-32601`},
		{`[{"jsonrpc":"2.0","id":1,"method":"ping"}]`, `"id":null,"error":{"code":-32600`},
		{strings.Replace(discover, "2026-07-28", "2031-01-01", 1), `"code":-32022`},
		{toolCall(3, "pretty"), `{"jsonrpc":"2.0","id":3,"result":{    "content": [] } }`},
	} {
		s.say(tc.say)
		s.hear(tc.hear)
	}
	// What is under way is answered after the end of the input.
	s.say(toolCall(4, "wait"))
	receive(t, "the call", f.begun)
	_ = s.in.Close()
	close(f.let)
	s.hear(`"id":4,"result"`)
	if err := <-s.done; err != nil {
		t.Error(err)
	}
}

func TestStdioBatch(t *testing.T) {
	t.Parallel()
	e := front.New(newFake(), front.Options{})
	defer e.Close(t.Context())
	s := startStdio(t.Context(), t, e)
	s.say(strings.Replace(hello, "VERSION", "2025-03-26", 1))
	s.hear(`"protocolVersion":"2025-03-26"`)
	s.say(`[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"},{"jsonrpc":"2.0","id":2,"method":"ping"}]`)
	s.hear(`[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":2,"result":{}}]`)
}

// TestStdioSubscription ends with the words the specification has for it.
func TestStdioSubscription(t *testing.T) {
	t.Parallel()
	f := newFake()
	e := front.New(f, front.Options{})
	s := startStdio(t.Context(), t, e)
	listen, _ := modern("subscriptions/listen", `"notifications":{"toolsListChanged":true}`)
	s.say(listen)
	s.hear(`notifications/subscriptions/acknowledged`)
	f.changed("notifications/tools/list_changed", "")
	s.hear(`{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7}}}`)
	s.say(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`)
	eventually(t, "the subscription ends", func() bool { return f.watching() == 0 })
	s.say(listen)
	s.hear(`notifications/subscriptions/acknowledged`)
	closed := make(chan error, 1)
	go func() { closed <- e.Close(t.Context()) }()
	s.hear(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`)
	s.hear(`"id":7,"result":{`)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := <-s.done; err != nil {
		t.Error(err)
	}
	if err := e.ServeStream(t.Context(), nil, nil); err == nil {
		t.Error("a closed endpoint serves")
	}
}

func TestStdioContext(t *testing.T) {
	t.Parallel()
	f := newFake()
	e := front.New(f, front.Options{})
	defer e.Close(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	s := startStdio(ctx, t, e)
	s.say(strings.Replace(hello, "VERSION", "2025-11-25", 1))
	s.hear(`"protocolVersion":"2025-11-25"`)
	s.say(toolCall(4, "wait"))
	receive(t, "the call", f.begun)
	cancel()
	if err := <-s.done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := receive(t, "the call", f.ended); got != "cancelled" {
		t.Error(got)
	}
}

// TestStdioUnread has a client that asks and asks and never reads.
func TestStdioUnread(t *testing.T) {
	t.Parallel()
	e := front.New(newFake(), front.Options{})
	defer e.Close(t.Context())
	s := startStdio(t.Context(), t, e)
	for {
		if _, err := io.WriteString(s.in, `{"jsonrpc":"2.0","id":1,"method":"ping"}`+"\n"); err != nil {
			break // the server has hung up
		}
	}
	select {
	case err := <-s.done:
		if err == nil {
			t.Error("the connection ended as if all were well")
		}
	case <-time.After(20 * time.Second):
		t.Error("the connection goes on")
	}
}

func TestWebSocketFrames(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{MaxBody: 1000, KeepAlive: 5 * time.Millisecond})
	url = "ws" + strings.TrimPrefix(url, "http") + "/ws"
	dial := func() *websocket.Conn {
		ws, _, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{Subprotocols: []string{"mcp"}})
		if err != nil {
			t.Fatal(err)
		}
		return ws
	}
	ws := dial()
	say := func(kind websocket.MessageType, text, want string) {
		t.Helper()
		if err := ws.Write(t.Context(), kind, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if _, got, err := ws.Read(t.Context()); err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
	say(websocket.MessageText, `nonsense`, `-32700`)
	say(websocket.MessageText, `{"jsonrpc":"2.0","id":1,"method":"ping"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`)
	ctx := ws.CloseRead(t.Context()) // which answers pings
	select {
	case <-ctx.Done():
		t.Error("the connection ended by itself")
	case <-time.After(50 * time.Millisecond):
	}
	_ = ws.Close(websocket.StatusNormalClosure, "")
	for name, write := range map[string]func(*websocket.Conn) error{
		"too large": func(ws *websocket.Conn) error {
			return ws.Write(t.Context(), websocket.MessageText, []byte(strings.Repeat(" ", 2000)))
		},
		"binary": func(ws *websocket.Conn) error {
			return ws.Write(t.Context(), websocket.MessageBinary, []byte(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
		},
	} {
		ws := dial()
		if err := write(ws); err != nil {
			t.Error(err)
		}
		if _, _, err := ws.Read(t.Context()); err == nil {
			t.Errorf("a message that is %s was answered", name)
		}
		_ = ws.CloseNow()
	}
}

// TestWebSocketClose says good-bye to clients when the endpoint closes.
func TestWebSocketClose(t *testing.T) {
	t.Parallel()
	f := newFake()
	e, url := serve(t, f, front.Options{})
	ws, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(url, "http")+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	body, _ := modern("tools/call", `"name":"wait"`)
	if err := ws.Write(t.Context(), websocket.MessageText, []byte(body)); err != nil {
		t.Fatal(err)
	}
	receive(t, "the call", f.begun)
	closed := make(chan error, 1)
	go func() { closed <- e.Close(t.Context()) }()
	close(f.let)
	if _, got, err := ws.Read(t.Context()); err != nil || !strings.Contains(string(got), "waited") {
		t.Errorf("%s, %v", got, err)
	}
	if _, _, err := ws.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{MaxSessions: 1})
	event(t, events(t, open(t.Context(), t, "GET", url+"/sse", "", nil)))
	if r := send(t, "GET", url+"/sse", "", nil); r.status != 503 {
		t.Error(r)
	}
	if _, resp, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(url, "http")+"/ws", nil); err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Error(err)
	}
}

// TestConnectionsOfManyClients has one client take all connections there are:
// others get theirs all the same, as long as it has more than they.
func TestConnectionsOfManyClients(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{MaxSessions: 3, Identify: func(r *http.Request) string { return r.Header.Get("X-User") }})
	dial := func(user string) <-chan map[string]string {
		t.Helper()
		all := events(t, open(t.Context(), t, "GET", url+"/sse", "", map[string]string{"X-User": user}))
		event(t, all)
		return all
	}
	refused := func(user string) {
		t.Helper()
		if r := send(t, "GET", url+"/sse", "", map[string]string{"X-User": user}); r.status != http.StatusServiceUnavailable {
			t.Errorf("%s: %+v", user, r)
		}
	}
	first, second, third := dial("cid"), dial("cid"), dial("cid")
	refused("cid")
	dial("ann")
	if e, more := <-first; more {
		t.Errorf("the connection idle longest: %v", e)
	}
	refused("cid")
	dial("ben")
	if e, more := <-second; more {
		t.Errorf("the connection idle longest after it: %v", e)
	}
	refused("dan")
	select {
	case e := <-third:
		t.Errorf("the last one: %v", e)
	default:
	}
}

func TestSSEMessages(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{})
	all := events(t, open(t.Context(), t, "GET", url+"/sse", "", nil))
	first := event(t, all)
	if first["event"] != "endpoint" || !strings.HasPrefix(first["data"], "/message?sessionId=") {
		t.Fatal(first)
	}
	to := url + first["data"]
	for _, tc := range []struct {
		method, url, body string
		header            map[string]string
		status            int
	}{
		{"POST", to, `{"jsonrpc":"2.0","id":1,"method":"ping"}`, nil, 202},
		{"POST", to, `{"jsonrpc":"2.0","id":1,"method":"ping"}`, map[string]string{"Content-Type": "text/plain"}, 415},
		{"POST", to, ``, nil, 400},
		{"POST", url + "/message", `{}`, nil, 404},
		{"POST", url + "/message?sessionId=x", `{}`, nil, 404},
		{"DELETE", to, ``, nil, 405},
		{"GET", url + "/sse", ``, map[string]string{"Accept": "application/json"}, 406},
	} {
		if r := send(t, tc.method, tc.url, tc.body, tc.header); r.status != tc.status {
			t.Errorf("%s %s: %d %s", tc.method, tc.url, r.status, r.body)
		}
	}
	if e := event(t, all); e["data"] != `{"jsonrpc":"2.0","id":1,"result":{}}` || e["event"] != "message" {
		t.Error(e)
	}
}
