package front

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzDecode holds that whatever is accepted is read as encoding/json reads
// it, which takes names in any case and the last of several, so that nobody
// behind sees another message.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":[1]},"_meta":{"progressToken":1}}}`,
		`{"jsonrpc":"2.0","method":"a\u0062","params":null}`, `{"jsonrpc":"2.0","id":"\"","result":{}}`, `{"jsonrpc":"2.0","id":null,"error":{}}`,
		`{"JSONRPC":"2.0","Id":1}`, `{"id":1,"id":2}`, `[{}]`, `"x"`, `{"jsonrpc":"2.0","id":1,"method":"m","params":{"Name":1}}`,
	} {
		f.Add([]byte(s))
	}
	o := Options{MaxDepth: 64, MaxNodes: 10_000}
	f.Fuzz(func(t *testing.T, data []byte) {
		if o.check(data) != nil {
			return
		}
		m, err := decode(data)
		if m.id != nil && !json.Valid(m.id) {
			t.Fatalf("the id %q of %q would break the answer", m.id, data)
		}
		if err != nil {
			return
		}
		var want struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Params json.RawMessage `json:"params"`
			Result json.RawMessage `json:"result"`
			Error  json.RawMessage `json:"error"`
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("%q was accepted: %v", data, err)
		}
		got := []string{string(m.id), m.method, string(m.params), string(m.result), string(m.failed)}
		other := []string{null(want.ID), want.Method, null(want.Params), string(want.Result), string(want.Error)}
		if diff := cmp.Diff(other, got); diff != "" {
			t.Fatalf("%q (-encoding/json +front):\n%s", data, diff)
		}
		var params struct {
			Name, URI json.RawMessage
			Arguments json.RawMessage
			Meta      json.RawMessage `json:"_meta"`
		}
		if m.params != nil && json.Unmarshal(m.params, &params) == nil {
			got := []string{string(m.known.name), string(m.known.uri), string(m.known.arguments), string(m.known.meta)}
			other := []string{string(params.Name), string(params.URI), string(params.Arguments), string(params.Meta)}
			if diff := cmp.Diff(other, got); diff != "" {
				t.Fatalf("params of %q (-encoding/json +front):\n%s", data, diff)
			}
		}
	})
}

func null(raw json.RawMessage) string {
	if string(raw) == "null" {
		return ""
	}
	return string(raw)
}

// FuzzModernise holds that a spliced result is the result with members added.
func FuzzModernise(f *testing.F) {
	for _, s := range []string{`{}`, ` { } `, `{"a":1}`, `{"_meta":{}}`, `{"_meta":{"a":1},"resultType":"task"}`, `{"_meta":null}`, `{"x":"\"_meta\"","ttlMs":1,"cacheScope":"public"}`, "{\n\"_meta\" : {\n} }"} {
		f.Add([]byte(s))
	}
	info := json.RawMessage(`{"name":"n","version":"v"}`)
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{MaxDepth: 64, MaxNodes: 10_000}
		if o.check(data) != nil || !isObject(data) || !json.Valid(data) {
			return
		}
		for _, name := range []string{`"resultType"`, `"ttlMs"`, `"cacheScope"`, `"_meta"`, serverInfoKey} {
			if bytes.Count(data, []byte(name)) > 1 {
				return // what is there twice is the handler's own fault
			}
		}
		line := modernise(json.RawMessage("1"), "tools/list", data, info).line()
		var got struct{ Result map[string]any }
		if err := json.Unmarshal(line, &got); err != nil || bytes.ContainsAny(line, "\r\n") {
			t.Fatalf("%q became %q: %v", data, line, err)
		}
		var want map[string]any
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		for name, value := range want {
			if name != "_meta" && !cmp.Equal(value, got.Result[name]) {
				t.Fatalf("%q became %q", data, line)
			}
		}
		if _, ok := got.Result["resultType"]; !ok {
			t.Fatalf("%q became %q", data, line)
		}
		if meta, ok := got.Result["_meta"].(map[string]any); ok && meta[serverInfoKey] == nil {
			if old, _ := want["_meta"].(map[string]any); old[serverInfoKey] == nil {
				if _, has := old[serverInfoKey]; !has {
					t.Fatalf("%q became %q", data, line)
				}
			}
		}
	})
}
