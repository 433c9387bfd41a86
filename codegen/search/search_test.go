package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/codegen/search"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// find returns the tools found for a query, as server.tool.
func find(docs []search.Document, text string, within func(int) bool) []string {
	var found []string
	for _, d := range search.New(docs).Find(text, within) {
		found = append(found, docs[d].Server+"."+docs[d].Name)
	}
	return found
}

func TestFindRanks(t *testing.T) {
	_, docs := tools(t, "cloudbase", "everything", "filesystem", "git", "github-legacy", "memory", "monday", "notion",
		"openapi", "playwright", "postman", "todoist")
	tests := []struct{ text, server, first string }{
		{"create issue", "", "github-legacy.create_issue"},
		{"list issues in a github repository", "", "github-legacy.list_issues"},
		{"issues list", "", "github-legacy.list_issues"},
		{"createIssue", "", "github-legacy.create_issue"},
		{"github_legacy.get_issue", "", "github-legacy.get_issue"},
		{"github-legacy get issue", "", "github-legacy.get_issue"},
		{"pull request files", "", "github-legacy.get_pull_request_files"},
		{"search repo", "", "github-legacy.search_repositories"},
		{"read a text file", "", "filesystem.read_text_file"},
		{"read multiple files", "", "filesystem.read_multiple_files"},
		{"take a screenshot", "", "playwright.browser_take_screenshot"},
		{"navigate", "", "playwright.browser_navigate"},
		{"git log", "", "git.git_log"},
		{"create page", "notion", "notion.API-post-page"},
		{"list notion users", "", "notion.API-get-users"},
		{"delete entities", "", "memory.delete_entities"},
		{"find tasks", "todoist", "todoist.find-tasks"},
	}
	for _, tt := range tests {
		found := find(docs, tt.text, func(d int) bool { return tt.server == "" || docs[d].Server == tt.server })
		if len(found) == 0 || found[0] != tt.first {
			t.Errorf("%q: want %s first, got %v", tt.text, tt.first, found[:min(len(found), 5)])
		}
	}
}

// A server that the query names comes first, ahead of whoever else speaks of
// it, but not with tools that have nothing to do with the rest of the query.
func TestFindNamesServer(t *testing.T) {
	docs := []search.Document{
		{Server: "github", Name: "create_branch", Summary: "Makes a branch"},
		{Server: "github", Name: "list_repository_issues_of_a_project_with_labels_and_states", Summary: "Gives a list"},
		{Server: "importer", Name: "github_issue", Summary: "Imports a GitHub issue"},
		{Server: "importer", Name: "github_issues", Summary: "Imports GitHub issues"},
		{Server: "OddName", Name: "list", Summary: "Any"},
		{Server: "two words", Name: "issues_of_others", Summary: "Others"},
	}
	tests := []struct{ text, want string }{
		{"github list issues", "github.list_repository importer. importer. OddName."},
		{"issues in GitHub", "github.list_repository importer. importer. two github.create_branch"},
		{"github", "github.create_branch github.list_repository importer.github_issue"},
		{"list of issues, OddName", "OddName.list"},
		{"list of issues, oddname", "OddName.list"},
		{"two words issues", "two"},
		{"github issues", "importer.github_issues"}, // a tool of exactly that name
		{"importer.github_issues", "importer.github_issues"},
	}
	for _, tt := range tests {
		found := find(docs, tt.text, nil)
		for i, want := range strings.Fields(tt.want) {
			if i >= len(found) || !strings.HasPrefix(found[i], want) {
				t.Errorf("%q: want %s, got %v", tt.text, tt.want, found)
				break
			}
		}
	}
}

func TestFindFolds(t *testing.T) {
	docs := []search.Document{
		{Server: "a", Name: "deleteRepository", Summary: "Deletes a repository"},
		{Server: "a", Name: "list_folders", Summary: "All folders", Parameters: []string{"owner"}},
		{Server: "a", Name: "takeScreenshot", Summary: "An image of the window"},
		{Server: "a", Name: "merge_pull_request", Summary: "Merges it"},
		{Server: "a", Name: "time_series_query", Summary: "Any measurement"},
		{Server: "a", Name: "sendEmail", Summary: "Over SMTP"},
		{Server: "a", Name: "deploy_datasource", Summary: "Any"},
		{Server: "a", Name: "搜索_文档", Summary: "中文"},
	}
	tests := []struct{ why, text, first string }{
		{"plural", "repositories", "deleteRepository"},
		{"prefix", "repo", "deleteRepository"},
		{"synonym", "remove repository", "deleteRepository"},
		{"synonym of a noun", "directories", "list_folders"},
		{"parameter", "owners", "list_folders"},
		{"one edit", "screnshot", "takeScreenshot"},
		{"swapped letters", "emial", "sendEmail"},
		{"two edits of a long word", "reopsitroy", "deleteRepository"},
		{"abbreviation of a phrase", "merge PR", "merge_pull_request"},
		{"two words written as one", "timeseries", "time_series_query"},
		{"one word written as two", "data source", "deploy_datasource"},
		{"form of a verb", "deploying", "deploy_datasource"},
		{"Han", "文档", "搜索_文档"},
		{"a name inside a sentence", "call merge_pull_request for the repository", "merge_pull_request"},
	}
	for _, tt := range tests {
		if found := find(docs, tt.text, nil); len(found) == 0 || found[0] != "a."+tt.first {
			t.Errorf("%s: %q: want %s first, got %v", tt.why, tt.text, tt.first, found)
		}
	}
}

// A tool is about what the others of its server are about, if it says nothing
// else, but no tool is found for that alone.
func TestFindSpreads(t *testing.T) {
	docs := []search.Document{
		{Server: "records", Name: "create_draft", Summary: "Creates a draft of a record"},
		{Server: "post", Name: "create_draft", Summary: "Creates a draft and gives its long number"},
		{Server: "post", Name: "send", Summary: "Sends an email"},
		{Server: "post", Name: "list", Summary: "Lists emails"},
		{Server: "post", Name: "label", Summary: "Puts a label on an email"},
		{Server: "post", Name: "settings", Summary: "Reads the settings"},
	}
	if found := find(docs, "draft an email", nil); found[0] != "post.create_draft" || slices.Contains(found, "post.settings") {
		t.Errorf("found %v", found)
	}
}

func TestFindAll(t *testing.T) {
	docs := []search.Document{{Name: "b"}, {Name: "a"}, {Name: "b"}}
	tests := []struct {
		text   string
		within func(int) bool
		want   []int
	}{
		{"", nil, []int{0, 1, 2}},
		{" -- ", func(d int) bool { return d > 0 }, []int{1, 2}},
		{"b", nil, []int{0, 2}},
		{"b", func(d int) bool { return d == 2 }, []int{2}},
		{"qwxzy", nil, []int{}},
	}
	for _, tt := range tests {
		if got := search.New(docs).Find(tt.text, tt.within); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %v, want %v", tt.text, got, tt.want)
		}
	}
	if got := search.New(nil).Find("a", nil); len(got) != 0 {
		t.Errorf("an empty index has %v", got)
	}
}

// The order of documents decides between equals only: the same tools in
// another order are found in the same order, and twice in the same.
func TestFindIsDeterministic(t *testing.T) {
	all, docs := tools(t)
	x, again := search.New(docs), search.New(docs)
	for _, q := range questions(t, "queries-tuning.tsv") {
		a, b := x.Find(q.text, nil), again.Find(q.text, nil)
		if !slices.Equal(a, b) {
			t.Errorf("%q: two indexes of the same %d tools disagree", q.text, len(all))
		}
	}
}

// A server with more, longer and stranger names than any real one costs its
// own tools their place, and no other.
func TestHostileDocuments(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var docs []search.Document
	for i := range 20_000 {
		var params []string
		for range 40 {
			params = append(params, fmt.Sprintf("p%x", random.Uint64()))
		}
		docs = append(docs, search.Document{Server: "hostile", Name: fmt.Sprintf("issue%d", i), Parameters: params})
	}
	long := strings.Repeat("word ", 200_000)
	for range 10 {
		docs = append(docs, search.Document{
			Server: strings.Repeat("s", 1<<20), Name: long, Title: long, Summary: strings.Repeat("aB", 1<<19),
			Parameters: slices.Repeat([]string{long}, 1000),
		})
	}
	docs = append(docs, search.Document{Server: "victim", Name: "create_invoice"})
	x := search.New(docs)
	last := len(docs) - 1
	for _, text := range []string{"create invoice", "victim invoices", "crate invocie", "victim"} {
		if found := x.Find(text, nil); len(found) == 0 || found[0] != last {
			t.Errorf("%q does not find the only tool of that kind", text)
		}
	}
	// What has no room in the index is still found by its name.
	if found := x.Find("hostile.issue19999", nil); len(found) == 0 || found[0] != 19_999 {
		t.Error("an exact name is not found")
	}
	x.Find(strings.Repeat("p1234567 p12345678 ", 100_000), nil)
}

func TestWords(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"listIssues", "list issues"},
		{"HTMLParser", "html parser"},
		{"get-issue_v2.x", "get issue v2 x"},
		{"oauth2Token", "oauth2token"},
		{"GitHub", "git hub"},
		{"ID", "id"},
		{"userIDs", "user i ds"},
		{"Ärger über Öl", "ärger über öl"},
		{"搜索docs文", "搜 索 docs 文"},
		{"a\xffb", "a b"},
	}
	for _, tt := range tests {
		if got := strings.Join(search.Words(tt.text), " "); got != tt.want {
			t.Errorf("Words(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"create issue", "GitHub pullRequest", "serch repositorys", "搜索", "a.b_c", "\xff\x00", "the of", strings.Repeat("x", 300)} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, text, outside string) {
		docs := []search.Document{
			{Server: "github", Name: "list_issues", Summary: "Lists issues", Parameters: []string{"owner"}},
			{Server: outside, Name: outside, Title: outside, Summary: outside, Parameters: []string{outside}},
			{Server: "memory", Name: "delete_entities", Title: outside},
		}
		x := search.New(docs)
		found := x.Find(text, nil)
		if again := search.New(docs).Find(text, nil); !slices.Equal(found, again) {
			t.Errorf("found %v, then %v", found, again)
		}
		seen := map[int]bool{}
		for _, d := range found {
			if d < 0 || d >= len(docs) || seen[d] {
				t.Errorf("found %v", found)
			}
			seen[d] = true
		}
		if within := x.Find(text, func(d int) bool { return d != 1 }); len(found) > 0 && slices.Contains(within, 1) {
			t.Errorf("found %v outside of the filter", within)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	_, docs := tools(b)
	x := search.New(docs)
	for _, q := range []struct{ name, text string }{
		{"words", "list open pull requests"},
		{"typos", "serch repositorys with isues"},
		{"sentence", "I would like to know which of my open tickets in the tracker are assigned to people who left the company"},
		{"longest", strings.Repeat("qwertyuiop asdfghjkl zxcvbnm listed issues ", 30)},
	} {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				x.Find(q.text, nil)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	_, docs := tools(b)
	b.ReportAllocs()
	for b.Loop() {
		search.New(docs)
	}
}
