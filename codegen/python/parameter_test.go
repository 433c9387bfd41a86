package python_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/codegen/python"
)

func TestParameters(t *testing.T) {
	type p = python.Parameter
	tests := []struct {
		about, schema string
		want          []p
	}{
		{"none", `{"type":"object"}`, []p{}},
		{"any", `true`, []p{}},
		{"its own name", `{"properties":{"owner":{},"list":{},"_x":{}}}`, []p{{"owner", "owner"}, {"list", "list"}, {"_x", "_x"}}},
		{"a keyword", `{"properties":{"from":{},"None":{},"match":{}}}`, []p{{"from", "from_"}, {"None", "None_"}, {"match", "match"}}},
		{"no identifier", `{"properties":{"auth-method":{},"$and":{},"3d":{}}}`, []p{{"auth-method", "auth_method"}, {"$and", "_and"}, {"3d", "_3d"}}},
		{"what means something else", `{"properties":{"_raw":{},"__debug__":{}}}`, []p{{"_raw", "_raw_"}, {"__debug__", "__debug___"}}},
		{"nothing to spell", `{"properties":{"":{},"日本":{},"_":{}}}`, []p{{"", ""}, {"日本", ""}, {"_", "_"}}},
		{"two of one spelling", `{"properties":{"a-b":{},"a.b":{},"c":{}}}`, []p{{"a-b", ""}, {"a.b", ""}, {"c", "c"}}},
		{"one of them by its own name", `{"properties":{"a-b":{},"a_b":{}}}`, []p{{"a-b", ""}, {"a_b", "a_b"}}},
		{"a fold and a keyword", `{"properties":{"in":{},"in_":{},"in-":{}}}`, []p{{"in", ""}, {"in_", "in_"}, {"in-", ""}}},
		{"all parts", `{"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}],"properties":{"a":{"type":"string"}}}`, []p{{"a", "a"}, {"b", "b"}}},
		{"any part", `{"anyOf":[{"properties":{"a":{}}},{"properties":{"b":{}}},{"type":"null"}]}`, []p{{"a", "a"}, {"b", "b"}}},
		{"listed names", `{"type":"object","propertyNames":{"enum":["a","b-c"]},"additionalProperties":{"type":"number"}}`, []p{{"a", "a"}, {"b-c", "b_c"}}},
		{"no object", `{"type":"string"}`, []p{}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, python.Parameters(function(tt.schema))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.about, diff)
		}
	}
}
