package codegen_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/stdlib"
)

// awkward are tools that no real server has yet.
func awkward() []bindery.Tool {
	tools := []bindery.Tool{
		tool("two faces", "a-b", `{"type":"object"}`),
		tool("two faces", "a.b", `{"type":"object"}`),
		tool("a-b", "x", `{}`),
		tool("a.b", "x", `{"$ref":"#/$defs/T","$defs":{"T":{"type":"object","properties":{"t":{"$ref":"#/$defs/T"}}}}}`),
		tool("search", "search", `{"type":"object"}`),
		tool("odd", "then", `{}`),
		tool("odd", "__proto__", `{"type":"object","properties":{"__proto__":{"type":"string"},"a b":{"type":"null"}}}`),
		tool("odd", "delete", `true`),
		tool("odd", "recursive", `{"type":"object","properties":{"node":{"$ref":"#/$defs/string"}},"required":["node"],"$defs":{
			"string":{"type":"object","properties":{"value":{"type":"integer"},"next":{"$ref":"#/$defs/string"},"Record":{"$ref":"#/$defs/Record"}}},
			"Record":{"type":"object","additionalProperties":{"$ref":"#/$defs/Record"}}}}`),
		tool("odd", "nothing", `{"$ref":"#"}`),
		tool("odd", "enum", `{"type":"object","properties":{"e":{"enum":["a\"b","c\nd","*/","\u202e",1e400,-1.50,null,[1],{"a":1}]}}}`),
		tool("odd", "tuple", `{"type":"object","properties":{"t":{"prefixItems":[{"enum":["a","b"]}],"items":{"enum":[1,2]}},
			"u":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"object","properties":{"d":{"type":"string","description":"a \" quote { and */ more"}}}]}}}}`),
		tool("odd", "map", `{"type":"object","propertyNames":{"enum":["a","b"]},"additionalProperties":{"type":"number"}}`),
		tool("odd", "mixed", `{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"number"},"patternProperties":{"^x":{}}}`),
		tool("odd", "parts", `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}`),
		tool("class", "new", `{"type":"object","properties":{"class":{"type":"string"}},"required":["class"]}`),
	}
	tools[0].Description = "A */ declare const evil: 1; /* B \x1b[31mred\x1b[0m \u202eabc\u202c \U000e0041\u200b </script>\n/ */"
	tools[0].Output = []byte(`{"type":"object","properties":{"a":{"$ref":"#/properties/b"},"b":{"type":"array","items":{"$ref":"#"}}}}`)
	return tools
}

func TestNames(t *testing.T) {
	tests := []struct{ server, name, want string }{
		{"github", "list_issues", "github.list_issues"},
		{"GitHub", "listIssues", "GitHub.listIssues"},
		{"k8s-containers", "pods-list", "k8s_containers.pods_list"},
		{"a.b", "c d/e", "a_b.c_d_e"},
		{"2fa", "3d", "_2fa._3d"},
		{"g\u0456thub", "x", "g_thub.x"}, // a Cyrillic letter
		{"日本", "検索", "__.__"},
		{"class", "delete", "class_.delete"},
		{"Math", "await", "Math_.await"},
		{"s", "then", "s.then_"},
		{"s", "constructor", "s.constructor_"},
		{"s", "__proto__", "s.__proto___"},
		{"s", "toString", "s.toString_"},
		{"data", "x", "data_.x"},
		{"tools", "search", "tools_.search"},
		{"", "", "_._"},
		{"../../etc", "a\x00b", "______etc.a_b"},
	}
	for _, tt := range tests {
		m := codegen.Compile([]bindery.Tool{tool(tt.server, tt.name, `{}`)})
		s := m.Servers()[0]
		if got := s.In(codegen.TypeScript).Ident + "." + s.Tools[0].In(codegen.TypeScript).Ident; got != tt.want {
			t.Errorf("%q, %q: got %s, want %s", tt.server, tt.name, got, tt.want)
		}
	}
}

// A script's own globals stay what they are, whatever a server is called.
func TestGlobalsStay(t *testing.T) {
	// The global object of ECMAScript 2025, ECMA-262 §19 and annex B.2.1.
	names := strings.Fields(`globalThis Infinity NaN undefined
		eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent
		AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
		FinalizationRegistry Float16Array Float32Array Float64Array Function Int8Array Int16Array Int32Array Iterator Map
		Number Object Promise Proxy RangeError ReferenceError RegExp Set SharedArrayBuffer String Symbol SyntaxError
		TypeError Uint8Array Uint8ClampedArray Uint16Array Uint32Array URIError WeakMap WeakRef WeakSet
		Atomics JSON Math Reflect escape unescape`)
	declared := regexp.MustCompile(`(?m)^(?:declare )?(?:const|class|function|interface) (\w+)`)
	for _, text := range []string{stdlib.JavaScript().Types, codegen.Prelude(codegen.TypeScript)} {
		found := declared.FindAllStringSubmatch(text, -1)
		if len(found) < 5 {
			t.Errorf("only %d declarations in\n%s", len(found), text)
		}
		for _, m := range found {
			names = append(names, m[1])
		}
	}
	for _, name := range names {
		m := codegen.Compile([]bindery.Tool{tool(name, "x", `{}`)})
		if got := m.Servers()[0].In(codegen.TypeScript).Ident; got != name+"_" {
			t.Errorf("a server called %s is %s", name, got)
		}
	}
}

func TestCollisions(t *testing.T) {
	m := codegen.Compile(awkward())
	a, _ := m.Lookup(bindery.ToolID{Server: "two faces", Name: "a-b"})
	b, _ := m.Lookup(bindery.ToolID{Server: "two faces", Name: "a.b"})
	for _, f := range []*codegen.Function{a, b} {
		if f.In(codegen.TypeScript).Ident != "" || !strings.Contains(f.In(codegen.TypeScript).Refused, `"a-b"`) || !strings.Contains(f.In(codegen.TypeScript).Refused, `"a.b"`) {
			t.Errorf("%s: identifier %q, refused because %q; want none, with both owners named", f.ID, f.In(codegen.TypeScript).Ident, f.In(codegen.TypeScript).Refused)
		}
	}
	for _, s := range m.Servers() {
		if s.Name != "a-b" && s.Name != "a.b" {
			continue
		}
		if s.In(codegen.TypeScript).Ident != "" || !strings.Contains(s.In(codegen.TypeScript).Refused, `"a-b"`) || !strings.Contains(s.In(codegen.TypeScript).Refused, `"a.b"`) {
			t.Errorf("server %s: identifier %q, refused because %q", s.Name, s.In(codegen.TypeScript).Ident, s.In(codegen.TypeScript).Refused)
		}
	}
	line := m.Search(codegen.Query{Server: "two faces"}).Lines[0]
	if !strings.HasPrefix(line, `tools["two faces"]["a-b"](`) {
		t.Errorf("a refused tool is shown as %s", line)
	}
	if d := m.Declarations("a-b", codegen.TypeScript, codegen.Full); !strings.Contains(d, "interface Tools_") || strings.Contains(d, "declare const") {
		t.Errorf("a refused server is declared as\n%s", d)
	}
}

func TestTwice(t *testing.T) {
	first, second := tool("s", "x", `{}`), tool("s", "x", `{}`)
	first.Description, second.Description = "The first.", "The second."
	m, text := one(t, first, second)
	if !strings.Contains(text, "The first.") || strings.Contains(text, "The second.") || !strings.Contains(text, "more than once") {
		t.Errorf("a tool listed twice is described as\n%s", text)
	}
	if n := len(m.Servers()[0].Tools); n != 1 {
		t.Errorf("%d tools", n)
	}
}
