package gateway_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/gateway"
)

// budget is the whole tax of the gateway, in o200k tokens: the name, the
// description and the schema of execute_code, and the server's instructions.
const budget = 320

func TestDefinitionFitsItsBudget(t *testing.T) {
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	popular := []string{"playwright", "chrome-devtools", "context7", "filesystem", "sequential-thinking",
		"azure-devops", "github-legacy", "memory", "postgres", "azure"}
	r := rand.New(rand.NewPCG(1, 2))
	random := func(letters string, n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
	const lower, mixed = "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
	cases := map[string][]string{"popular": popular, "none": nil, "one": {"github"}}
	for i := range 60 {
		var low, mix, short []string
		for range 10 {
			low = append(low, random(lower, 64))
			mix = append(mix, random(mixed, 64))
			short = append(short, random(mixed, 3+r.IntN(9)))
		}
		cases[fmt.Sprint("lower", i)], cases[fmt.Sprint("mixed", i)], cases[fmt.Sprint("short", i)] = low, mix, short
	}
	for i := range 200 {
		cases["many"] = append(cases["many"], fmt.Sprintf("server%d", i))
	}
	for name, servers := range cases {
		d := define(t, servers, 1000)
		n, err := counter.Count(d.Name, d.Description, d.InputSchema, d.Instructions)
		if err != nil {
			t.Fatal(err)
		}
		if n > budget {
			t.Errorf("%s: %d tokens, budget %d:\n%s\n%s", name, n, budget, d.Description, d.Instructions)
		}
		if name == "popular" {
			t.Logf("ten popular servers: %d tokens\n%s\n%s", n, d.Description, d.Instructions)
			for _, s := range servers {
				if !strings.Contains(d.Description, s) {
					t.Errorf("the description leaves out %s", s)
				}
			}
		}
	}
}

// A small catalogue is in the description whole where the configuration gives
// it the room, and never in part.
func TestInlinedStubsKeepTheirBudget(t *testing.T) {
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	var tools []bindery.Tool
	for i := range 12 {
		tools = append(tools, bindery.Tool{
			ID: bindery.ToolID{Server: "tracker", Name: fmt.Sprint("list_issues_", i)}, Description: "List issues.",
			Input: []byte(`{"type":"object","properties":{"owner":{"type":"string"},"state":{"enum":["open","closed"]}},"required":["owner"]}`),
		})
	}
	cat := &backends.Catalogue{Version: 1, Servers: []backends.Server{{Name: "tracker", State: backends.Ready, Tools: tools}}}
	for _, tc := range []struct {
		budget int
		want   bool
	}{{0, false}, {100, false}, {1000, true}} {
		g := gateway.New(gateway.Options{Tools: still{cat: cat}, InlineTokens: tc.budget})
		d := g.Definition(gateway.Anonymous()).Description
		g.Close(t.Context())
		for i := range tools {
			if got := strings.Contains(d, fmt.Sprintf("tracker.list_issues_%d({owner: string, state?: \"open\" | \"closed\"})", i)); got != tc.want {
				t.Errorf("budget %d: tool %d inlined: %v\n%s", tc.budget, i, got, d)
			}
		}
		if n, err := counter.Count(d); err != nil || n > budget+tc.budget {
			t.Errorf("budget %d: description of %d tokens, %v", tc.budget, n, err)
		}
	}
}

// define returns the definition of a gateway in front of the servers.
func define(t *testing.T, servers []string, tools int) gateway.Definition {
	t.Helper()
	cat := &backends.Catalogue{Version: 1}
	for _, name := range servers {
		s := backends.Server{Name: name, State: backends.Ready}
		if len(servers) <= 10 {
			for i := range min(tools, 3) {
				s.Tools = append(s.Tools, bindery.Tool{ID: bindery.ToolID{Server: name, Name: fmt.Sprint("tool", i)}, Description: strings.Repeat("Long text. ", 100)})
			}
		}
		cat.Servers = append(cat.Servers, s)
	}
	g := gateway.New(gateway.Options{Tools: still{cat: cat}, Engine: nil, Python: true})
	defer g.Close(t.Context())
	return g.Definition(gateway.Anonymous())
}

// still is a catalogue that never changes.
type still struct {
	gateway.Tools
	cat *backends.Catalogue
}

func (s still) Catalogue() *backends.Catalogue { return s.cat }
func (s still) Changed() <-chan struct{}       { return nil }
