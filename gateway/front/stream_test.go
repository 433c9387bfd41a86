package front_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/gateway/front"
)

func toolCall(id int, name string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"%s","_meta":{"progressToken":1}}}`, id, name)
}

// TestResume has a client lose its connection in the middle of a request and
// come back for the rest.
func TestResume(t *testing.T) {
	t.Parallel()
	f := newFake()
	_, url := serve(t, f, front.Options{Patience: time.Millisecond})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	ctx, cancel := context.WithCancel(t.Context())
	resp := open(ctx, t, "POST", url, toolCall(1, "wait"), s)
	first := event(t, events(t, resp))
	if first["id"] != "1-0" || first["retry"] != "1000" || first["data"] != "" {
		t.Errorf("the first event is %v", first)
	}
	receive(t, "the call", f.begun)
	cancel()
	f.let <- struct{}{}
	if got := receive(t, "the call", f.ended); got != "done" {
		t.Errorf("the request was %s when its client went away", got)
	}
	for range 2 { // and once more
		back := events(t, open(t.Context(), t, "GET", url, "", with(s, "Last-Event-Id", first["id"])))
		event(t, back) // the hint
		if e := event(t, back); e["id"] != "1-1" || !strings.Contains(e["data"], `"id":1,"result":{"content"`) {
			t.Errorf("the answer is %v", e)
		}
		if e, more := <-back; more {
			t.Errorf("after the answer came %v", e)
		}
	}
}

// TestResumeSkips has the client come back for what it has not seen only.
func TestResumeSkips(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{})
	url += "/mcp"
	s := session(t, url, "2025-06-18")
	all := events(t, open(t.Context(), t, "POST", url, toolCall(1, "progress"), s))
	if first := event(t, all); first["id"] != "" || first["retry"] != "1000" {
		t.Errorf("an older client gets a priming event: %v", first)
	}
	for i := 1; i <= 4; i++ {
		if e := event(t, all); e["id"] != fmt.Sprint("1-", i) || e["event"] != "message" || !json.Valid([]byte(e["data"])) {
			t.Errorf("event %d is %v", i, e)
		}
	}
	back := events(t, open(t.Context(), t, "GET", url, "", with(s, "Last-Event-Id", "1-2")))
	event(t, back)
	for i := 3; i <= 4; i++ {
		if e := event(t, back); e["id"] != fmt.Sprint("1-", i) {
			t.Errorf("event %d is %v", i, e)
		}
	}
}

func TestModernDisconnectCancels(t *testing.T) {
	t.Parallel()
	for _, patience := range []time.Duration{time.Hour, time.Millisecond} {
		f := newFake()
		_, url := serve(t, f, front.Options{Patience: patience})
		body, header := modern("tools/call", `"name":"wait"`, "Mcp-Name", "wait")
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			req, _ := http.NewRequestWithContext(ctx, http.MethodPost, url+"/mcp", strings.NewReader(body))
			for k, v := range with(header, "Content-Type", "application/json") {
				req.Header.Set(k, v)
			}
			resp, err := http.DefaultClient.Do(req)
			if err == nil {
				buf := make([]byte, 1024)
				for err == nil {
					_, err = resp.Body.Read(buf)
				}
				_ = resp.Body.Close()
			}
		}()
		receive(t, "the call", f.begun)
		cancel()
		<-done
		if got := receive(t, "the call", f.ended); got != "cancelled" {
			t.Errorf("the request was %s when its client went away", got)
		}
	}
}

func TestListen(t *testing.T) {
	t.Parallel()
	f := newFake()
	e, url := serve(t, f, front.Options{KeepAlive: 10 * time.Millisecond})
	body, header := modern("subscriptions/listen", `"notifications":{"toolsListChanged":true,"resourceSubscriptions":["test://a","test://deaf"]}`)
	all := events(t, open(t.Context(), t, "POST", url+"/mcp", body, header))
	const tag = `"_meta":{"io.modelcontextprotocol/subscriptionId":7}`
	for _, want := range []string{
		`{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{` + tag + `,"notifications":{"toolsListChanged":true,"resourceSubscriptions":["test://a"]}}}`,
		`{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{` + tag + `}}`,
		`{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{` + tag + `,"uri":"test://a"}}`,
	} {
		if got := event(t, all); got["data"] != want || got["id"] != "" {
			t.Errorf("\n got %v\nwant %s", got, want)
		}
		if strings.Contains(want, "acknowledged") {
			f.changed("notifications/tools/list_changed", "")
			f.changed("notifications/resources/updated", "test://a")
			f.changed("notifications/resources/updated", "test://b")
		}
	}
	if err := e.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if got := event(t, all); !strings.HasPrefix(got["data"], `{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete",`+tag[:len(tag)-1]) && !strings.Contains(got["data"], `"io.modelcontextprotocol/subscriptionId":7`) {
		t.Errorf("the end is %v", got)
	}
	if r := send(t, "POST", url+"/mcp", body, header); r.status != http.StatusServiceUnavailable {
		t.Errorf("a closed endpoint answers %d", r.status)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.watchers) > 0 {
		t.Error("a watch goes on after the end")
	}
}

func TestListenRefused(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{})
	for params, want := range map[string]string{
		``:                                       `"code":-32602`,
		`"notifications":[]`:                     `"code":-32602`,
		`"notifications":{"toolsListChanged":1}`: `"code":-32602`,
		`"notifications":{"resourceSubscriptions":["test://error"]}`: `no such resource`,
		`"notifications":{}`: `notifications/subscriptions/acknowledged`, // and the end, as there is nothing to come
	} {
		body, header := modern("subscriptions/listen", params)
		if r := send(t, "POST", url+"/mcp", body, header); r.status != 200 || !strings.Contains(r.body, want) {
			t.Errorf("%s: %d %s", params, r.status, r.body)
		}
	}
}

// TestStandingMessages holds that a client with a session hears of what servers
// log while no request is under way, from its level on.
func TestStandingMessages(t *testing.T) {
	t.Parallel()
	f := newFake()
	_, url := serve(t, f, front.Options{})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	logs := func(level string, unset bool) {
		t.Helper()
		send(t, "POST", url, toolCall(9, "echo"), s)
		if r := f.last(); r.LogLevel != level || r.LogUnset != unset {
			t.Errorf("a request wants logs from %q, unset %v", r.LogLevel, r.LogUnset)
		}
	}
	logs("debug", true)
	if r := send(t, "POST", url, `{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"warning"}}`, s); !strings.Contains(r.body, `"result":{}`) {
		t.Error(r.body)
	}
	logs("warning", false)
	heard := events(t, open(t.Context(), t, "GET", url, "", s))
	event(t, heard)
	for _, level := range []string{"info", "error"} {
		f.says(level)
	}
	if got, want := event(t, heard)["data"], `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error"}}`; got != want {
		t.Errorf("the client heard %s", got)
	}
}

// TestStandingStream holds that the newest stream of a session is the one that
// speaks, and that who comes back hears of what may have been missed.
func TestStandingStream(t *testing.T) {
	t.Parallel()
	f := newFake()
	_, url := serve(t, f, front.Options{})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	if r := send(t, "POST", url, `{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"test://a"}}`, s); !strings.Contains(r.body, `"result":{}`) {
		t.Error(r.body)
	}
	old := events(t, open(t.Context(), t, "GET", url, "", s))
	if e := event(t, old); e["id"] != "listen-0" {
		t.Error(e)
	}
	now := events(t, open(t.Context(), t, "GET", url, "", with(s, "Last-Event-Id", "listen-0")))
	event(t, now)
	if e, more := <-old; more {
		t.Errorf("the older stream got %v", e)
	}
	missed := map[string]bool{}
	for range 4 {
		missed[event(t, now)["data"]] = true
	}
	for _, want := range []string{"tools/list_changed", "prompts/list_changed", "resources/list_changed"} {
		if !missed[`{"jsonrpc":"2.0","method":"notifications/`+want+`"}`] {
			t.Errorf("nothing of %s: %v", want, missed)
		}
	}
	if !missed[`{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://a"}}`] {
		t.Errorf("nothing of the resource: %v", missed)
	}
	eventually(t, "one watch is left", func() bool { return f.watching() == 1 })
	if r := send(t, "DELETE", url, "", s); r.status != 204 {
		t.Error(r.status)
	}
	if e, more := <-now; more {
		t.Errorf("after the session's end came %v", e)
	}
	eventually(t, "no watch is left", func() bool { return f.watching() == 0 })
}

// TestResubscribing has events on their way while a session's watch gives way to
// another.
func TestResubscribing(t *testing.T) {
	t.Parallel()
	f := &newsy{fake: newFake()}
	_, url := serve(t, f, front.Options{})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	got := events(t, open(t.Context(), t, "GET", url, "", s))
	event(t, got)
	if r := send(t, "POST", url, `{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"test://a"}}`, s); !strings.Contains(r.body, `"result":{}`) {
		t.Error(r.body)
	}
	for i := range newsOfWatch {
		if e, want := event(t, got), fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/%d"}`, i); e["data"] != want {
			t.Fatalf("got %v, want %s", e, want)
		}
	}
}

const newsOfWatch = 50

// newsy has news for the watch before when another one begins.
type newsy struct {
	*fake
	before *queue
}

func (n *newsy) Watch(_ context.Context, _ *front.Caller, f front.Filter) (front.Watch, error) {
	if n.before != nil {
		for i := range newsOfWatch {
			n.before.add(front.Event{Method: fmt.Sprintf("notifications/%d", i)})
		}
	}
	n.before = &queue{some: make(chan struct{}, 1)}
	return front.Watch{Honoured: f, Events: n.before}, nil
}

// TestStuckClient has clients that never read: they keep no handler waiting,
// and are cut off.
func TestStuckClient(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"big", "flood"} {
		f := newFake()
		f.big = json.RawMessage(`{"content":[{"type":"text","text":"` + strings.Repeat("x", 16<<20) + `"}]}`)
		e, url := serve(t, f, front.Options{WriteTimeout: 50 * time.Millisecond})
		s := session(t, url+"/mcp", "2025-11-25")
		c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		body := toolCall(1, tool)
		fmt.Fprintf(c, "POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nMcp-Session-Id: %s\r\nContent-Length: %d\r\n\r\n%s", s["Mcp-Session-Id"], len(body), body)
		receive(t, "the result", f.made)
		if err := e.Close(t.Context()); err != nil {
			t.Errorf("%s: the client is not cut off: %v", tool, err)
		}
	}
}

func TestInFlight(t *testing.T) {
	t.Parallel()
	f := newFake()
	_, url := serve(t, f, front.Options{MaxInFlight: 2})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	replies := make(chan reply, 2)
	for id := range 2 {
		go func() { replies <- send(t, "POST", url, toolCall(id, "wait"), s) }()
		receive(t, "the call", f.begun)
	}
	if r := send(t, "POST", url, toolCall(0, "echo"), s); r.status != 400 || r.code() != -32600 {
		t.Errorf("an id that is under way: %+v", r)
	}
	if r := send(t, "POST", url, toolCall(3, "echo"), s); r.status != 429 || r.header.Get("Retry-After") == "" {
		t.Errorf("one too many: %+v", r)
	}
	close(f.let)
	for range 2 {
		if r := <-replies; r.status != 200 {
			t.Errorf("%+v", r)
		}
	}
}

func TestCancelledByTheClient(t *testing.T) {
	t.Parallel()
	f := newFake()
	_, url := serve(t, f, front.Options{})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	done := make(chan reply, 1)
	go func() { done <- send(t, "POST", url, toolCall(5, "wait"), s) }()
	receive(t, "the call", f.begun)
	other := session(t, url, "2025-11-25")
	const cancelled = `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}`
	send(t, "POST", url, cancelled, other) // not its request
	send(t, "POST", url, cancelled, s)
	if got := receive(t, "the call", f.ended); got != "cancelled" {
		t.Error(got)
	}
	<-done
}

func TestBatches(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{})
	url += "/mcp"
	s := with(session(t, url, "2025-03-26"), "Mcp-Protocol-Version", "-")
	for body, want := range map[string]string{
		`[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":2,"method":"no"},{}]`: `[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"no method no"}},{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"the message is no object with \"jsonrpc\": \"2.0\""}}]`,
		`[{"jsonrpc":"2.0","id":1,"method":"ping"}]`:               `[{"jsonrpc":"2.0","id":1,"result":{}}]`,
		`[{"jsonrpc":"2.0","method":"notifications/initialized"}]`: ``,
	} {
		if r := send(t, "POST", url, body, s); r.body != want {
			t.Errorf("%s:\n got %d %s\nwant %s", body, r.status, r.body, want)
		}
	}
	if r := send(t, "POST", url, "["+strings.Repeat(`{},`, 64)+"{}]", s); r.status != 400 {
		t.Error(r.status)
	}
	all := events(t, open(t.Context(), t, "POST", url, "["+toolCall(1, "progress")+","+toolCall(2, "echo")+"]", s))
	event(t, all)
	got := map[bool]int{}
	for range 5 {
		got[strings.Contains(event(t, all)["data"], `"result"`)]++
	}
	if got[true] != 2 || got[false] != 3 {
		t.Errorf("%v", got)
	}
}

// TestClose lets requests under way have their answers.
func TestClose(t *testing.T) {
	t.Parallel()
	f := newFake()
	e, url := serve(t, f, front.Options{})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	standing := events(t, open(t.Context(), t, "GET", url, "", s))
	event(t, standing)
	done := make(chan reply, 1)
	go func() { done <- send(t, "POST", url, toolCall(1, "wait"), s) }()
	receive(t, "the call", f.begun)
	closed := make(chan error, 1)
	go func() { closed <- e.Close(t.Context()) }()
	if e, more := <-standing; more {
		t.Errorf("the standing stream got %v", e)
	}
	close(f.let)
	if r := <-done; r.status != 200 || !strings.Contains(r.body, "waited") {
		t.Errorf("%+v", r)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// TestCloseHearsAnswers lets clients answer what requests under way wait for,
// and begin nothing.
func TestCloseHearsAnswers(t *testing.T) {
	t.Parallel()
	e, url := serve(t, newFake(), front.Options{})
	s := session(t, url+"/mcp", "2025-11-25")
	asking := events(t, open(t.Context(), t, "POST", url+"/mcp", toolCall(1, "elicit"), s))
	event(t, asking)
	ask := event(t, asking)["data"]
	sse := events(t, open(t.Context(), t, "GET", url+"/sse", "", nil))
	to := url + event(t, sse)["data"]
	send(t, "POST", to, strings.Replace(hello, "VERSION", "2024-11-05", 1), nil)
	event(t, sse)
	send(t, "POST", to, toolCall(1, "elicit"), nil)
	askSSE := event(t, sse)["data"]

	closed := make(chan error, 1)
	go func() { closed <- e.Close(t.Context()) }()
	eventually(t, "requests are refused", func() bool {
		return send(t, "POST", url+"/mcp", `{"jsonrpc":"2.0","id":7,"method":"ping"}`, s).status == http.StatusServiceUnavailable
	})
	for _, header := range []map[string]string{nil, with(s, "Mcp-Session-Id", "other")} {
		if r := send(t, "POST", url+"/mcp", strings.Replace(hello, "VERSION", "2025-11-25", 1), header); r.status != http.StatusServiceUnavailable {
			t.Errorf("a request: %+v", r)
		}
	}
	body, header := modern("tools/call", `"name":"elicit"`, "Mcp-Name", "elicit")
	if r := send(t, "POST", url+"/mcp", body, header); r.status != http.StatusServiceUnavailable {
		t.Errorf("a request without a session: %+v", r)
	}
	send(t, "POST", to, `{"jsonrpc":"2.0","id":8,"method":"ping"}`, nil)
	if e := event(t, sse); !strings.Contains(e["data"], `"id":8,"error"`) {
		t.Errorf("a request over SSE: %v", e)
	}
	for _, tc := range []struct {
		ask, url string
		header   map[string]string
		all      <-chan map[string]string
	}{{ask, url + "/mcp", s, asking}, {askSSE, to, nil, sse}} {
		before, _, ok := strings.Cut(tc.ask, `,"method":"elicitation/create"`)
		if !ok {
			t.Fatal(tc.ask)
		}
		if r := send(t, "POST", tc.url, before+`,"result":{"action":"decline"}}`, tc.header); r.status != http.StatusAccepted {
			t.Errorf("an answer: %+v", r)
		}
		if e := event(t, tc.all); !strings.Contains(e["data"], `"id":1,"result"`) || !strings.Contains(e["data"], "decline") {
			t.Errorf("%v", e)
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if r := send(t, "POST", url+"/mcp", `{"jsonrpc":"2.0","id":"x","result":{}}`, s); r.status != http.StatusServiceUnavailable {
		t.Errorf("an answer that nobody waits for: %+v", r)
	}
}

// TestCloseInTime ends requests that take too long.
func TestCloseInTime(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2025-11-25", "2026-07-28"} {
		f := newFake()
		e, url := serve(t, f, front.Options{})
		url += "/mcp"
		body, header := modern("tools/call", `"name":"wait"`, "Mcp-Name", "wait")
		if version == "2025-11-25" {
			body, header = toolCall(1, "wait"), session(t, url, version)
		}
		done := make(chan reply, 1)
		go func() { done <- send(t, "POST", url, body, header) }()
		receive(t, "the call", f.begun)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := e.Close(ctx); err != nil {
			t.Error(err)
		}
		if got := receive(t, "the call", f.ended); got != "cancelled" {
			t.Error(got)
		}
		<-done
	}
}
