package front_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/gateway/front"
)

// reply is what came back for one HTTP request.
type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) code() int {
	var m struct {
		Error struct{ Code int }
	}
	_ = json.Unmarshal([]byte(r.body), &m)
	return m.Error.Code
}

// send makes one HTTP request; a header whose value is "-" is not sent.
func send(t testing.TB, method, url, body string, header map[string]string) reply {
	t.Helper()
	resp := open(t.Context(), t, method, url, body, header)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, string(data)}
}

func open(ctx context.Context, t testing.TB, method, url, body string, header map[string]string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	for k, v := range header {
		if req.Header.Del(k); v != "-" {
			for one := range strings.SplitSeq(v, "|") {
				req.Header.Add(k, one)
			}
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

const hello = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"VERSION","capabilities":{"elicitation":{}},"clientInfo":{"name":"raw","version":"1"}}}`

// session initialises one and returns its header.
func session(t testing.TB, url, version string) map[string]string {
	t.Helper()
	r := send(t, "POST", url, strings.Replace(hello, "VERSION", version, 1), nil)
	if r.status != http.StatusOK || len(r.header.Get("Mcp-Session-Id")) < 26 {
		t.Fatalf("initialize: %+v", r)
	}
	return map[string]string{"Mcp-Session-Id": r.header.Get("Mcp-Session-Id"), "Mcp-Protocol-Version": version}
}

func with(header map[string]string, more ...string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, header)
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

func TestBadMessages(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{MaxBody: 10_000, MaxDepth: 20, MaxNodes: 500})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	for _, tc := range []struct {
		name, body   string
		status, code int
		id           string
	}{
		{"empty", ``, 400, -32700, `null`},
		{"spaces", `  `, 400, -32700, `null`},
		{"no JSON", `{"jsonrpc":`, 400, -32700, `null`},
		{"two texts", `{} {}`, 400, -32700, `null`},
		{"invalid UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", 400, -32700, `null`},
		{"a byte order mark", "\xef\xbb\xbf{}", 400, -32700, `null`},
		{"NaN", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":NaN}}`, 400, -32700, `null`},
		{"too large", `{"jsonrpc":"2.0","id":1,"method":"` + strings.Repeat("x", 10_000) + `"}`, 413, -32600, `null`},
		{"too deep", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":` + strings.Repeat("[", 30) + strings.Repeat("]", 30) + `}}`, 400, -32600, `null`},
		{"too many values", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[1` + strings.Repeat(",1", 600) + `]}}`, 400, -32600, `null`},
		{"a number", `1`, 400, -32600, `null`},
		{"a string", `"ping"`, 400, -32600, `null`},
		{"no version", `{"id":1,"method":"ping"}`, 400, -32600, `1`},
		{"another version", `{"jsonrpc":"1.0","id":1,"method":"ping"}`, 400, -32600, `1`},
		{"id null", `{"jsonrpc":"2.0","id":null,"method":"ping"}`, 400, -32600, `null`},
		{"id object", `{"jsonrpc":"2.0","id":{},"method":"ping"}`, 400, -32600, `null`},
		{"id true", `{"jsonrpc":"2.0","id":true,"method":"ping"}`, 400, -32600, `null`},
		{"id fraction", `{"jsonrpc":"2.0","id":1.5,"method":"ping"}`, 400, -32600, `null`},
		{"id huge", `{"jsonrpc":"2.0","id":` + strings.Repeat("9", 21) + `,"method":"ping"}`, 400, -32600, `null`},
		{"id long", `{"jsonrpc":"2.0","id":"` + strings.Repeat("9", 2000) + `","method":"ping"}`, 400, -32600, `null`},
		{"METHOD", `{"jsonrpc":"2.0","id":"a","METHOD":"ping"}`, 400, -32600, `"a"`},
		{"Params", `{"jsonrpc":"2.0","id":1,"method":"tools/call","Params":{}}`, 400, -32600, `1`},
		{"both cases", `{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}`, 400, -32600, `1`},
		{"folded otherwise", `{"jsonrpc":"2.0","id":1,"method":"ping","paramſ":{}}`, 400, -32600, `1`},
		{"escaped twice", `{"jsonrpc":"2.0","id":1,"method":"ping","\u006dethod":"tools/call"}`, 400, -32600, `1`},
		{"id twice", `{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}`, 400, -32600, `2`},
		{"params twice", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{},"params":{}}`, 400, -32600, `1`},
		{"name twice", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"fail"}}`, 400, -32600, `1`},
		{"name in other case", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","NAME":"fail"}}`, 400, -32600, `1`},
		{"only another case", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"echo"}}`, 400, -32600, `1`},
		{"a member of its own twice", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":1,"X":2}}`, 400, -32600, `1`},
		{"many members", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":1` + manyMembers(300) + `}}`, 400, -32600, `1`},
		{"params array", `{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}`, 400, -32602, `1`},
		{"meta array", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":[]}}`, 400, -32602, `1`},
		{"no method", `{"jsonrpc":"2.0","id":1}`, 400, -32600, `1`},
		{"method empty", `{"jsonrpc":"2.0","id":1,"method":""}`, 400, -32600, `1`},
		{"method number", `{"jsonrpc":"2.0","id":1,"method":7}`, 400, -32600, `1`},
		{"method long", `{"jsonrpc":"2.0","id":1,"method":"` + strings.Repeat("m", 300) + `"}`, 400, -32600, `1`},
		{"method and result", `{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}`, 400, -32600, `1`},
		{"result and error", `{"jsonrpc":"2.0","id":1,"result":{},"error":{}}`, 400, -32600, `1`},
		{"empty batch", `[]`, 400, -32600, `null`},
		{"batch", `[{"jsonrpc":"2.0","id":1,"method":"ping"}]`, 400, -32600, `null`},
		// What is unusual, and right.
		{"an unknown method", `{"jsonrpc":"2.0","id":"x","method":"un/known"}`, 200, -32601, `"x"`},
		{"a modern method", `{"jsonrpc":"2.0","id":1,"method":"server/discover"}`, 200, -32601, `1`},
		{"initialize without version", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`, 400, -32602, `1`},
		{"params null", `{"jsonrpc":"2.0","id":1,"method":"ping","params":null}`, 200, 0, `1`},
		{"an escaped name", `{"jsonrpc":"2.0","id":1,"\u006dethod":"pin\u0067"}`, 200, 0, `1`},
		{"a negative id", `{"jsonrpc":"2.0","id":-1,"method":"ping","extra":1}`, 200, 0, `-1`},
		{"any spaces", " \n{ \"jsonrpc\" : \"2.0\" , \"id\" : \"\\u0041\" , \"method\" : \"ping\" }\r\n", 200, 0, `"\u0041"`},
		{"a level", `{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"loud"}}`, 200, -32602, `1`},
	} {
		r := send(t, "POST", url, tc.body, s)
		if r.status != tc.status || r.code() != tc.code {
			t.Errorf("%s: %d, code %d, want %d and %d: %s", tc.name, r.status, r.code(), tc.status, tc.code, r.body)
		}
		if !strings.HasPrefix(r.body, `{"jsonrpc":"2.0","id":`+tc.id+`,`) || !json.Valid([]byte(r.body)) {
			t.Errorf("%s: the answer is %s, want the id %s", tc.name, r.body, tc.id)
		}
		if r.header.Get("Content-Length") == "" || r.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v", tc.name, r.header)
		}
	}
	for _, body := range []string{
		`{"jsonrpc":"2.0","method":"notifications/initialized"}`, `{"jsonrpc":"2.0","method":"un/known"}`,
		`{"jsonrpc":"2.0","id":1,"result":{}}`, `{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}`,
	} {
		if r := send(t, "POST", url, body, s); r.status != http.StatusAccepted || r.body != "" {
			t.Errorf("%s: %d %s", body, r.status, r.body)
		}
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`,"m` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26) + `":1`)
	}
	return b.String()
}

func TestBadHTTP(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{Identify: func(r *http.Request) string { return r.Header.Get("X-User") }})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	const ping = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	if r := send(t, "POST", url, ping, with(s, "Mcp-Protocol-Version", "1900-01-01")); !strings.Contains(r.body, `"1900-01-01\" is not spoken here`) {
		t.Errorf("an unknown version is told %s", r.body)
	}
	for _, tc := range []struct {
		name, method string
		body         string
		header       map[string]string
		status       int
	}{
		{"ping", "POST", ping, s, 200},
		{"no version header", "POST", ping, with(s, "Mcp-Protocol-Version", "-"), 200},
		{"another old version", "POST", ping, with(s, "Mcp-Protocol-Version", "2025-03-26"), 200},
		{"an unknown version", "POST", ping, with(s, "Mcp-Protocol-Version", "1900-01-01"), 400},
		{"no session", "POST", ping, with(s, "Mcp-Session-Id", "-"), 400},
		{"an unknown session", "POST", ping, with(s, "Mcp-Session-Id", strings.Repeat("A", 26)), 404},
		{"somebody else's session", "POST", ping, with(s, "X-User", "mallory"), 404},
		{"somebody else's stream", "GET", "", with(s, "X-User", "mallory"), 404},
		{"somebody else's end", "DELETE", "", with(s, "X-User", "mallory"), 404},
		{"text/plain", "POST", ping, with(s, "Content-Type", "text/plain"), 415},
		{"no type", "POST", ping, with(s, "Content-Type", "-"), 415},
		{"a charset", "POST", ping, with(s, "Content-Type", "application/json; charset=utf-8"), 200},
		{"accepts nothing", "POST", ping, with(s, "Accept", "image/png"), 406},
		{"accepts anything", "POST", ping, with(s, "Accept", "*/*"), 200},
		{"says nothing of Accept", "POST", ping, with(s, "Accept", "-"), 200},
		{"accepts JSON", "POST", ping, with(s, "Accept", "application/json"), 200},
		{"GET without a session", "GET", "", nil, 405},
		{"GET for JSON", "GET", "", with(s, "Accept", "application/json"), 406},
		{"GET of an unknown session", "GET", "", with(s, "Mcp-Session-Id", "x"), 404},
		{"GET of what is gone", "GET", "", with(s, "Last-Event-Id", "77-1"), 400},
		{"GET of nonsense", "GET", "", with(s, "Last-Event-Id", "x"), 400},
		{"GET in the modern era", "GET", "", with(s, "Mcp-Protocol-Version", "2026-07-28"), 405},
		{"DELETE in the modern era", "DELETE", "", with(s, "Mcp-Protocol-Version", "2026-07-28"), 405},
		{"PUT", "PUT", ping, s, 405},
		{"DELETE without a session", "DELETE", "", nil, 400},
		{"DELETE", "DELETE", "", s, 204},
		{"DELETE again", "DELETE", "", s, 404},
		{"after the end", "POST", ping, s, 404},
	} {
		r := send(t, tc.method, url, tc.body, tc.header)
		if r.status != tc.status {
			t.Errorf("%s: %d %s, want %d", tc.name, r.status, r.body, tc.status)
		}
		if r.status == http.StatusNotFound && r.body != "session not found\n" {
			t.Errorf("%s: the answer is %q, which is not that of every unknown session", tc.name, r.body)
		}
		if (r.status == http.StatusMethodNotAllowed) != (r.header.Get("Allow") != "") {
			t.Errorf("%s: Allow is %q", tc.name, r.header.Get("Allow"))
		}
	}
}
