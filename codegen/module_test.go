package codegen_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	dumps "github.com/bindery-mcp/bindery/benchmarks/catalogue"
	"github.com/bindery-mcp/bindery/codegen"
)

func TestDescribe(t *testing.T) {
	m := codegen.Compile(append(catalogue(t), awkward()...))
	tests := []struct{ name, want string }{
		{"filesystem.read_text_file", "filesystem.read_text_file({"},
		{"github_legacy.create_issue", "github_legacy.create_issue({"},
		{"github-legacy.create_issue", "github_legacy.create_issue({"},
		{"notion.API-get-self", "notion.API_get_self()"},
		{"notion.API_get_self", "notion.API_get_self()"},
		{"browser_click", "playwright.browser_click({"},
		{" await playwright.browser_click() ", "playwright.browser_click({"},
		{`tools["two faces"]["a.b"]`, `tools["two faces"]["a.b"]()`},
		{`tools["odd"]["then"]`, "odd.then_("},
		{"todoist.get_overview", "type Schema0 = {"},
		{"memory", "memory has 9 tools: add_observations, "},
		{"two faces", `two_faces has 2 tools: "a-b", "a.b"`},
		{"a-b", `tools["a-b"] has 1 tool: x`},
	}
	for _, tt := range tests {
		got, err := m.Describe(tt.name, codegen.TypeScript)
		if err != nil || !strings.Contains(got, tt.want) {
			t.Errorf("Describe(%q) = %v, %s\nwant %s", tt.name, err, got, tt.want)
		}
	}
}

func TestDescribeUnknown(t *testing.T) {
	m := codegen.Compile(append(catalogue(t), awkward()...))
	tests := []struct{ name, text, hint string }{
		{"github_legacy.createIssue", "has no such tool", "did you mean github_legacy.create_issue?"},
		{"filesystem.read_txt_file", "has no such tool", "did you mean filesystem.read_text_file?"},
		{"filesistem.read_text_file", "no such tool or server", "did you mean filesystem.read_text_file?"},
		{"filesistem.frobnicate", "no such tool or server", "did you mean the server filesystem?"},
		{"weather", "no such tool or server", "tools.search"},
		{"x", "several servers", `tools["a-b"]["x"], tools["a.b"]["x"]`},
		{strings.Repeat("x", 1000), "no such", "tools.search"},
	}
	for _, tt := range tests {
		_, err := m.Describe(tt.name, codegen.TypeScript)
		if bindery.CodeOf(err) != bindery.NotFound || !strings.Contains(err.Error(), tt.text) || !strings.Contains(bindery.HintOf(err), tt.hint) {
			t.Errorf("Describe(%q): %v (%v; %s), want %s (%s)", tt.name, err, bindery.CodeOf(err), bindery.HintOf(err), tt.text, tt.hint)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	}
}

func TestCheck(t *testing.T) {
	m := codegen.Compile(catalogue(t))
	tests := []struct{ server, tool, args, text, hint string }{
		{"filesystem", "read_text_file", `{"path":"a"}`, "", ""},
		{"filesystem", "list_allowed_directories", ``, "", ""},
		{"github-legacy", "create_issue", `{"owner":"o","repo":"r","title":1,"labels":["a",{}]}`,
			`call github_legacy.create_issue: title: expected string, got number 1; labels[1]: expected string, got object {}`,
			"github_legacy.create_issue({owner: string, repo: string, title: string"},
		{"github-legacy", "create_issue", `"title"`, `call github_legacy.create_issue: the arguments: expected object, got string "title"`, "create_issue("},
		{"github-legacy", "list_issues", `{"owner":"o","repo":"r","state":"opened"}`, `(did you mean "open"?)`, "list_issues("},
		{"filesystem", "read_text_file", `{"pat":"a"}`, `path: expected string, got nothing (the property "pat" is not known`, "read_text_file("},
		{"postman", "searchPostmanElements", `{"limit":"5"}`, `limit: expected integer, got string "5"`, "searchPostmanElements("},
	}
	for _, tt := range tests {
		var args json.RawMessage
		if tt.args != "" {
			args = json.RawMessage(tt.args)
		}
		err := m.Check(bindery.ToolID{Server: tt.server, Name: tt.tool}, codegen.TypeScript, args)
		if tt.text == "" {
			if err != nil {
				t.Errorf("%s(%s): %v", tt.tool, tt.args, err)
			}
			continue
		}
		var e *bindery.Error
		if !errors.As(err, &e) || e.Code != bindery.Invalid || !strings.Contains(e.Error(), tt.text) || !strings.Contains(e.Hint, tt.hint) {
			t.Errorf("%s(%s):\n got %v (%s)\nwant %s (%s)", tt.tool, tt.args, err, bindery.HintOf(err), tt.text, tt.hint)
		}
	}
	anything, _ := one(t, tool("s", "x", `{}`))
	if err := anything.Check(bindery.ToolID{Server: "s", Name: "x"}, codegen.TypeScript, json.RawMessage(` [1]`)); bindery.CodeOf(err) != bindery.Invalid {
		t.Errorf("arguments that are an array: %v", err)
	}
	err := m.Check(bindery.ToolID{Server: "filesystem", Name: "readTextFile"}, codegen.TypeScript, nil)
	if bindery.CodeOf(err) != bindery.NotFound || bindery.HintOf(err) != "did you mean filesystem.read_text_file?" {
		t.Errorf("unknown tool: %v (%s)", err, bindery.HintOf(err))
	}
	many := strings.TrimSuffix(strings.Repeat(`1,`, 1000), ",")
	err = m.Check(bindery.ToolID{Server: "filesystem", Name: "read_multiple_files"}, codegen.TypeScript, json.RawMessage(`{"paths":[`+many+`]}`))
	if err == nil || !strings.Contains(err.Error(), "and 12 more") || len(err.Error()) > 2000 {
		t.Errorf("many problems: %v", err)
	}
}

func TestHostileSchemas(t *testing.T) {
	var defs, props []string
	for i := range 40 {
		defs = append(defs, fmt.Sprintf(`"d%d":{"type":"object","properties":{"a":{"$ref":"#/$defs/d%d"},"b":{"$ref":"#/$defs/d%d"}}}`, i, i+1, i+1))
	}
	for i := range 20_000 {
		props = append(props, fmt.Sprintf(`"a long name of a property number %d":{"type":"string","description":"d"}`, i))
	}
	doubling := `{"$ref":"#/$defs/d0","$defs":{` + strings.Join(defs, ",") + `,"d40":{"type":"string"}}}`
	schemas := map[string]string{
		"doubling":  doubling,
		"wide":      `{"type":"object","properties":{` + strings.Join(props, ",") + `}}`,
		"deep":      strings.Repeat(`{"properties":{"a":`, 60) + `{}` + strings.Repeat(`}}`, 60),
		"unions":    strings.Repeat(`{"anyOf":[{"type":"null"},{"type":"array","items":`, 40) + `{}` + strings.Repeat(`}]}`, 40),
		"long name": `{"properties":{"` + strings.Repeat("n", 500_000) + `":{"enum":["` + strings.Repeat("v", 400_000) + `"]}}}`,
	}
	for name, text := range schemas {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			x := tool("s", "x", text)
			x.Output = json.RawMessage(text)
			m, full := one(t, x)
			lines := m.Declarations("s", codegen.TypeScript, codegen.Line)
			file := m.Declarations("s", codegen.TypeScript, codegen.Full)
			err := m.Check(x.ID, codegen.TypeScript, json.RawMessage(`{"a":{"b":{"a":5}}}`))
			// A hundred times what it takes.
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v (%v)", took, err)
			}
			if len(lines) > 8000 || len(full) > 1<<20 || len(file) > 1<<20 {
				t.Errorf("a line of %d bytes, a description of %d, a file of %d", len(lines), len(full), len(file))
			}
		})
	}
}

func TestConcurrentUse(t *testing.T) {
	m := codegen.Compile(catalogue(t))
	want := m.Declarations("notion", codegen.TypeScript, codegen.Full) + m.Search(codegen.Query{Text: "page"}).String()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := m.Declarations("notion", codegen.TypeScript, codegen.Full) + m.Search(codegen.Query{Text: "page"}).String(); got != want {
				t.Error("two readers see two modules")
			}
			if err := m.Check(bindery.ToolID{Server: "notion", Name: "API-get-self"}, codegen.TypeScript, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestDigest(t *testing.T) {
	base := tool("s", "x", `{"type":"object"}`)
	digest := func(change func(*bindery.Tool)) string {
		x := base
		change(&x)
		return codegen.Compile([]bindery.Tool{x}).Digest()
	}
	same := digest(func(*bindery.Tool) {})
	yes := true
	changes := map[string]func(*bindery.Tool){
		"name":        func(x *bindery.Tool) { x.ID.Name = "y" },
		"server":      func(x *bindery.Tool) { x.ID.Server = "t" },
		"title":       func(x *bindery.Tool) { x.Title = "T" },
		"description": func(x *bindery.Tool) { x.Description = "T" },
		"input":       func(x *bindery.Tool) { x.Input = json.RawMessage(`{"type":"object" }`) },
		"output":      func(x *bindery.Tool) { x.Output = json.RawMessage(`{}`) },
		"hints":       func(x *bindery.Tool) { x.Hints.ReadOnly = &yes },
	}
	for what, change := range changes {
		if digest(change) == same {
			t.Errorf("a change of the %s does not change the digest", what)
		}
	}
}

// everything returns the tools of 67 real servers.
func everything(b *testing.B) []bindery.Tool {
	b.Helper()
	tools, err := dumps.Tools()
	if err != nil {
		b.Fatal(err)
	}
	return tools
}

func BenchmarkCompile(b *testing.B) {
	tools := everything(b)
	b.ReportMetric(float64(len(tools)), "tools")
	for b.Loop() {
		codegen.Compile(tools)
	}
}

func BenchmarkRender(b *testing.B) {
	m := codegen.Compile(everything(b))
	for _, l := range languages() {
		for _, d := range []codegen.Detail{codegen.Line, codegen.Full} {
			b.Run(fmt.Sprintf("%s/%v", []string{"TypeScript", "Python"}[l], d), func(b *testing.B) {
				for b.Loop() {
					for _, s := range m.Servers() {
						m.Declarations(s.Name, l, d)
					}
				}
			})
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	m := codegen.Compile(everything(b))
	queries := []string{
		"create an issue in a repository", "screnshot of the page", "list the rows of a table in postgres",
		"what changed in the repository since yesterday", "send message",
	}
	i := 0
	for b.Loop() {
		m.Search(codegen.Query{Text: queries[i%len(queries)]})
		i++
	}
}

func BenchmarkCheck(b *testing.B) {
	m := codegen.Compile(catalogue(b))
	id := bindery.ToolID{Server: "github-legacy", Name: "create_issue"}
	args := json.RawMessage(`{"owner":"o","repo":"r","title":"t","labels":["a","b"]}`)
	for b.Loop() {
		if err := m.Check(id, codegen.TypeScript, args); err != nil {
			b.Fatal(err)
		}
	}
}
