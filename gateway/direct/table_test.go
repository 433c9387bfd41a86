package direct_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/direct"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func tool(server, name string) direct.Item {
	raw := fmt.Sprintf(`{"title":"T","name":%q,"inputSchema":{"type":"object","properties":{"z":{},"a":{"maximum":12345678901234567890}}},"icons":[{"src":"x"}],"execution":{"taskSupport":"required"},"_meta":{"k":1}}`, name)
	id := bindery.ToolID{Server: server, Name: name}
	return direct.Item{Origin: id, Tool: bindery.Tool{ID: id, Raw: json.RawMessage(raw)}}
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
	if got := string(bytes.Join([][]byte{page[0], page[1]}, []byte(","))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
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

func renamed(item direct.Item, name string) direct.Item {
	item.ID.Name, item.Changed = name, true
	return item
}

// A part of a table is what the table would be if nothing else existed: names
// that others would have had, too, names that a view gave twice, and the ends of
// pages do not tell of what was left out.
func TestOnlyIsWhatThereIsAlone(t *testing.T) {
	long := strings.Repeat("very_", 20)
	items := []direct.Item{
		tool("a.b", "x"), tool("a_b", "x"), tool("a", "b.c"), tool("a", "b_c"), tool("a", "b-c"), tool("s", long+"1"), tool("s", long+"2"),
		tool("v", "one"), renamed(tool("v", "two"), "one"), renamed(tool("v", "three"), "four"), tool("v", "four"),
		tool("own", "tool"), {Origin: bindery.ToolID{Server: "v", Name: "bad"}, Tool: bindery.Tool{ID: bindery.ToolID{Server: "v", Name: "bad"}, Raw: []byte(`[]`)}},
	}
	for i := range 2100 {
		items = append(items, tool("many", fmt.Sprint("t", i)))
	}
	reserved := map[string]string{"own__tool": "bindery itself"}
	whole := direct.Compile(items, true, reserved)
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 60 {
		var rest []direct.Item
		allowed := map[bindery.ToolID]bool{}
		for _, item := range items {
			if round == 0 || item.Origin.Server != "many" && random.IntN(2) == 0 || item.Origin.Server == "many" && random.IntN(60) > round {
				allowed[item.Origin], rest = true, append(rest, item)
			}
		}
		sameTables(t, direct.Compile(rest, true, reserved), whole.Only(func(id bindery.ToolID) bool { return allowed[id] }), items)
	}
}

func sameTables(t *testing.T, alone, part *direct.Table, items []direct.Item) {
	t.Helper()
	if alone.Len() != part.Len() || !slices.Equal(alone.Refused(), part.Refused()) {
		t.Fatalf("%d tools, %q; as a part %d, %q", alone.Len(), alone.Refused(), part.Len(), part.Refused())
	}
	for cursor, next := "", "-"; next != ""; cursor = next {
		a, nextAlone, errAlone := alone.Page(cursor)
		p, nextPart, err := part.Page(cursor)
		if errAlone != nil || err != nil || nextAlone != nextPart || !slices.EqualFunc(a, p, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
			t.Fatalf("page %q: %d tools, next %q, %v; as a part %d, next %q, %v", cursor, len(a), nextAlone, errAlone, len(p), nextPart, err)
		}
		next = nextAlone
	}
	for _, item := range items {
		name := direct.Name(item.ID.Server, item.ID.Name, true)
		a, errAlone := alone.Lookup(name)
		p, err := part.Lookup(name)
		if a.ID != p.ID || fmt.Sprint(errAlone) != fmt.Sprint(err) {
			t.Fatalf("%s is %s, %v; as a part %s, %v", name, a.ID, errAlone, p.ID, err)
		}
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
		if seen += len(page); next == "" {
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
