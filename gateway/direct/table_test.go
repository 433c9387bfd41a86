package direct_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/direct"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func tool(server, name string) direct.Item {
	raw := fmt.Sprintf(`{"title":"T","name":%q,"inputSchema":{"type":"object","properties":{"z":{},"a":{"maximum":12345678901234567890}}},"icons":[{"src":"x"}],"execution":{"taskSupport":"required"},"_meta":{"k":1}}`, name)
	return direct.Item{Tool: bindery.Tool{ID: bindery.ToolID{Server: server, Name: name}, Raw: json.RawMessage(raw)}}
}

func Example() {
	t := direct.Compile([]direct.Item{tool("github", "get_issue")}, true, nil)
	found, err := t.Lookup("github__get_issue")
	fmt.Println(found.ID, err)
	// Output: github.get_issue <nil>
}

func TestName(t *testing.T) {
	allowed := regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
	long := strings.Repeat("very_", 20) + "long"
	for _, tc := range []struct {
		server, name string
		prefix       bool
		want         string
	}{
		{"github", "get_issue", true, "github__get_issue"},
		{"github", "get_issue", false, "get_issue"},
		{"a.b", "c d/é", true, "a_b__c_d__"},
		{"s", long, true, ""},
	} {
		got := direct.Name(tc.server, tc.name, tc.prefix)
		if !allowed.MatchString(got) || tc.want != "" && got != tc.want {
			t.Errorf("Name(%q, %q, %t) = %q, want %q", tc.server, tc.name, tc.prefix, got, tc.want)
		}
	}
	if a, b := direct.Name("s", long+"1", true), direct.Name("s", long+"2", true); a == b {
		t.Errorf("two long names are both %s", a)
	}
}

func TestDeclaration(t *testing.T) {
	changed := tool("s", "new")
	yes := true
	changed.Changed, changed.Title, changed.Description, changed.Hints.ReadOnly = true, "Mine", "What it is for.", &yes
	page, next, err := direct.Compile([]direct.Item{tool("s", "old"), changed}, false, nil).Page("")
	if err != nil || next != "" {
		t.Fatal(next, err)
	}
	const schema = `"inputSchema":{"type":"object","properties":{"z":{},"a":{"maximum":12345678901234567890}}},"icons":[{"src":"x"}],"_meta":{"k":1}`
	want := `{"title":"T","name":"old",` + schema + `},` +
		`{"title":"Mine","name":"new",` + schema + `,"description":"What it is for.","annotations":{"readOnlyHint":true}}`
	if string(page) != want {
		t.Errorf("got  %s\nwant %s", page, want)
	}
}

func TestCollision(t *testing.T) {
	items := []direct.Item{tool("a.b", "x"), tool("a_b", "x"), tool("c", "execute_code"), tool("c", "y")}
	table := direct.Compile(items, true, map[string]string{"c__execute_code": "bindery itself"})
	if table.Len() != 1 {
		t.Errorf("%d tools have a name", table.Len())
	}
	_, err := table.Lookup("a_b__x")
	if err == nil || !strings.Contains(err.Error(), "a.b.x and a_b.x") {
		t.Errorf("the error names not both owners: %v", err)
	}
	if got := table.Refused(); len(got) != 2 || got[0] != "a_b__x: would be a.b.x and a_b.x" {
		t.Errorf("refused %q", got)
	}
	if _, err := table.Lookup("none"); bindery.CodeOf(err) != bindery.NotFound {
		t.Error(err)
	}
}

func TestPages(t *testing.T) {
	var items []direct.Item
	for i := range 2500 {
		items = append(items, tool("s", fmt.Sprint("t", i)))
	}
	table := direct.Compile(items, false, nil)
	seen, cursor := 0, ""
	for {
		page, next, err := table.Page(cursor)
		if err != nil {
			t.Fatal(err)
		}
		var list []json.RawMessage
		if err := json.Unmarshal([]byte("["+string(page)+"]"), &list); err != nil {
			t.Fatal(err)
		}
		if seen += len(list); next == "" {
			break
		}
		cursor = next
	}
	if seen != len(items) {
		t.Errorf("%d of %d tools on the pages", seen, len(items))
	}
	for _, bad := range []string{"0", "3", "-1", "x"} {
		if _, _, err := table.Page(bad); err == nil {
			t.Errorf("cursor %q is taken", bad)
		}
	}
}
