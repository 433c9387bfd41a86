package codegen_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/codegen"
)

func TestTypeOf(t *testing.T) {
	wide := `{"a":{"b":{"c":{"d":1,"longer_name":"x"}}},"some_name":[1],"other_name":["x"],"third_name":null,"fourth_name":true}`
	for _, tc := range []struct {
		value string
		most  int
		want  string
	}{
		{`[{"id":1,"title":"x"},{"id":2,"title":"y","closed":true}]`, 200, "{closed?: boolean, id: number, title: string}[]"},
		{`"text"`, 200, "string"},
		{`null`, 200, "unknown"},
		{`{"alice@example.com":3,"bob@example.com":4}`, 200, "{[key: string]: number}"},
		{wide, 60, "{a: {b: {c: {d: number, longer_name: string}}}, …4 more}"},
		{`{"`, 200, ""},
		{`"` + strings.Repeat("x", 1<<20) + `"`, 200, ""},
	} {
		if got := codegen.TypeOf(json.RawMessage(tc.value), tc.most); got != tc.want || len(got) > tc.most {
			t.Errorf("%.80s: %q, want %q", tc.value, got, tc.want)
		}
	}
}
