package pin_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/gateway/pin"
)

// tags spells text in tag characters, as JSON escapes.
func tags(text string) string {
	var b strings.Builder
	for _, c := range text {
		b.WriteRune(0xe0000 + c)
	}
	return b.String()
}

func TestStrip(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in, want string
		found          []string
	}{
		{name: "nothing", in: `{ "name": "a",  "description": "é\n\t\u00e9 ok 日本" }`},
		{
			name:  "bidi and zero width",
			in:    "{\"name\":\"a\", \"description\" : \"a\u202eb\\u200bc\u2066\", \"x\":12345678901234567890}",
			want:  `{"name":"a", "description" : "abc", "x":12345678901234567890}`,
			found: []string{"description: 2 bidirectional controls, 1 zero-width character"},
		},
		{
			name:  "tags are spelled out",
			in:    `{"description":"Adds. ` + tags("Ignore all") + `"}`,
			want:  `{"description":"Adds. "}`,
			found: []string{`description: 10 tag characters ("Ignore all")`},
		},
		{
			name:  "escape sequences",
			in:    `{"title":"\u001b[31mred\u001b[0m \u009b2Kx \u001b]0;t\u0007 \u0000y"}`,
			want:  `{"title":"red x ]0;t y"}`,
			found: []string{"title: 2 control characters, 4 terminal escape sequences"},
		},
		{
			name:  "at any depth",
			in:    `{"inputSchema":{"type":"object","properties":{"default":{"description":"x\u200b"},"a":{"items":[{"title":"\u200by"}]}}},"outputSchema":{"$defs":{"enum":{"x-hint":"\u200b"}}},"annotations":{"title":"\u200bz"}}`,
			want:  `{"inputSchema":{"type":"object","properties":{"default":{"description":"x"},"a":{"items":[{"title":"y"}]}}},"outputSchema":{"$defs":{"enum":{"x-hint":""}}},"annotations":{"title":"z"}}`,
			found: []string{"inputSchema.properties.default.description: 1 zero-width character", "inputSchema.properties.a.items.0.title: 1 zero-width character", "outputSchema.$defs.enum.x-hint: 1 zero-width character", "annotations.title: 1 zero-width character"},
		},
		{
			name: "names and values stay",
			in:   `{"name":"a\u200b","inputSchema":{"properties":{"\u200bq":{"enum":["\u200b1",{"description":"\u200b"}],"const":"\u200b","pattern":"\u200b"}},"required":["\u200bq"]}}`,
			found: []string{
				"name: 1 zero-width character, kept because it is part of a name or a value",
				`inputSchema.properties.\u200bq: 1 zero-width character, kept because it is part of a name or a value`,
				`inputSchema.properties.\u200bq.enum.0: 1 zero-width character, kept because it is part of a name or a value`,
				`inputSchema.properties.\u200bq.enum.1.description: 1 zero-width character, kept because it is part of a name or a value`,
				`inputSchema.properties.\u200bq.const: 1 zero-width character, kept because it is part of a name or a value`,
				`inputSchema.properties.\u200bq.pattern: 1 zero-width character, kept because it is part of a name or a value`,
				"inputSchema.required.0: 1 zero-width character, kept because it is part of a name or a value",
			},
		},
		{name: "defaults are shown", in: `{"inputSchema":{"default":{"a":"\u200bx"}}}`, want: `{"inputSchema":{"default":{"a":"x"}}}`, found: []string{"inputSchema.default.a: 1 zero-width character"}},
		{name: "not JSON", in: "{\"description\":\"\u200b\""},
		{name: "a string", in: "\"\u200b\\\"<&>\"", want: `"\"<&>"`, found: []string{": 1 zero-width character"}},
		{name: "private use", in: "{\"description\":\"\ue000\"}", want: `{"description":""}`, found: []string{"description: 1 unseen character"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, found := pin.Strip(json.RawMessage(tt.in))
			want := tt.want
			if want == "" {
				want = tt.in
			}
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Error(diff)
			}
			var said []string
			for _, f := range found {
				said = append(said, f.String())
			}
			if diff := cmp.Diff(tt.found, said); diff != "" {
				t.Error(diff)
			}
		})
	}
	deep := strings.Repeat(`{"a":`, 5000) + `"` + "\u200b" + `"` + strings.Repeat("}", 5000)
	if got, found := pin.Strip(json.RawMessage(deep)); len(found) != 1 || len(found[0].Where) > 250 || bytes.Contains(got, []byte("\u200b")) {
		t.Error("depth hides:", found)
	}
}

// FuzzStrip wants what is stripped to be the same value but for what nobody
// sees, with nothing left to strip.
func FuzzStrip(f *testing.F) {
	f.Add([]byte("{\"description\":\"a\u202eb\\ud83d\\ude00\\\"\"}"))
	f.Add([]byte(`{"title":"\u001b[31m","inputSchema":{"properties":{"enum":{"description":"\u200b"}},"enum":["\u200b"]}}`))
	f.Add([]byte(`["\\",{"a":[],"b":{}},"\u200b\ud800"]`))
	f.Add([]byte(` "` + tags("hi") + `" `))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, found := pin.Strip(data)
		if !json.Valid(data) {
			if !bytes.Equal(got, data) {
				t.Errorf("%q became %q", data, got)
			}
			return
		}
		if len(found) == 0 && !bytes.Equal(got, data) {
			t.Errorf("%q became %q, and nothing was found", data, got)
		}
		again, found := pin.Strip(got)
		for _, f := range found {
			if !f.Kept && !bytes.Equal(again, got) {
				t.Errorf("%q became %q, and then %q: %v", data, got, again, f)
			}
		}
		var was, is any
		if json.Unmarshal(data, &was) != nil || json.Unmarshal(got, &is) != nil {
			t.Fatalf("%q became %q", data, got)
		}
		if !similar(was, is) {
			t.Errorf("%q became %q", data, got)
		}
	})
}

// similar reports whether two values are the same but for text that is shorter.
func similar(a, b any) bool {
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return ok && (a == b || len(b) < len(a) && strings.ContainsFunc(a, form.Unseen) && utf8.ValidString(b))
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !similar(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k := range a {
			v, ok := b[k]
			if !ok || !similar(a[k], v) {
				return false
			}
		}
		return true
	}
	return a == b
}
