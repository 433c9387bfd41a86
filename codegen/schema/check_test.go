package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

const issue = `{"type":"object","properties":{
	"owner":{"type":"string"},
	"state":{"enum":["open","closed"]},
	"page":{"type":"integer","minimum":1,"maximum":100},
	"filter":{"type":"object","properties":{"labels":{"type":"array","items":{"type":"string"},"maxItems":3},"x-y":{"type":"boolean"}},"additionalProperties":false}
},"required":["owner"]}`

func TestCheck(t *testing.T) {
	const shape = `{"oneOf":[
		{"type":"object","properties":{"kind":{"const":"circle"},"r":{"type":"number"}},"required":["kind","r"]},
		{"type":"object","properties":{"kind":{"const":"square"},"side":{"type":"number"}},"required":["kind","side"]}]}`
	const conditional = `{"type":"object","properties":{"kind":{"type":"string"}},"required":["kind"],
		"if":{"properties":{"kind":{"const":"issue"}}},"then":{"properties":{"title":{"type":"string"}},"required":["title"]},
		"else":{"properties":{"text":{"type":"string"}},"required":["text"]}}`
	const tree = `{"$ref":"#/$defs/N","$defs":{"N":{"type":"object","properties":{"v":{"type":"integer"},"kids":{"type":"array","items":{"$ref":"#/$defs/N"}}}}}}`
	const closed = `{"allOf":[{"type":"object","properties":{"a":{}},"additionalProperties":false},{"type":"object","properties":{"b":{}}}]}`
	tests := []struct{ name, schema, value, want string }{
		{"fits", issue, `{"owner":"o","state":"open","page":3.0,"filter":{"labels":["a"]}}`, ``},
		{"wrong type, deep", issue, `{"owner":"o","filter":{"labels":["a","b",3]}}`, `filter.labels[2]: expected string, got number 3`},
		{"quoted key", issue, `{"owner":"o","filter":{"x-y":1}}`, `filter["x-y"]: expected boolean, got number 1`},
		{"missing", issue, `{}`, `owner: expected string, got nothing`},
		{"missing, with a slip", issue, `{"onwer":"o"}`, `owner: expected string, got nothing (the property "onwer" is not known: did you mean "owner"?)`},
		{"unknown is allowed", issue, `{"owner":"o","trace":1}`, ``},
		{"unknown is forbidden", issue, `{"owner":"o","filter":{"lables":[]}}`,
			`filter.lables: expected only labels, x-y, got an unknown property (did you mean "labels"?)`},
		{"enum", issue, `{"owner":"o","state":"close"}`, `state: expected "open" | "closed", got string "close" (did you mean "closed"?)`},
		{"bounds", issue, `{"owner":"o","page":0}`, `page: expected at least 1, got number 0`},
		{"items", issue, `{"owner":"o","filter":{"labels":["a","b","c","d"]}}`, `filter.labels: expected at most 3 items, got array of 4`},
		{"whole value", issue, `[1]`, `expected object, got array of 1`},
		{"several", issue, `{"owner":1,"page":"x"}`, `owner: expected string, got number 1; page: expected integer, got string "x"`},
		{"null is not a string", issue, `{"owner":null}`, `owner: expected string, got null`},
		{"not JSON", issue, `{`, `expected JSON, got text that is not JSON`},
		{"integer written as 1e3", `{"type":"integer"}`, `1e3`, ``},
		{"fraction", `{"type":"integer"}`, `1.5`, `expected integer, got number 1.5`},
		{"huge integer", `{"type":"integer","minimum":0}`, `123456789012345678901234567890`, ``},
		{"integer past the doubles", `{"type":"integer","maximum":9007199254740991}`, `9007199254740993`, ``},
		{"close bound, unsure", `{"type":"integer","maximum":9007199254740992}`, `9007199254740993`, ``},
		{"overflow", `{"type":"number","maximum":5}`, `1e999`, `expected at most 5, got number 1e999`},
		{"exclusive", `{"type":"number","exclusiveMinimum":0}`, `0`, `expected more than 0, got number 0`},
		{"multiple", `{"type":"integer","multipleOf":5}`, `7`, `expected a multiple of 5, got number 7`},
		{"multiple of a fraction, unsure", `{"type":"number","multipleOf":0.1}`, `0.3`, ``},
		{"const of equal value", `{"const":1}`, `1.0`, ``},
		{"const object, any order", `{"const":{"a":1,"b":[2]}}`, `{"b":[2],"a":1}`, ``},
		{"const object", `{"const":{"a":1}}`, `{"a":2}`, `expected {"a":1}, got object {a}`},
		{"default makes up for missing", `{"required":["a"],"properties":{"a":{"type":"string","default":"x"}}}`, `{}`, ``},
		{"inferred type accepts others", `{"properties":{"a":{"type":"string"}}}`, `7`, ``},
		{"inferred type still checks its own", `{"properties":{"a":{"type":"string"}}}`, `{"a":7}`, `a: expected string, got number 7`},
		{"too short", `{"type":"string","minLength":3}`, `"ab"`, `expected at least 3 characters, got string "ab"`},
		{"length in UTF-16, unsure", `{"type":"string","minLength":2,"maxLength":1}`, `"😀"`, ``},
		{"pattern", `{"type":"string","pattern":"^[a-z]+$"}`, `"A1"`, `expected text that matches "^[a-z]+$", got string "A1"`},
		{"pattern beyond RE2", `{"type":"string","pattern":"^(?!x)\\w+\\1$"}`, `"x"`, ``},
		{"pattern on text where engines differ", `{"type":"string","pattern":"^\\s$"}`, "\"\u00a0\"", ``},
		{"if and then", conditional, `{"kind":"issue","title":"t"}`, ``},
		{"if without what then needs", conditional, `{"kind":"issue"}`, `title: expected string, got nothing`},
		{"else", conditional, `{"kind":"note","text":"t"}`, ``},
		{"tagged union, right tag", shape, `{"kind":"square","side":"2"}`, `side: expected number, got string "2"`},
		{"tagged union, no such tag", shape, `{"kind":"cirle","r":1}`, `kind: expected "circle", got string "cirle" (did you mean "circle"?)`},
		{"union of kinds", `{"anyOf":[{"type":"string"},{"type":"null"}]}`, `5`, `expected string | null, got number 5`},
		{"union of literals", `{"anyOf":[{"const":"up"},{"const":"down"}]}`, `"dwon"`, `expected "up" | "down", got string "dwon" (did you mean "down"?)`},
		{"union, the branch of its kind", `{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]}`, `["a",1]`, `[1]: expected string, got number 1`},
		{"oneOf that fits twice", `{"oneOf":[{"type":"integer"},{"type":"number"}]}`, `1`, ``},
		{"recursive", tree, `{"v":1,"kids":[{"v":2,"kids":[{"v":"3"}]}]}`, `kids[0].kids[0].v: expected integer, got string "3"`},
		{"nothing but itself", `{"$ref":"#"}`, `5`, ``},
		{"closed parts that complete each other", closed, `{"a":1,"b":2}`, ``},
		{"closed parts, foreign property", closed, `{"c":2}`, `c: expected only a, got an unknown property`},
		{"tuple", `{"prefixItems":[{"type":"string"},{"type":"number"}],"items":false}`, `["a","b",3]`,
			`[1]: expected number, got string "b"; [2]: expected nothing here, got number 3`},
		{"map", `{"type":"object","additionalProperties":{"type":"number"}}`, `{"a":1,"b":"x"}`, `b: expected number, got string "x"`},
		{"pattern properties", `{"type":"object","patternProperties":{"^n_":{"type":"number"}},"additionalProperties":false}`, `{"n_a":"x","s":1}`,
			`n_a: expected number, got string "x"; s: expected no properties, got an unknown property`},
		{"pattern properties beyond RE2", `{"type":"object","patternProperties":{"(?!n)":{"type":"number"}},"additionalProperties":false}`, `{"s":"x"}`, ``},
		{"property names", `{"type":"object","propertyNames":{"enum":["a","b"]}}`, `{"c":1}`, `c: expected "a" | "b", got that name`},
		{"no schema that could be used", `{"type":`, `{"a":1}`, ``},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range schema.Parse(json.RawMessage(tt.schema)).Check(json.RawMessage(tt.value)) {
				got = append(got, p.String())
			}
			if g := strings.Join(got, "; "); g != tt.want {
				t.Errorf("Check(%s)\n got %s\nwant %s", tt.value, g, tt.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	tests := []struct {
		name  string
		among []string
		want  string
	}{
		{"listIssues", []string{"list_pulls", "list_issues"}, "list_issues"},
		{"list-issues", []string{"list_issues"}, "list_issues"},
		{"titel", []string{"body", "title"}, "title"},
		{"lable", []string{"labels", "table"}, "table"},
		{"ab", []string{"ac"}, ""},
		{"x", []string{"y"}, ""},
		{"issue", []string{"issue_number", "owner"}, "issue_number"},
		{"list", []string{"list_issues", "list_pulls"}, ""},
		{"", []string{"a"}, ""},
		{strings.Repeat("a", 65), []string{strings.Repeat("a", 65)}, ""},
		{"repo", []string{"repi", "repa", "repo_b"}, "repa"},
	}
	for _, tt := range tests {
		got, ok := schema.Nearest(tt.name, tt.among)
		if ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("Nearest(%q, %q) = %q, %t; want %q", tt.name, tt.among, got, ok, tt.want)
		}
	}
}
