package front_test

import (
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/gateway/front"
)

const marks = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`

// modern is a request of the modern era with its headers.
func modern(method, params string, more ...string) (string, map[string]string) {
	if params != "" {
		params += ","
	}
	return `{"jsonrpc":"2.0","id":7,"method":"` + method + `","params":{` + params + marks + `}}`,
		with(map[string]string{"Mcp-Protocol-Version": "2026-07-28", "Mcp-Method": method}, more...)
}

func TestModernHeaders(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{})
	url += "/mcp"
	type tc struct {
		name         string
		status, code int
		method       string
		params       string
		header       []string
	}
	call := func(name string, status, code int, params string, header ...string) tc {
		return tc{name, status, code, "tools/call", params, header}
	}
	for _, tc := range []tc{
		{"list", 200, 0, "tools/list", "", nil},
		{"ignores a session", 200, 0, "tools/list", "", []string{"Mcp-Session-Id", "x", "Last-Event-Id", "1-1"}},
		{"no Mcp-Method", 400, -32020, "tools/list", "", []string{"Mcp-Method", "-"}},
		{"another method", 400, -32020, "tools/list", "", []string{"Mcp-Method", "tools/call"}},
		{"a method in other case", 400, -32020, "tools/list", "", []string{"Mcp-Method", "Tools/List"}},
		{"a method twice", 400, -32020, "tools/list", "", []string{"Mcp-Method", "tools/list|tools/call"}},
		{"no version header", 400, -32020, "tools/list", "", []string{"Mcp-Protocol-Version", "-"}},
		{"an old version header", 400, -32020, "tools/list", "", []string{"Mcp-Protocol-Version", "2025-11-25"}},
		{"two version headers", 400, -32020, "tools/list", "", []string{"Mcp-Protocol-Version", "2026-07-28|2025-11-25"}},
		{"another version header", 400, -32020, "tools/list", "", []string{"Mcp-Protocol-Version", "2027-01-01"}},
		{"unknown method", 404, -32601, "un/known", "", nil},
		{"initialize", 404, -32601, "initialize", "", nil},
		{"ping", 404, -32601, "ping", "", nil},
		{"subscribe", 404, -32601, "resources/subscribe", "", nil},
		call("named", 200, 0, `"name":"echo"`, "Mcp-Name", "echo"),
		call("named in base64", 200, 0, `"name":"echo"`, "Mcp-Name", "=?base64?ZWNobw==?="),
		call("not named", 400, -32020, `"name":"echo"`),
		call("named otherwise", 400, -32020, `"name":"echo"`, "Mcp-Name", "fail"),
		call("named otherwise in base64", 400, -32020, `"name":"echo"`, "Mcp-Name", "=?base64?ZmFpbA==?="),
		call("named twice", 400, -32020, `"name":"echo"`, "Mcp-Name", "echo|fail"),
		call("not in the body", 400, -32602, `"x":1`, "Mcp-Name", "echo"),
		call("a name that looks encoded", 400, -32020, `"name":"=?base64?ZWNobw==?="`, "Mcp-Name", "=?base64?ZWNobw==?="),
		call("a capability is missing", 400, -32021, `"name":"capability"`, "Mcp-Name", "capability"),
		call("the handler says invalid", 200, -32602, `"name":"invalid"`, "Mcp-Name", "invalid"),
		call("no argument", 200, 0, `"name":"routed"`, "Mcp-Name", "routed"),
		call("a null argument", 200, 0, `"name":"routed","arguments":{"region":null}`, "Mcp-Name", "routed"),
		call("an argument", 200, 0, `"name":"routed","arguments":{"region":"eu"}`, "Mcp-Name", "routed", "Mcp-Param-Region", "eu"),
		call("the last of two arguments", 400, -32020, `"name":"routed","arguments":{"region":"eu","region":"us"}`, "Mcp-Name", "routed", "Mcp-Param-Region", "eu"),
		call("in base64", 200, 0, `"name":"routed","arguments":{"region":" é"}`, "Mcp-Name", "routed", "Mcp-Param-Region", "=?base64?IMOp?="),
		call("broken base64", 400, -32020, `"name":"routed","arguments":{"region":" é"}`, "Mcp-Name", "routed", "Mcp-Param-Region", "=?base64?IMO?="),
		call("raw bytes", 400, -32020, `"name":"routed","arguments":{"region":"é"}`, "Mcp-Name", "routed", "Mcp-Param-Region", "é"),
		call("no header", 400, -32020, `"name":"routed","arguments":{"region":"eu"}`, "Mcp-Name", "routed"),
		call("another value", 400, -32020, `"name":"routed","arguments":{"region":"eu"}`, "Mcp-Name", "routed", "Mcp-Param-Region", "us"),
		call("a header for nothing", 400, -32020, `"name":"routed","arguments":{}`, "Mcp-Name", "routed", "Mcp-Param-Region", "us"),
		call("an integer", 200, 0, `"name":"routed","arguments":{"n":{"count":42}}`, "Mcp-Name", "routed", "Mcp-Param-Count", "42.0"),
		call("another integer", 400, -32020, `"name":"routed","arguments":{"n":{"count":42}}`, "Mcp-Name", "routed", "Mcp-Param-Count", "43"),
		call("no integer", 400, -32020, `"name":"routed","arguments":{"n":{"count":4.5}}`, "Mcp-Name", "routed", "Mcp-Param-Count", "4.5"),
		call("too large an integer", 400, -32020, `"name":"routed","arguments":{"n":{"count":9007199254740993}}`, "Mcp-Name", "routed", "Mcp-Param-Count", "9007199254740993"),
		call("a header nobody declared", 200, 0, `"name":"echo"`, "Mcp-Name", "echo", "Mcp-Param-Other", "x"),
		{"a URI", 200, 0, "resources/read", `"uri":"test://ä"`, []string{"Mcp-Name", "test://ä"}},
		{"another URI", 400, -32020, "resources/read", `"uri":"test://a"`, []string{"Mcp-Name", "test://b"}},
	} {
		body, header := modern(tc.method, tc.params, tc.header...)
		r := send(t, "POST", url, body, header)
		if r.status != tc.status || r.code() != tc.code || !strings.HasPrefix(r.body, `{"jsonrpc":"2.0","id":7,`) {
			t.Errorf("%s: %d, code %d, want %d and %d: %s", tc.name, r.status, r.code(), tc.status, tc.code, r.body)
		}
		if r.header.Get("Mcp-Session-Id") != "" {
			t.Errorf("%s: a modern answer has a session", tc.name)
		}
	}
}

func TestModernMeta(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{})
	url += "/mcp"
	const v, c = `"io.modelcontextprotocol/protocolVersion":"2026-07-28"`, `"io.modelcontextprotocol/clientCapabilities":{}`
	for _, tc := range []struct {
		name, params, version string
		status, code          int
	}{
		{"all", `{"_meta":{` + v + `,` + c + `}}`, "2026-07-28", 200, 0},
		{"more", `{"_meta":{` + v + `,` + c + `,"traceparent":"x","io.modelcontextprotocol/clientInfo":{"name":"n"}}}`, "2026-07-28", 200, 0},
		{"no params", `null`, "2026-07-28", 400, -32602},
		{"no meta", `{}`, "2026-07-28", 400, -32602},
		{"no version", `{"_meta":{` + c + `}}`, "2026-07-28", 400, -32602},
		{"a version that is a number", `{"_meta":{"io.modelcontextprotocol/protocolVersion":1,` + c + `}}`, "2026-07-28", 400, -32602},
		{"no capabilities", `{"_meta":{` + v + `}}`, "2026-07-28", 400, -32602},
		{"capabilities that are an array", `{"_meta":{` + v + `,"io.modelcontextprotocol/clientCapabilities":[]}}`, "2026-07-28", 400, -32602},
		{"info that is a string", `{"_meta":{` + v + `,` + c + `,"io.modelcontextprotocol/clientInfo":"x"}}`, "2026-07-28", 400, -32602},
		{"twice", `{"_meta":{` + v + `,` + c + `,` + c + `}}`, "2026-07-28", 400, -32600},
		{"an unknown version", `{"_meta":{"io.modelcontextprotocol/protocolVersion":"2099-01-01",` + c + `}}`, "2099-01-01", 400, -32022},
		{"nonsense for a version", `{"_meta":{"io.modelcontextprotocol/protocolVersion":"v9",` + c + `}}`, "v9", 400, -32022},
	} {
		body := `{"jsonrpc":"2.0","id":"q","method":"server/discover","params":` + tc.params + `}`
		r := send(t, "POST", url, body, map[string]string{"Mcp-Protocol-Version": tc.version, "Mcp-Method": "server/discover"})
		if r.status != tc.status || r.code() != tc.code || !strings.HasPrefix(r.body, `{"jsonrpc":"2.0","id":"q",`) {
			t.Errorf("%s: %d %s, want %d and %d", tc.name, r.status, r.body, tc.status, tc.code)
		}
		if tc.code == -32022 && !strings.Contains(r.body, `"data":{"supported":["2026-07-28","2025-11-25","2025-06-18","2025-03-26","2024-11-05"],"requested":"`+tc.version+`"}`) {
			t.Errorf("%s: %s", tc.name, r.body)
		}
	}
	for body, status := range map[string]int{
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}`: 202,
		`{"jsonrpc":"2.0","id":1,"result":{}}`:                             400,
		`[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]`:                 400,
	} {
		if r := send(t, "POST", url, body, map[string]string{"Mcp-Protocol-Version": "2026-07-28"}); r.status != status {
			t.Errorf("%s: %d %s", body, r.status, r.body)
		}
	}
}

func TestModernResults(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{})
	url += "/mcp"
	const info = `"io.modelcontextprotocol/serverInfo":{"name":"fake","title":"A fake","version":"1.2.3"}`
	const begin = `{"jsonrpc":"2.0","id":7,"result":`
	for _, tc := range []struct{ method, params, name, want string }{
		{"tools/list", ``, "", `{"resultType":"complete","ttlMs":0,"cacheScope":"private","_meta":{` + info + `},` + tools[1:]},
		{"prompts/list", ``, "", `{"resultType":"complete","cacheScope":"private","_meta":{` + info + `},"prompts":[],"ttlMs":5}`},
		{"resources/list", ``, "", `{"resultType":"complete","ttlMs":0,"cacheScope":"private","resources":[{"uri":"test://a","name":"a"}],"_meta":{` + info + `,"mine":1}}`},
		{"resources/read", `"uri":"x"`, "x", `{"resultType":"complete","ttlMs":0,"cacheScope":"private","contents":[],"_meta":{` + info + `}}`},
		{"tools/call", `"name":"empty"`, "empty", `{"resultType":"complete","_meta":{` + info + `}}`},
		{"tools/call", `"name":"pretty"`, "pretty", `{"resultType":"complete","_meta":{` + info + "},\r\n  \"content\": []\n}\n"},
		{"server/discover", ``, "", `{"_meta":{` + info + `},"resultType":"complete","supportedVersions":["2026-07-28","2025-11-25","2025-06-18","2025-03-26","2024-11-05"],` +
			`"capabilities":{"tools":{"listChanged":true},"prompts":{"listChanged":true},"resources":{"subscribe":true,"listChanged":true},"logging":{}},"instructions":"for ","ttlMs":60000,"cacheScope":"private"}`},
	} {
		body, header := modern(tc.method, tc.params)
		if tc.name != "" {
			header["Mcp-Name"] = tc.name
		}
		r := send(t, "POST", url, body, header)
		if r.body != begin+tc.want+"}" {
			t.Errorf("%s:\n got %s\nwant %s", tc.method, r.body, begin+tc.want+"}")
		}
	}
}
