package streamable

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestParamHeaders(t *testing.T) {
	const schema = `{"properties":{
		"region":{"type":"string","x-mcp-header":"Region"},"dry":{"type":"boolean","x-mcp-header":"Dry"},
		"deep":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"N"}}},"other":{"type":"string"}}}`
	tests := []struct{ args, want string }{
		{`{"region":"eu","dry":true,"deep":{"n":12},"other":"x"}`, "Region=eu Dry=true N=12"},
		{`{"region":"Zürich","deep":{"n":1.5}}`, "Region==?base64?WsO8cmljaA==?= Dry= N="},
		{`{"region":" x","dry":null,"deep":7}`, "Region==?base64?IHg=?= Dry= N="},
		{`{"region":"","deep":{"n":9007199254740993}}`, "Region==?base64??= Dry= N="},
		{`{"region":["a"]}`, "Region= Dry= N="},
		{`{"region":"a\r\nX-Evil: 1"}`, "Region==?base64?YQ0KWC1FdmlsOiAx?= Dry= N="},
	}
	var p paramHeaders
	if err := p.learn("t", []byte(schema)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		h := http.Header{}
		p.set(h, "t", callWith(tt.args))
		got := "Region=" + h.Get("Mcp-Param-Region") + " Dry=" + h.Get("Mcp-Param-Dry") + " N=" + h.Get("Mcp-Param-N")
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.args, got, tt.want)
		}
	}
	for schema, want := range map[string]string{
		`{"properties":{"a":{"type":"string","x-mcp-header":""}}}`:                                           "a is not a header name",
		`{"properties":{"a":{"type":"string","x-mcp-header":"b c"}}}`:                                        "a is not a header name",
		`{"properties":{"a":{"type":"number","x-mcp-header":"B"}}}`:                                          "no string, integer or boolean",
		`{"properties":{"a":{"type":"string","x-mcp-header":"B"},"c":{"type":"string","x-mcp-header":"b"}}}`: "is there twice",
		`{"properties":{"a":{"type":"object","properties":{"c":{"type":"string","x-mcp-header":7}}}}}`:       "a.c is not a header name",
	} {
		if err := p.learn("t", []byte(schema)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", schema, err, want)
		}
	}
	if err := p.learn("t", []byte(`{"description":"no x-mcp-header here"}`)); err != nil || len(p.tools) != 0 {
		t.Errorf("got %v, %v", err, p.tools)
	}
}

type callWith string

func (c callWith) Args() json.RawMessage { return json.RawMessage(c) }
