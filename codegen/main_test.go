package codegen_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/codegen/shape"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// catalogue returns the tools of testdata/tools: tools/list answers of real
// servers, some of them only the tools with the least usual schemas.
func catalogue(t testing.TB) []bindery.Tool {
	t.Helper()
	files, err := filepath.Glob("testdata/tools/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogue: %v", err)
	}
	var tools []bindery.Tool
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list struct {
			Tools []struct {
				Name, Title, Description  string
				InputSchema, OutputSchema json.RawMessage
				Annotations               bindery.Hints
			}
		}
		if err := json.Unmarshal(b, &list); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		server := strings.TrimSuffix(filepath.Base(file), ".json")
		for _, x := range list.Tools {
			tools = append(tools, bindery.Tool{
				ID: bindery.ToolID{Server: server, Name: x.Name}, Title: x.Title, Description: x.Description,
				Input: x.InputSchema, Output: x.OutputSchema, Hints: x.Annotations,
			})
		}
	}
	return tools
}

// observed returns what was seen of results: of two calls of odd.then.
func observed(t testing.TB) func(bindery.ToolID) *codegen.Observed {
	t.Helper()
	answer := func(text string) *shape.Shape {
		return shape.Of(shape.Answer{Source: shape.JSONText, JSON: json.RawMessage(text)})
	}
	seen := shape.Merge(
		answer(`{"items":[{"title":"a","owner":"o","labels":[{"name":"l"}]},{"owner":null,"labels":[]}],
			"byId":{"7f3a99e0":{"size":1},"81bb02c4":{"size":2}},"next":null}`),
		answer(`{"items":[],"byId":{},"next":{"page":2}}`),
	)
	return func(id bindery.ToolID) *codegen.Observed {
		if id.Server == "odd" && id.Name == "then" {
			return codegen.ObservedShape(seen)
		}
		return nil
	}
}

// tool returns a tool with nothing but a name and an input schema.
func tool(server, name, input string) bindery.Tool {
	return bindery.Tool{ID: bindery.ToolID{Server: server, Name: name}, Input: json.RawMessage(input)}
}

// one compiles a single tool and returns its description.
func one(t testing.TB, tools ...bindery.Tool) (*codegen.Module, string) {
	t.Helper()
	m := codegen.Compile(tools)
	text, err := m.Describe(tools[0].ID.String(), codegen.TypeScript)
	if err != nil {
		t.Fatal(err)
	}
	return m, text
}
