package python_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/python"
)

// TestTypes declares a tool with one parameter of each type, and shows the
// same in the notation.
func TestTypes(t *testing.T) {
	tests := []struct{ schema, stub, line string }{
		{`true`, `a: Any`, `a?: Any`},
		{`false`, `a: Never`, `a?: Never`},
		{`{"type":"null"}`, `a: None`, `a?: None`},
		{`{"type":"boolean"}`, `a: bool`, `a?: bool`},
		{`{"type":"integer"}`, `a: int`, `a?: int`},
		{`{"type":"number"}`, `a: float`, `a?: float`},
		{`{"type":["string","null"]}`, `a: str | None`, `a?: str|None`},
		{`{"enum":["x","y"]}`, `a: Literal["x", "y"]`, `a?: "x"|"y"`},
		{`{"enum":["a\"b","\n",1,-2,true,null]}`, `a: Literal["a\"b", "\n", 1, -2, True] | None`, `a?: "a\"b"|"\n"|1|-2|True|None`},
		{`{"enum":[1.5,{"k":1},[1],"x"]}`, `a: Literal["x"] | float | dict[str, Any] | list[Any]`, `a?: "x"|float|dict|list`},
		{`{"enum":["\u202e\ud83d\ude00\udb40\udc41"]}`, `a: Literal["\u202e😀\U000e0041"]`, `a?: "\u202e😀\U000e0041"`},
		{`{"anyOf":[{"const":"x"},{"const":"y"}]}`, `a: Literal["x", "y"]`, `a?: "x"|"y"`},
		{`{"type":"array"}`, `a: list[Any]`, `a?: list`},
		{`{"type":"array","items":{"type":"string"}}`, `a: list[str]`, `a?: list[str]`},
		{`{"prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}`, `a: list[str | int]`, `a?: [str, int]`},
		{`{"prefixItems":[{"type":"string"}],"items":{"type":"null"}}`, `a: list[str | None]`, `a?: [str, *list[None]]`},
		{`{"type":"object"}`, `a: dict[str, Any]`, `a?: dict`},
		{`{"type":"object","additionalProperties":false}`, `a: dict[str, Never]`, `a?: {}`},
		{`{"type":"object","additionalProperties":{"type":"integer"}}`, `a: dict[str, int]`, `a?: dict[str, int]`},
		{`{"type":"object","patternProperties":{"^x":{"type":"null"}}}`, `a: dict[str, None]`, `a?: dict[str, None]`},
		{`{"properties":{"k":{"type":"string"}},"required":["k"]}`, "class XA(TypedDict):\n    k: str\n", `a?: {"k": str}`},
		{`{"properties":{"k":{"type":"string"}}}`, "class XA(TypedDict, total=False):\n    k: str\n", `a?: {"k"?: str}`},
		{`{"properties":{"k":{},"l":{"type":"null"}},"required":["k"]}`, "class XA(TypedDict):\n    k: Any\n    l: NotRequired[None]\n", `a?: {"k": Any, "l"?: None}`},
		{`{"properties":{"k-l":{"type":"null"}}}`, "XA = TypedDict(\"XA\", {\n    \"k-l\": None,\n}, total=False)\n", `a?: {"k-l"?: None}`},
		{`{"properties":{"str":{"type":"string"}},"required":["str"]}`, "XA = TypedDict(\"XA\", {\n    \"str\": str,\n})\n", `a?: {"str": str}`},
		{`{"properties":{"__k":{}}}`, "XA = TypedDict(\"XA\", {\n    \"__k\": Any,\n}, total=False)\n", `a?: {"__k"?: Any}`},
		{`{"properties":{"":{"type":"null"}},"required":[""]}`, "class XA(TypedDict):\n    pass\n", `a?: {"": None}`},
		{`{"allOf":[{"properties":{"k":{}}},{"properties":{"l":{}},"required":["k"]}]}`, "    k: Any\n    l: NotRequired[Any]\n", `a?: {"k": Any, "l"?: Any}`},
		{`{"allOf":[{"type":"string"},{"enum":["x"]}]}`, `a: Literal["x"]`, `a?: "x"`},
		{`{"type":"array","items":{"properties":{"k":{"properties":{"l":{}}}}}}`, "class XAItemK(TypedDict, total=False):\n    l: Any\n\nclass XAItem(TypedDict, total=False):\n    k: XAItemK\n", `a?: list[{"k"?: {"l"?: Any}}]`},
		{`{"$ref":"#/$defs/Node"}`, "class Node(TypedDict, total=False):\n    next: Node\n", `a?: dict`},
		{`{"$ref":"#/$defs/Json"}`, "Json: TypeAlias = list[Json] | None\n", `a?: Any`},
	}
	for _, tt := range tests {
		f := function(`{"properties":{"a":` + tt.schema + `},"$defs":{
			"Node":{"properties":{"next":{"$ref":"#/$defs/Node"}}},
			"Json":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/Json"}},{"type":"null"}]}}}`)
		if text := python.File(f.Server, true); !strings.Contains(text, tt.stub) {
			t.Errorf("%s is declared as\n%s\nwithout %s", tt.schema, text, tt.stub)
		}
		if got, want := python.Line(f, form.MaxLine), "s.x("+tt.line+") -> Any"; got != want {
			t.Errorf("%s is shown as\n%s\nwant\n%s", tt.schema, got, want)
		}
	}
}

func TestDeclaration(t *testing.T) {
	tests := []struct{ schema, stub, line string }{
		{`{"type":"object"}`, "def x() -> Any: ...\n", "s.x()"},
		{`true`, "def x(**arguments: Any) -> Any: ...\n", "s.x(**arguments)"},
		{`{"type":"string"}`, "def x(**arguments: Any) -> Any: ...\n", "s.x(**arguments)"},
		{`{"properties":{"a":{"type":"null"}},"required":["a"],"additionalProperties":false}`, "def x(*, a: None) -> Any: ...\n", "s.x(a: None)"},
		{`{"properties":{"extra":{"type":"null"}},"additionalProperties":{"type":"integer"}}`,
			"def x(*, extra: None = ..., **extra_: int) -> Any: ...\n", "s.x(extra?: None, **dict[str, int])"},
		{`{"additionalProperties":{"type":"integer"}}`, "def x(**arguments: int) -> Any: ...\n", "s.x(**dict[str, int])"},
		{`{"properties":{"a-b":{"type":"null"},"a.b":{"type":"integer"},"c":{"type":"string"}},"required":["a-b"]}`,
			"def x(*, c: str = ..., **extra: None | int) -> Any: ...\n", `s.x(c?: str, **{"a-b": None, "a.b"?: int})`},
		{`{"properties":{"a":{"type":"string"},"b":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}`,
			"def x(*, a: str = ..., b: str = ...) -> Any: ...\n", "s.x(a?: str, b?: str)"},
		{`{"oneOf":[{"properties":{"k":{"const":"a"},"n":{"type":"integer"}},"required":["k","n"]},{"properties":{"k":{"const":"b"}},"required":["k"]}]}`,
			"def x(*, k: Literal[\"a\", \"b\"], n: int = ...) -> Any: ...\n", `s.x(k: "a"|"b", n?: int)`},
	}
	for _, tt := range tests {
		f := function(tt.schema)
		if text := python.File(f.Server, true); !strings.HasSuffix(text, "\n@tool\n"+tt.stub) {
			t.Errorf("%s is declared as\n%s\nwant\n%s", tt.schema, text, tt.stub)
		}
		if got := python.Line(f, form.MaxLine); got != tt.line+" -> Any" {
			t.Errorf("%s is shown as %s, want %s", tt.schema, got, tt.line)
		}
	}
}

// Tools have their names whatever the stub's types are called.
func TestShadows(t *testing.T) {
	const schema = `{"properties":{"a":{"type":"array","items":{"type":"string"}},"b":{"$ref":"#/$defs/Issue"}},"required":["a"],
		"$defs":{"Issue":{"properties":{"Any":{"$ref":"#/$defs/Any"}}},"Any":{"properties":{"k":{}}}}}`
	tools := []bindery.Tool{tool("list", schema), tool("tool", schema), tool("_list", schema), tool("Issue", schema), tool("Any", schema)}
	got := python.File(form.Build(tools)[0], false)
	want := `from bindery import tool as _tool
from builtins import list as __list
from typing import Any as _Any, TypedDict

class Issue2(TypedDict, total=False):
    Any: Any2

class Any2(TypedDict, total=False):
    k: _Any

@_tool
def Any(*, a: __list[str], b: Issue2 = ...) -> _Any: ...

@_tool
def Issue(*, a: __list[str], b: Issue2 = ...) -> _Any: ...

@_tool
def _list(*, a: __list[str], b: Issue2 = ...) -> _Any: ...

@_tool
def list(*, a: __list[str], b: Issue2 = ...) -> _Any: ...

@_tool
def tool(*, a: __list[str], b: Issue2 = ...) -> _Any: ...
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A name that cannot be had is said, and the call that works instead.
func TestRefused(t *testing.T) {
	s := form.Build([]bindery.Tool{tool("a-b", `{}`), tool("a.b", `{}`)})[0]
	text := python.File(s, true)
	if want := `# tools["s"]["a-b"](**arguments): the tools "a-b" and "a.b" would all be called a_b`; !strings.Contains(text, want) {
		t.Errorf("no %s in\n%s", want, text)
	}
	if got := python.Line(s.Tools[0], form.MaxLine); got != `tools["s"]["a-b"](**arguments) -> Any` {
		t.Errorf("shown as %s", got)
	}
}

func TestIndex(t *testing.T) {
	tools := []bindery.Tool{tool("x", `{}`), tool("x", `{}`), tool("x", `{}`)}
	tools[0].ID.Server, tools[1].ID.Server = "a-b", "a.b"
	want := "# What a script finds without an import.\n" +
		"from bindery import ToolError as ToolError, data as data, tools as tools\n" +
		"import s as s\n"
	if diff := cmp.Diff(want, python.Index(form.Build(tools))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
