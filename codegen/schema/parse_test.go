package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

// show writes a type in a notation of its own, so that the tests of what was
// parsed do not depend on any renderer. Definitions are written in place, once.
func show(t *schema.Type, open map[*schema.Def]bool) string {
	list := func(of []*schema.Type, with string) string {
		parts := make([]string, len(of))
		for i, u := range of {
			parts[i] = show(u, open)
		}
		return strings.Join(parts, with)
	}
	switch t.Kind {
	case schema.Unknown:
		if t.Reason != "" {
			return "unknown!"
		}
		return "unknown"
	case schema.Literal:
		parts := make([]string, len(t.Values))
		for i, v := range t.Values {
			parts[i] = string(v)
		}
		return strings.Join(parts, "|")
	case schema.Array:
		if t.Items == nil {
			return "[*]"
		}
		return "[" + show(t.Items, open) + "*]"
	case schema.Tuple:
		text := "[" + list(t.Prefix, ",")
		if t.Items != nil {
			text += "," + show(t.Items, open) + "*"
		}
		return text + "]"
	case schema.Object:
		return showObject(t, open)
	case schema.Union:
		return "(" + list(t.Of, "|") + ")"
	case schema.Intersection:
		return "(" + list(t.Of, "&") + ")"
	case schema.Ref:
		if open[t.Def] {
			return "$" + t.Def.Name
		}
		open[t.Def] = true
		return "$" + t.Def.Name + "=" + show(t.Def.Type, open)
	}
	return t.Kind.String()
}

func showObject(t *schema.Type, open map[*schema.Def]bool) string {
	var parts []string
	for _, p := range t.Props {
		opt := "?"
		if p.Required {
			opt = ""
		}
		parts = append(parts, p.Name+opt+":"+show(p.Type, open))
	}
	for _, p := range t.Patterns {
		parts = append(parts, "/"+p.Expr+"/:"+show(p.Type, open))
	}
	if t.Extra != nil {
		parts = append(parts, "...:"+show(t.Extra, open))
	}
	if t.Names != nil {
		parts = append(parts, "names:"+show(t.Names, open))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func TestParse(t *testing.T) {
	tests := []struct{ name, schema, want string }{
		{"anything", `{}`, `unknown`},
		{"true", `true`, `unknown`},
		{"false", `false`, `never`},
		{"scalar kinds", `{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}`, `(string|integer|null)`},
		{"order is kept", `{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"number"}},"required":["a"]}`, `{z?:string,a:number}`},
		{"duplicate key, last wins", `{"type":"object","properties":{"a":{"type":"string"},"a":{"type":"number"}}}`, `{a?:number}`},
		{"many keys", `{"properties":{"a":{},"b":{},"c":{},"d":{},"e":{},"f":{},"g":{},"h":{},"i":{},"j":{"type":"null"}},"required":["j"]}`,
			`{a?:unknown,b?:unknown,c?:unknown,d?:unknown,e?:unknown,f?:unknown,g?:unknown,h?:unknown,i?:unknown,j:null}`},
		{"escaped key", `{"properties":{"\u0061\n":{"type":"null"}}}`, "{a\n?:null}"},
		{"required without a property", `{"type":"object","required":["a"]}`, `{a:unknown}`},
		{"required inside the property", `{"type":"object","properties":{"a":{"type":"string","required":true}}}`, `{a:string}`},
		{"type array", `{"type":["string","null"]}`, `(string|null)`},
		{"type array with keywords", `{"type":["array","null"],"items":{"type":"string"}}`, `([string*]|null)`},
		{"repeated types", `{"type":["string","string"]}`, `string`},
		{"nullable", `{"type":"string","nullable":true}`, `(string|null)`},
		{"enum of any type", `{"enum":["a",1,null,true]}`, `"a"|1|null|true`},
		{"const", `{"const":{"a":1}}`, `{"a":1}`},
		{"no type", `{"properties":{"a":{"items":{"enum":[1]}}}}`, `{a?:[1*]}`},
		{"array without items", `{"type":"array"}`, `[*]`},
		{"boolean items", `{"type":"array","items":false}`, `[never*]`},
		{"prefixItems", `{"prefixItems":[{"type":"string"},{"type":"number"}],"items":{"type":"null"}}`, `[string,number,null*]`},
		{"array form of items", `{"type":"array","items":[{"type":"string"}],"additionalItems":false}`, `[string,never*]`},
		{"additional properties", `{"type":"object","additionalProperties":{"type":"number"}}`, `{...:number}`},
		{"closed", `{"type":"object","properties":{},"additionalProperties":false}`, `{...:never}`},
		{"pattern properties and names", `{"type":"object","patternProperties":{"^x-":{"type":"string"}},"propertyNames":{"enum":["x-a"]}}`,
			`{/^x-/:string,names:"x-a"}`},
		{"ref", `{"$ref":"#/$defs/A","$defs":{"A":{"type":"string"}}}`, `$A=string`},
		{"ref by definitions, escaped", `{"$ref":"#/definitions/a~1b%20c","definitions":{"a/b c":{"type":"string"}}}`, `$a/b c=string`},
		{"ref into properties", `{"properties":{"a":{"type":"array","items":{"type":"null"}},"b":{"$ref":"#/properties/a/items"}}}`,
			`{a?:[null*],b?:$items=null}`},
		{"ref into an array", `{"anyOf":[{"type":"string"},{"type":"array","items":{"$ref":"#/anyOf/0"}}]}`, `(string|[$0=string*])`},
		{"ref by id", `{"$id":"https://x.test/s","$ref":"https://x.test/s#/$defs/A","$defs":{"A":{"type":"string"}}}`, `$A=string`},
		{"ref with siblings", `{"$ref":"#/$defs/A","required":["x"],"description":"d","$defs":{"A":{"type":"object"}}}`, `($A={}&{x:unknown})`},
		{"recursive", `{"$ref":"#/$defs/N","$defs":{"N":{"type":"object","properties":{"kids":{"type":"array","items":{"$ref":"#/$defs/N"}}}}}}`,
			`$N={kids?:[$N*]}`},
		{"the whole, recursively", `{"properties":{"up":{"$ref":"#"}}}`, `{up?:$={up?:$}}`},
		{"nothing but itself", `{"$ref":"#"}`, `unknown!`},
		{"nothing but each other", `{"$ref":"#/$defs/A","$defs":{"A":{"anyOf":[{"$ref":"#/$defs/B"},{"type":"null"}]},"B":{"$ref":"#/$defs/A"}}}`,
			`$A=($B=unknown!|null)`},
		{"network ref", `{"$ref":"https://example.com/s.json"}`, `unknown!`},
		{"dangling ref", `{"properties":{"a":{"$ref":"#/$defs/None"},"b":{"type":"null"}}}`, `{a?:unknown!,b?:null}`},
		{"ref into a scalar", `{"type":"string","allOf":[{"$ref":"#/type/x"}]}`, `string`},
		{"allOf of one", `{"allOf":[{"type":"string"}],"description":"d"}`, `string`},
		{"allOf", `{"type":"object","allOf":[{"properties":{"a":{}}},{"required":["a"]}]}`, `({a?:unknown}&{a:unknown})`},
		{"anyOf of what is required", `{"type":"object","properties":{"a":{},"b":{}},"anyOf":[{"required":["a"]},{"required":["b"]}]}`,
			`({a?:unknown,b?:unknown}&({a:unknown}|{b:unknown}))`},
		{"nested unions", `{"anyOf":[{"type":"null"},{"oneOf":[{"type":"string"},{"type":"number"}]}]}`, `(null|string|number)`},
		{"if, then and else", `{"properties":{"k":{}},"if":{"properties":{"k":{"const":1}}},"then":{"required":["a"]},"else":{"required":["b"]}}`,
			`({k?:unknown}&(({k?:1}&{a:unknown})|{b:unknown}))`},
		{"if and then", `{"if":{"required":["k"]},"then":{"properties":{"a":{"type":"null"}}}}`, `(({k:unknown}&{a?:null})|{a?:unknown})`},
		{"if and a reference", `{"if":{"required":["k"]},"then":{"$ref":"#/$defs/A"},"$defs":{"A":{"type":"object"}}}`, `unknown`},
		{"if alone", `{"type":"string","if":{"const":"a"}}`, `string`},
		{"if and else", `{"if":{"const":"a"},"else":{"type":"null"}}`, `("a"|null)`},
		{"no such type", `{"type":"file"}`, `unknown!`},
		{"senseless type", `{"type":{}}`, `unknown!`},
		{"not a schema", `{"properties":{"a":7}}`, `{a?:unknown!}`},
		{"not JSON", `{"type":`, `unknown!`},
		{"nothing", ``, `unknown!`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := schema.Parse(json.RawMessage(tt.schema))
			if got := show(s.Root, map[*schema.Def]bool{}); got != tt.want {
				t.Errorf("Parse(%s)\n got %s\nwant %s", tt.schema, got, tt.want)
			}
			if strings.Contains(tt.want, "!") != (len(s.Notes) > 0) && tt.name != "ref into a scalar" {
				t.Errorf("notes %q do not fit %s", s.Notes, tt.want)
			}
		})
	}
}

func TestParseAnnotations(t *testing.T) {
	s := schema.Parse(json.RawMessage(`{"properties":{
		"n":{"type":"integer","minimum":1,"maximum":9007199254740991,"default":12345678901234567890,"description":"D","title":"T"},
		"x":{"type":"number","minimum":0,"exclusiveMinimum":true,"exclusiveMaximum":10},
		"s":{"type":"string","minLength":1,"maxLength":1e2,"pattern":"^a","format":"uri","deprecated":true,"examples":["a"]},
		"r":{"$ref":"#/$defs/R","description":"here"}
	},"$defs":{"R":{"type":"string","description":"there"}}}`))
	n, x, str, ref := s.Root.Props[0].Type, s.Root.Props[1].Type, s.Root.Props[2].Type, s.Root.Props[3].Type
	if n.Bounds.Min != "1" || n.Bounds.Max != "" {
		t.Errorf("n is from %q to %q, want from 1 without an end", n.Bounds.Min, n.Bounds.Max)
	}
	if n.Doc.Description != "D" || n.Doc.Title != "T" || string(n.Doc.Default) != "12345678901234567890" {
		t.Errorf("n.Doc = %+v", n.Doc)
	}
	if x.Bounds.Min != "" || x.Bounds.ExclusiveMin != "0" || x.Bounds.ExclusiveMax != "10" {
		t.Errorf("x.Bounds = %+v", *x.Bounds)
	}
	if b := str.Bounds; b.MinLength != 1 || b.MaxLength != 100 || b.Pattern != "^a" || b.MinItems != -1 {
		t.Errorf("s.Bounds = %+v", *b)
	}
	if d := str.Doc; d.Format != "uri" || !d.Deprecated || len(d.Examples) != 1 {
		t.Errorf("s.Doc = %+v", d)
	}
	if ref.Doc.Description != "here" || ref.Resolve().Doc.Description != "there" {
		t.Errorf("a reference's own description is lost: %+v", ref.Doc)
	}
}

func TestDefKeys(t *testing.T) {
	key := func(text string) string {
		t.Helper()
		s := schema.Parse(json.RawMessage(text))
		if len(s.Defs) == 0 {
			t.Fatalf("no definitions in %s", text)
		}
		return s.Defs[0].Key
	}
	const format = `{"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"items":{"$ref":"#/$defs/B"}},"B":{"items":{"$ref":"#/$defs/C"}},"C":{"type":%q}}%s}`
	one := key(fmt.Sprintf(format, "string", ""))
	if same := key(fmt.Sprintf(format, "string", `,"title":"another tool"`)); same != one {
		t.Error("equal definitions of two schemas have different keys")
	}
	const more = `,"items":{"$ref":"#/$defs/D"},"oneOf":[{"$ref":"#/$defs/C"}]`
	if same := key(strings.Replace(fmt.Sprintf(format, "string", more), `"$defs":{`, `"$defs":{"D":{"$ref":"#/$defs/A"},`, 1)); same != one {
		t.Error("the key of a definition depends on what else refers to it")
	}
	if other := key(fmt.Sprintf(format, "number", "")); other == one {
		t.Error("definitions that differ in what they lead to have one key")
	}
}

func TestNotes(t *testing.T) {
	s := schema.Parse(json.RawMessage(`{"type":"object","not":{"required":["a"]},"properties":{"a":{"dependentRequired":{}}}}`))
	if got := strings.Join(s.Notes, "; "); !strings.Contains(got, `"not"`) || !strings.Contains(got, `"dependentRequired"`) {
		t.Errorf("notes = %q, want both keywords", got)
	}
}
