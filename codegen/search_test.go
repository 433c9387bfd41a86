package codegen_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
)

func TestSearchRanks(t *testing.T) {
	m := codegen.Compile(catalogue(t))
	tests := []struct{ text, server, first string }{
		{"create issue", "", "github_legacy.create_issue"},
		{"list issues in a github repository", "", "github_legacy.list_issues"},
		{"issues list", "", "github_legacy.list_issues"},
		{"createIssue", "", "github_legacy.create_issue"},
		{"github_legacy.get_issue", "", "github_legacy.get_issue"},
		{"github-legacy get issue", "", "github_legacy.get_issue"},
		{"pull request files", "", "github_legacy.get_pull_request_files"},
		{"search repo", "", "github_legacy.search_repositories"},
		{"read a text file", "", "filesystem.read_text_file"},
		{"read multiple files", "", "filesystem.read_multiple_files"},
		{"take a screenshot", "", "playwright.browser_take_screenshot"},
		{"navigate", "", "playwright.browser_navigate"},
		{"git log", "", "git.git_log"},
		{"create page", "notion", "notion.API_post_page"},
		{"list notion users", "", "notion.API_get_users"},
		{"delete entities", "", "memory.delete_entities"},
		{"find tasks", "todoist", "todoist.find_tasks"},
	}
	for _, tt := range tests {
		h := m.Search(codegen.Query{Text: tt.text, Server: tt.server, Detail: codegen.Name, Limit: 3})
		if h.N == 0 || !strings.HasPrefix(h.Lines[0]+" ", tt.first+" ") {
			t.Errorf("%q: want %s first, got\n%v", tt.text, tt.first, h)
		}
	}
}

// A server that the query names comes first, ahead of whoever else speaks of
// it, but not with tools that have nothing to do with the rest of the query.
func TestSearchNamesServer(t *testing.T) {
	about := func(server, name, description string) bindery.Tool {
		x := tool(server, name, `{}`)
		x.Description = description
		return x
	}
	m := codegen.Compile([]bindery.Tool{
		about("github", "list_repository_issues_of_a_project_with_labels_and_states", "Gives a list."),
		about("github", "create_branch", "Makes a branch."),
		about("importer", "github_issues", "Imports GitHub issues. "),
		about("importer", "github_issue", "Imports a GitHub issue."),
		about("OddName", "list", "Any."),
		about("two words", "issues_of_others", "Others."),
	})
	tests := []struct{ text, want string }{
		{"github list issues", "github.list_repository importer. importer. OddName."},
		{"issues in GitHub", "github.list_repository importer. importer."},
		{"github", "github.create_branch github.list_repository importer.github_issue"},
		{"list of issues, OddName", "OddName.list"},
		{"list of issues, oddname", "OddName.list"},
		{"two words issues", "two_words.issues_of_others"},
		{"github issues", "importer.github_issues"}, // a tool of exactly that name
		{"importer.github_issues", "importer.github_issues"},
	}
	for _, tt := range tests {
		h := m.Search(codegen.Query{Text: tt.text, Detail: codegen.Name})
		for i, want := range strings.Fields(tt.want) {
			if i >= h.N || !strings.HasPrefix(h.Lines[i], want) {
				t.Errorf("%q: want %s, got\n%v", tt.text, tt.want, h)
				break
			}
		}
	}
}

func TestSearchIsBounded(t *testing.T) {
	var tools []bindery.Tool
	for i := range 700 {
		x := tool("s", fmt.Sprintf("tool_%03d", i), `{"type":"object","properties":{"a":{"type":"string","description":"`+strings.Repeat("word ", 200)+`"}}}`)
		x.Description = strings.Repeat("A long text. ", 100)
		tools = append(tools, x)
	}
	m := codegen.Compile(tools)
	for d, most := range map[codegen.Detail]int{codegen.Name: 500, codegen.Line: 50, codegen.Full: 50} {
		h := m.Search(codegen.Query{Text: "tool", Limit: 1_000_000, Detail: d})
		if h.N != len(h.Lines) || h.N == 0 || h.N > most || h.Total != len(tools) || len(h.String()) > 66<<10 {
			t.Errorf("%v: %d of %d tools in %d lines of %d bytes", d, h.N, h.Total, len(h.Lines), len(h.String()))
		}
	}
	tools[0].Input = []byte(`{"type":"object","properties":{"` + strings.Repeat("n", 100_000) + `":{}}}`)
	m = codegen.Compile(tools)
	if h := m.Search(codegen.Query{Text: "tool_000", Detail: codegen.Full}); h.N != 1 || len(h.Lines) != 1 {
		t.Errorf("a first tool over the limit: %d of %d", h.N, h.Total)
	}
}

func TestSearchReplies(t *testing.T) {
	m := codegen.Compile(catalogue(t))
	h := m.Search(codegen.Query{Text: "add comment to issue", Limit: 1})
	want := "github_legacy.add_issue_comment({owner: string, repo: string, issue_number: number, body: string}): unknown // Add a comment to an existing issue"
	if h.N != 1 || h.Total <= 1 || h.Lines[0] != want {
		t.Errorf("got %v", h)
	}
	if first, _, _ := strings.Cut(h.String(), "\n"); !strings.HasPrefix(first, "1 of ") || !strings.HasSuffix(first, " tools:") {
		t.Errorf("the reply begins with %q", first)
	}
	if h := m.Search(codegen.Query{Text: "issue", Server: "github_legacy", Detail: codegen.Full, Limit: 1}); !strings.Contains(h.Lines[0], "/**") {
		t.Errorf("full detail is %v", h)
	}
	if h := m.Search(codegen.Query{Server: "memory", Limit: 1000, Detail: codegen.Name}); h.N != 9 || h.Total != 9 {
		t.Errorf("all tools of a server: %v", h)
	}
	if h := m.Search(codegen.Query{}); h.N != 5 || h.Total != len(catalogue(t)) {
		t.Errorf("no words at all: %v", h)
	}
	if h := m.Search(codegen.Query{Text: "qwxzy"}); h.N != 0 || !strings.Contains(h.String(), "github_legacy (26)") {
		t.Errorf("nothing found: %v", h)
	}
	if h := m.Search(codegen.Query{Text: "x", Server: "filesistem"}); h.N != 0 || !strings.Contains(h.String(), `Did you mean "filesystem"?`) {
		t.Errorf("no such server: %v", h)
	}
	if h := codegen.Compile(nil).Search(codegen.Query{Text: "a"}); h.String() != "no tools found. There are no servers." {
		t.Errorf("an empty module: %v", h)
	}
	// Every word of a very long query is bounded in number, not an error.
	m.Search(codegen.Query{Text: strings.Repeat("word ", 100_000)})
}

func TestParseDetail(t *testing.T) {
	for _, d := range []codegen.Detail{codegen.Line, codegen.Name, codegen.Full} {
		if got, ok := codegen.ParseDetail(d.String()); got != d || !ok {
			t.Errorf("ParseDetail(%q) = %v, %t", d.String(), got, ok)
		}
	}
	if d, ok := codegen.ParseDetail(""); d != codegen.Line || !ok {
		t.Error("no detail is not a line")
	}
	if _, ok := codegen.ParseDetail("everything"); ok {
		t.Error("a detail that does not exist was accepted")
	}
}
