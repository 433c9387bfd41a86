package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

func TestCheckPartial(t *testing.T) {
	t.Parallel()
	const tagged = `{"oneOf":[
		{"type":"object","properties":{"kind":{"const":"circle"},"r":{"type":"number"}},"required":["kind","r"]},
		{"type":"object","properties":{"kind":{"const":"square"},"side":{"type":"number"}},"required":["kind","side"]}]}`
	const counted = `{"type":"object","minProperties":3,"maxProperties":3}`
	for _, tt := range []struct {
		name, schema, value string
		unknown, open       []string
		want                string
	}{
		{"nothing unknown", issue, `{"page":0}`, nil, nil, `page: expected at least 1, got number 0; owner: expected string, got nothing`},
		{"an unknown member is not missing", issue, `{"owner":0}`, []string{"/owner"}, nil, ``},
		{"an open object lacks nothing", issue, `{"state":"close"}`, nil, []string{""}, `state: expected "open" | "closed", got string "close" (did you mean "closed"?)`},
		{"an open object inside", issue, `{"filter":{"lables":[]}}`, nil, []string{"/filter"},
			`filter.lables: expected only labels, x-y, got an unknown property (did you mean "labels"?); owner: expected string, got nothing`},
		{"the name of an unknown member", issue, `{"owner":"o","filter":{"lables":0}}`, []string{"/filter/lables"}, nil,
			`filter.lables: expected only labels, x-y, got an unknown property (did you mean "labels"?)`},
		{"an unknown element", issue, `{"owner":"o","filter":{"labels":[0,5]}}`, []string{"/filter/labels/0"}, nil, `filter.labels[1]: expected string, got number 5`},
		{"an open array", issue, `{"owner":"o","filter":{"labels":["a","b","c","d"]}}`, nil, []string{"/filter/labels"}, `filter.labels: expected at most 3 items, got array of 4`},
		{"an open array that is short", `{"type":"array","minItems":2}`, `["a"]`, nil, []string{""}, ``},
		{"everything unknown", issue, `0`, []string{""}, nil, ``},
		{"inside of the unknown", issue, `{"owner":"o","filter":{"labels":[1]}}`, []string{"/filter", "/filter/labels"}, nil, ``},
		{"unknown members may be absent", counted, `{"a":1,"b":1,"c":1,"d":0}`, []string{"/d"}, nil, ``},
		{"unknown members may be there", counted, `{"a":1,"b":1,"c":0}`, []string{"/c"}, nil, ``},
		{"too many are certain", counted, `{"a":1,"b":1,"c":1,"d":1,"e":0}`, []string{"/e"}, []string{""}, `expected at most 3 properties, got object {a, b, c, d, e}`},
		{"unknown tag, fits one", tagged, `{"kind":0,"r":1}`, []string{"/kind"}, nil, ``},
		{"unknown tag", tagged, `{"kind":0,"r":"x","side":"y"}`, []string{"/kind"}, nil, `r: expected number, got string "x"`},
		{"wrong tag", tagged, `{"kind":"cube","r":0}`, []string{"/r"}, []string{""}, `kind: expected "circle", got string "cube"`},
		{"literal object, in part", `{"const":{"a":1,"b":2}}`, `{"a":1,"b":0}`, []string{"/b"}, nil, ``},
		{"literal of another kind", `{"const":{"a":1}}`, `["a"]`, []string{"/0"}, nil, `expected {"a":1}, got array of 1`},
		{"escaped names", `{"properties":{"a/b":{"type":"string"},"~":{"type":"string"}}}`, `{"a/b":1,"~":1}`, []string{"/a~1b", "/~0"}, nil, ``},
		{"a place that is not there", issue, `{}`, []string{"/x"}, nil, ``},
		{"an element that is not there", issue, `{"filter":{"labels":[]}}`, []string{"/filter/labels/-"}, nil, ``},
		{"no pointer", issue, `{}`, []string{"x"}, nil, ``},
		{"more places than are looked at", issue, `{}`, make([]string, 10_001), nil, ``},
		{"not JSON", issue, `{`, []string{""}, nil, `expected JSON, got text that is not JSON`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			p := schema.Partial{JSON: json.RawMessage(tt.value), Unknown: tt.unknown, Open: tt.open}
			for _, p := range schema.Parse(json.RawMessage(tt.schema)).CheckPartial(p) {
				got = append(got, p.String())
			}
			if g := strings.Join(got, "; "); g != tt.want {
				t.Errorf("CheckPartial(%s, unknown %q, open %q)\n got %s\nwant %s", tt.value, tt.unknown, tt.open, g, tt.want)
			}
		})
	}
}

// What is wrong with a value of which a member is unknown is wrong with it
// whatever that member turns out to be.
func FuzzCheckPartial(f *testing.F) {
	f.Add(issue, `{"owner":1,"filter":{}}`, "owner", `"o"`)
	f.Add(issue, `{"page":0}`, "state", `"open"`)
	f.Add(`{"minProperties":2,"additionalProperties":false,"properties":{"a":{}}}`, `{"a":1}`, "a", `2`)
	f.Add(`{"anyOf":[{"const":{"a":1}},{"enum":[[1],null]}]}`, `{"a":2}`, "a", `1`)
	f.Add(`{"if":{"properties":{"a":{"const":1}}},"then":{"required":["b"]}}`, `{"a":1}`, "a", `2`)
	f.Add(`{"allOf":[{"propertyNames":{"maxLength":1}},{"patternProperties":{"^a":{"type":"string"}}}]}`, `{"ab":1}`, "ab", `""`)
	f.Fuzz(func(t *testing.T, text, value, member, actual string) {
		var members map[string]json.RawMessage
		if len(text)+len(value)+len(actual) > 4<<10 || json.Unmarshal([]byte(value), &members) != nil || members == nil || !json.Valid([]byte(actual)) {
			return
		}
		s := schema.Parse(json.RawMessage(text))
		members[member] = json.RawMessage(`0`)
		guess, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		members[member] = json.RawMessage(actual)
		whole, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		place := "/" + strings.ReplaceAll(strings.ReplaceAll(member, "~", "~0"), "/", "~1")
		found := s.CheckPartial(schema.Partial{JSON: guess, Unknown: []string{place}})
		if len(found) > 0 && len(s.Check(whole)) == 0 {
			t.Errorf("schema %s\nof %s without %s: %v\nbut %s fits", text, guess, place, found, whole)
		}
	})
}
