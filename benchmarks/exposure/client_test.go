package exposure

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The figures are of the requests that Codex CLI 0.169.0 made with the same
// versions of these servers. everything is not among them: it shows Codex two
// tools more than it showed when the catalogue was made.
func TestTrimmedIsWhatCodexSends(t *testing.T) {
	t.Parallel()
	sent := map[string]int{"notion": 5124, "playwright": 3514, "filesystem": 1562, "memory": 848, "sequential-thinking": 833}
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	servers, err := catalogue.Servers()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range servers {
		want, ok := sent[s.ID]
		if !ok {
			continue
		}
		text, err := encoded(trimmedNamespace(s.ID, "", s.Tools, false))
		if err != nil {
			t.Fatal(err)
		}
		got, err := counter.Count(text)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(float64(got)/float64(want)-1) > 0.02 {
			t.Errorf("%s takes %d tokens; Codex sent %d", s.ID, got, want)
		}
	}
}

// As an entry of ALL_TOOLS had it.
func TestDeclarationIsWhatCodexWrites(t *testing.T) {
	t.Parallel()
	tool := bindery.Tool{
		ID: bindery.ToolID{Server: "memory", Name: "add-observations"}, Description: "Add new observations to existing entities in the knowledge graph",
		Input: json.RawMessage(`{"type":"object","properties":{"observations":{"type":"array","items":{"type":"object","properties":{
			"entityName":{"type":"string","description":"The name of the entity to add the observations to"},
			"contents":{"type":"array","items":{"type":"string"},"description":"An array of observation contents to add"}},
			"required":["entityName","contents"]}}},"required":["observations"],"additionalProperties":false}`),
		Output: json.RawMessage(`{"type":"object","properties":{"results":{"type":"array","items":{"type":"object","properties":{
			"entityName":{"type":"string"},"addedObservations":{"type":"array","items":{"type":"string"}}},"required":["entityName","addedObservations"]}}},"required":["results"]}`),
	}
	want := "Add new observations to existing entities in the knowledge graph\n\nexec tool declaration:\n```ts\n" +
		`declare const tools: { mcp__memory__add_observations(args: { observations: Array<{
  // An array of observation contents to add
  contents: Array<string>;
  // The name of the entity to add the observations to
  entityName: string;
}>; }): Promise<CallToolResult<{ results: Array<{ addedObservations: Array<string>; entityName: string; }>; }>>; };` + "\n```"
	if got := declaration(tool, ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := declaration(tool, "Ask nicely."); !strings.Contains(got, "graph\n\nAsk nicely.\n\nexec") {
		t.Errorf("what the server says of itself is not in %s", got)
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	got := listing([]backends.Server{{Name: "every-thing", Instructions: "\n# Everything\nMore."}, {Name: "memory"}})
	want := "<tools>\nDeferred tool namespaces:\n- mcp__every_thing: # Everything\n- mcp__memory\n</tools>"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := listing(nil); got != "" {
		t.Errorf("no servers are listed as %q", got)
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		``:                            "unknown",
		`true`:                        "unknown",
		`{"type":"object"}`:           "{ [key: string]: unknown; }",
		`{"type":["integer","null"]}`: "number | null",
		`{"enum":["a",1]}`:            `"a" | 1`,
		`{"const":false}`:             "false",
		`{"type":"array"}`:            "unknown[]",
		`{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"boolean"}}]}`:                            "string | Array<boolean>",
		`{"properties":{"a-b":{"type":"string"}},"additionalProperties":{"type":"number"},"required":["a-b"]}`: `{ "a-b": string; [key: string]: number; }`,
		`{"$ref":"#/$defs/x","$defs":{"x":{"type":"object","properties":{"x":{"$ref":"#/$defs/x"}}}}}`:         "{ x?: { x?: unknown; }; }",
		`{"$ref":"https://example.com/x"}`:                               "unknown",
		`{"type":"object","properties":{},"additionalProperties":false}`: "{}",
	} {
		if got := typeOf(json.RawMessage(schema)); got != want {
			t.Errorf("%s is %s, want %s", schema, got, want)
		}
	}
}

func TestTrimmedSchemas(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		``:                  `{"type":"object","properties":{}}`,
		`[]`:                `{"type":"object","properties":{}}`,
		`{"type":"object"}`: `{"properties":{},"type":"object"}`,
		`{"$schema":"x","type":"object","properties":{"n":{"type":"integer","minimum":1,"default":2,"description":"<n>"},"k":{"const":"v"}},"title":"T"}`: `{"properties":{"k":{"enum":["v"]},"n":{"description":"<n>","type":"integer"}},"type":"object"}`,
		`{"$ref":"#/$defs/a","$defs":{"a":{"items":{"$ref":"#/$defs/b"}},"b":{"type":"string"},"c":{"type":"string"}}}`:                                   `{"$defs":{"a":{"items":{"$ref":"#/$defs/b"}},"b":{"type":"string"}},"$ref":"#/$defs/a"}`,
	} {
		if got := string(trimmed(json.RawMessage(schema))); got != want {
			t.Errorf("%s is trimmed to %s, want %s", schema, got, want)
		}
	}
}

// Schemas come from servers: whatever they are, reading them ends, and what is
// made of them is bounded.
func FuzzSchemas(f *testing.F) {
	f.Add([]byte(`{"$ref":"#","properties":{"a":{"$ref":"#"},"b":{"$ref":"#"}}}`))
	f.Add([]byte(`{"allOf":[{"$ref":"#/allOf/0"},{"$ref":"#/allOf/1"},{"$ref":"#"}]}`))
	f.Add([]byte(`{"type":"object","properties":{"x":{"enum":[1,"two",null]}},"required":[1]}`))
	f.Add([]byte(strings.Repeat(`{"items":`, 200) + `{}` + strings.Repeat(`}`, 200)))
	f.Fuzz(func(t *testing.T, schema []byte) {
		if len(schema) > 4096 {
			t.Skip()
		}
		if text := typeOf(schema); len(text) > 4*maxDeclaration+32*len(schema) {
			t.Errorf("%d bytes of schema became a type of %d", len(schema), len(text))
		}
		if text := trimmed(schema); !json.Valid(text) {
			t.Errorf("%q is trimmed to %q", schema, text)
		}
	})
}
