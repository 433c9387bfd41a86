package sandbox_test

import (
	"encoding/json"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestValueOf(t *testing.T) {
	t.Parallel()
	text := func(s string) bindery.Content { return bindery.Content{Type: "text", Text: s} }
	image := bindery.Content{Type: "image", Raw: json.RawMessage(`{"type":"image","data":"aGk="}`)}
	for name, tc := range map[string]struct {
		result bindery.Result
		want   sandbox.ValueSource
		value  string
	}{
		"structured content comes first": {
			bindery.Result{Structured: json.RawMessage(`{"a":1}`), Content: []bindery.Content{text(`{"b":2}`)}},
			sandbox.FromStructured, `{"a":1}`,
		},
		"structured null beside content is none": {
			bindery.Result{Structured: json.RawMessage(`null`), Content: []bindery.Content{text("hello")}},
			sandbox.FromText, "hello",
		},
		"structured null alone": {bindery.Result{Structured: json.RawMessage(`null`)}, sandbox.FromStructured, `null`},
		"an object in a text":   {bindery.Result{Content: []bindery.Content{text(" {\"a\":1}\n")}}, sandbox.FromJSONText, " {\"a\":1}\n"},
		"a word of JSON":        {bindery.Result{Content: []bindery.Content{text("true")}}, sandbox.FromJSONText, "true"},
		"a number stays text":   {bindery.Result{Content: []bindery.Content{text("0012")}}, sandbox.FromText, "0012"},
		"broken JSON":           {bindery.Result{Content: []bindery.Content{text(`{"a":`)}}, sandbox.FromText, `{"a":`},
		"two texts":             {bindery.Result{Content: []bindery.Content{text("[1]"), text("[2]")}}, sandbox.FromText, "[1]\n[2]"},
		"no content":            {bindery.Result{}, sandbox.FromBlocks, `[]`},
		"text and an image": {
			bindery.Result{Content: []bindery.Content{text("a"), image}},
			sandbox.FromBlocks, `[{"type":"text","text":"a"},{"type":"image","data":"aGk="}]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := sandbox.ValueOf(tc.result)
			got := v.Text
			if v.Source != sandbox.FromText {
				got = string(v.JSON)
			}
			if v.Source != tc.want || got != tc.value {
				t.Errorf("ValueOf = source %d, %s; want source %d, %s", v.Source, got, tc.want, tc.value)
			}
		})
	}
}
