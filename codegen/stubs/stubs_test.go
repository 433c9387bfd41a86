package stubs_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/codegen/lock"
	"github.com/bindery-mcp/bindery/codegen/shape"
	"github.com/bindery-mcp/bindery/codegen/stubs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func tool(server, name string) bindery.Tool {
	return bindery.Tool{
		ID: bindery.ToolID{Server: server, Name: name}, Description: "Does | <b>" + name + "</b>.",
		Input: json.RawMessage(`{"type":"object"}`),
	}
}

func folder(t *testing.T, tools []bindery.Tool, o stubs.Options) (map[string]string, *stubs.Folder) {
	t.Helper()
	f, err := stubs.Make(tools, o)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, file := range f.Files {
		if _, twice := texts[file.Name]; twice || strings.ContainsAny(file.Name, `/\`) {
			t.Errorf("the file %q is written twice, or elsewhere", file.Name)
		}
		texts[file.Name] = file.Text
	}
	return texts, f
}

func seen(t *testing.T, value string) *shape.Shape {
	t.Helper()
	return shape.Of(shape.Answer{Source: shape.Structured, JSON: json.RawMessage(value)})
}

func TestNamesOfFiles(t *testing.T) {
	tools := []bindery.Tool{
		tool("bindery", "x"), tool("Index", "x"), tool("../up", "x"), tool("a-b", "x"), tool("a.b", "x"), tool("README", "x"), tool("json", "x"),
	}
	texts, _ := folder(t, tools, stubs.Options{Languages: []codegen.Language{codegen.TypeScript, codegen.Python}})
	for _, name := range []string{
		"bindery.d.ts", "server-bindery.d.ts", "index.d.ts", "server-Index.d.ts", "a-b.d.ts", "a.b.d.ts", "README.d.ts", "README.md",
		"bindery.pyi", "bindery_.pyi", "json_.pyi", "__builtins__.pyi", "tsconfig.json", "pyproject.toml", stubs.LockFile,
	} {
		if texts[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
}

// Asked for some servers, the folder keeps what it has of others, and without
// a server that is gone.
func TestServers(t *testing.T) {
	_, all := folder(t, []bindery.Tool{tool("a", "x"), tool("b", "x"), tool("c", "x")}, stubs.Options{})
	now := []bindery.Tool{tool("a", "y"), tool("b", "y")}
	texts, some := folder(t, now, stubs.Options{Before: all.Lock, Servers: []string{"a"}})
	if texts["a.d.ts"] == "" || texts["b.d.ts"] != "" || !strings.Contains(texts["index.d.ts"], `"b.d.ts"`) || len(some.Gone) > 0 {
		t.Errorf("asked for one server, it makes %v, and removes %v", texts, some.Gone)
	}
	if _, old := some.Lock.Servers["b"]["x"]; !old {
		t.Error("the lock of a server that was not asked for is not what it was")
	}
	_, whole := folder(t, now, stubs.Options{Before: all.Lock})
	if _, kept := folder(t, now, stubs.Options{Before: all.Lock, Unknown: []string{"c"}}); len(kept.Gone) > 0 || kept.Lock.Servers["c"] == nil {
		t.Errorf("of a server that is not known now it removes %v", kept.Gone)
	}
	if !slices.Equal(whole.Gone, []string{"c.d.ts"}) || len(whole.Lock.Servers) != 2 {
		t.Errorf("the files of a server that is gone: %v", whole.Gone)
	}
}

func TestObserved(t *testing.T) {
	tools := []bindery.Tool{tool("a", "x"), tool("b", "x")}
	shapes := map[string]*shape.Shape{"a": seen(t, `{"id":1,"name":"Ada Lovelace"}`)}
	of := func(id bindery.ToolID) *shape.Shape { return shapes[id.Server] }
	texts, _ := folder(t, tools, stubs.Options{Learned: of})
	if got := texts["a.d.ts"]; !strings.Contains(got, "{id: number; name: string}") || !strings.Contains(got, "1 call") {
		t.Errorf("what was seen is declared as\n%s", got)
	}
	file := texts[stubs.ObservedFile]
	if file == "" || strings.Contains(file, "Lovelace") {
		t.Errorf("what was seen is kept as %q", file)
	}
	kept, err := stubs.ParseObserved([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	// Where nothing was seen, and where the same was seen again, the folder
	// stays as it is.
	for name, o := range map[string]stubs.Options{"kept": {Observed: kept}, "again": {Observed: kept, Learned: of}} {
		again, _ := folder(t, tools, o)
		if again["a.d.ts"] != texts["a.d.ts"] || again[stubs.ObservedFile] != file {
			t.Errorf("%s: the folder changed to\n%s\n%s", name, again["a.d.ts"], again[stubs.ObservedFile])
		}
	}
	shapes["a"] = seen(t, `{"id":null}`)
	if more, _ := folder(t, tools, stubs.Options{Observed: kept, Learned: of}); !strings.Contains(more["a.d.ts"], "name?: string") {
		t.Errorf("what was seen since is declared as\n%s", more["a.d.ts"])
	}
	// A tool that changed is not the one that was seen.
	tools[0].Description = "Another."
	if other, _ := folder(t, tools, stubs.Options{Observed: kept}); strings.Contains(other["a.d.ts"], "name") || other[stubs.ObservedFile] != "" {
		t.Errorf("a tool that changed is declared as\n%s", other["a.d.ts"])
	}
}

func TestParseObservedRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		data string
		code bindery.Code
	}{
		"not JSON":        {"<<<<<<< HEAD", bindery.Invalid},
		"another version": {`{"version":9}`, bindery.Invalid},
		"no shape":        {`{"version":1,"servers":{"a":{"x":{"shape":{"v":77}}}}}`, bindery.Invalid},
		"too deep":        {strings.Repeat("[", 1000), bindery.Limit},
	} {
		if _, err := stubs.ParseObserved([]byte(tt.data)); bindery.CodeOf(err) != tt.code || bindery.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseObserved(f *testing.F) {
	f.Add([]byte(`{"version":1,"servers":{"a":{"x":{"digest":"d","shape":{"v":1,"n":[1,0,0,0,0],"t":{"k":"s"}}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := stubs.ParseObserved(data)
		if err == nil {
			if _, err := stubs.Make([]bindery.Tool{tool("a", "x")}, stubs.Options{Observed: o}); err != nil {
				t.Error(err)
			}
		}
	})
}

// The page shows what servers wrote, and nothing of it acts.
func TestReadme(t *testing.T) {
	texts, _ := folder(t, []bindery.Tool{tool("my|server", "get_it")}, stubs.Options{})
	page := texts["README.md"]
	for _, want := range []string{"## my\\|server", "| `get_it` | Does \\| \\<b\\>get\\_it\\</b\\> |", "| `my_server` | 1 |"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}

func TestSameBytes(t *testing.T) {
	tools := []bindery.Tool{tool("a", "x"), tool("a", "y"), tool("b", "x")}
	first, _ := folder(t, tools, stubs.Options{})
	slices.Reverse(tools)
	second, _ := folder(t, tools, stubs.Options{Before: lock.Of(tools)})
	for name, text := range first {
		if second[name] != text {
			t.Errorf("%s is not the same twice", name)
		}
	}
}
