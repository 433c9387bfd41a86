package form_test

import (
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// A name differs between the languages only where one of them has claimed it
// or cannot spell it.
func TestNames(t *testing.T) {
	tests := []struct{ server, name, typescript, python string }{
		{"github", "list_issues", "github.list_issues", "github.list_issues"},
		{"k8s-containers", "pods-list", "k8s_containers.pods_list", "k8s_containers.pods_list"},
		{"2fa", "3d", "_2fa._3d", "_2fa._3d"},
		{"$", "$get", "$.$get", "_._get"},
		{"class", "delete", "class_.delete", "class_.delete"},
		{"import", "import", "import_.import", "import_.import_"},
		{"None", "True", "None.True", "None_.True_"},
		{"match", "type", "match.type", "match.type"},
		{"time", "now", "time.now", "time_.now"},
		{"json", "parse", "json.parse", "json_.parse"},
		{"filter", "list", "filter.list", "filter_.list"},
		{"Math", "then", "Math_.then_", "Math.then"},
		{"fetch", "fetch", "fetch_.fetch", "fetch.fetch"},
		{"odd", "__proto__", "odd.__proto___", "odd.__proto___"},
		{"odd", "__init__", "odd.__init__", "odd.__init___"},
		{"tools", "data", "tools_.data", "tools_.data"},
	}
	for _, tt := range tests {
		s := form.Build([]bindery.Tool{tool(tt.server, tt.name, `{}`)})[0]
		for l, want := range map[form.Language]string{form.TypeScript: tt.typescript, form.Python: tt.python} {
			if got := s.In(l).Ident + "." + s.Tools[0].In(l).Ident; got != want {
				t.Errorf("%q, %q in language %d: got %s, want %s", tt.server, tt.name, l, got, want)
			}
		}
	}
}

// Names that collide in one language only are refused in that one only.
func TestCollisionsOfOneLanguage(t *testing.T) {
	s := form.Build([]bindery.Tool{tool("s", "$a", `{}`), tool("s", "_a", `{}`)})[0]
	for _, f := range s.Tools {
		if f.In(form.TypeScript).Ident != f.ID.Name {
			t.Errorf("%s is %q in TypeScript", f.ID, f.In(form.TypeScript).Ident)
		}
		if name := f.In(form.Python); name.Ident != "" || !strings.Contains(name.Refused, `"$a"`) || !strings.Contains(name.Refused, `"_a"`) {
			t.Errorf("%s is %q in Python, refused because %q", f.ID, name.Ident, name.Refused)
		}
		if !f.Callable(form.TypeScript) || f.Callable(form.Python) {
			t.Errorf("%s: callable in the wrong language", f.ID)
		}
	}
}

func TestObserving(t *testing.T) {
	says := tool("s", "says", `{}`)
	says.Output = []byte(`{"type":"string"}`)
	s := form.Build([]bindery.Tool{says, tool("s", "does_not", `{}`)})[0]
	seen := &form.Observed{Type: &schema.Type{Kind: schema.Number}, Calls: 3}
	with := s.Observing(func(bindery.ToolID) *form.Observed { return seen })
	for _, f := range with.Tools {
		result, observed := f.Result()
		if want := f.ID.Name == "does_not"; observed != want || result.Kind == schema.Number != want {
			t.Errorf("%s: observed is %t, the type %v", f.ID, observed, result.Kind)
		}
	}
	if result, _ := s.Tools[0].Result(); result != nil {
		t.Error("the tools themselves were changed")
	}
	if text := with.Tools[0].Document(); !strings.Contains(text, "3 calls") {
		t.Errorf("described as %q", text)
	}
	if text := with.Tools[0].LineComment(); text != "result seen in 3 calls" {
		t.Errorf("the line says %q", text)
	}
}

// A default of the moment would make tomorrow's stub another one.
func TestDefaultTime(t *testing.T) {
	s := form.Build([]bindery.Tool{tool("s", "x", `{"properties":{
		"from":{"type":"string","default":"2026-10-23T07:54:46.410Z"},"n":{"type":"integer","default":7}}}`)})[0]
	from, n := s.Tools[0].Input.Root.Props[0].Type, s.Tools[0].Input.Root.Props[1].Type
	if got := form.Document(from, 100); got != "(default a time)" {
		t.Errorf("a default of the moment is documented as %s", got)
	}
	if got := form.Document(n, 100); got != "(integer, default 7)" {
		t.Errorf("a plain default is documented as %s", got)
	}
}

func TestQuote(t *testing.T) {
	tests := []struct{ text, want string }{
		{`a"b\c`, `"a\"b\\c"`},
		{"line\nbreak\u2028", `"line\nbreak\u2028"`},
		{"\u202e\U000e0041", `"\u202e\udb40\udc41"`},
		{"日本", `"日本"`},
	}
	for _, tt := range tests {
		if got := form.Quote(tt.text); got != tt.want {
			t.Errorf("Quote(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}
