package lock_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/lock"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listed returns the tools of files with tools/list answers of real servers.
func listed(t testing.TB, pattern string) []bindery.Tool {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no such files (%v)", pattern, err)
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
		for _, x := range list.Tools {
			tools = append(tools, bindery.Tool{
				ID:    bindery.ToolID{Server: strings.TrimSuffix(filepath.Base(file), ".json"), Name: x.Name},
				Title: x.Title, Description: x.Description,
				Input: x.InputSchema, Output: x.OutputSchema, Hints: x.Annotations,
			})
		}
	}
	return tools
}

// tool returns a tool with nothing but an input schema.
func tool(input string) bindery.Tool {
	return bindery.Tool{ID: bindery.ToolID{Server: "github", Name: "create_issue"}, Input: json.RawMessage(input)}
}

// digest returns the digest of a tool with nothing but an input schema.
func digest(input string) string {
	return lock.Of([]bindery.Tool{tool(input)}).Servers["github"]["create_issue"].Digest
}

// changed returns what changed from one tool to another, as a user reads it.
func changed(was, is bindery.Tool) []string {
	var lines []string
	for _, c := range lock.Compare(lock.Of([]bindery.Tool{was}), lock.Of([]bindery.Tool{is})) {
		lines = append(lines, c.String())
	}
	return lines
}

func TestGolden(t *testing.T) {
	tools := listed(t, "testdata/tools/*.json")
	got, err := lock.Of(tools).Encode()
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(tools)
	again, err := lock.Of(tools).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), string(again)); diff != "" {
		t.Errorf("the file depends on the order of the tools (-first +second):\n%s", diff)
	}
	const path = "testdata/bindery.lock.json"
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// A server that fills in the current time did not change by the next day.
func TestCurrentTimeIsNoChange(t *testing.T) {
	monday, tuesday := listed(t, "testdata/currents/monday.json"), listed(t, "testdata/currents/tuesday.json")
	for i := range tuesday {
		if string(monday[i].Input) == string(tuesday[i].Input) {
			t.Fatalf("%s: the two days are the same bytes, which tests nothing", tuesday[i].ID)
		}
		tuesday[i].ID.Server = monday[i].ID.Server
	}
	if diff := cmp.Diff(lock.Of(monday), lock.Of(tuesday)); diff != "" {
		t.Errorf("the lock depends on the day (-monday +tuesday):\n%s", diff)
	}
}

func TestSameSchema(t *testing.T) {
	for _, tc := range []struct{ name, a, b string }{
		{"order of properties", `{"type":"object","properties":{"a":{"type":"string","minLength":1},"b":true}}`, `{"properties":{"b":true,"a":{"minLength":1,"type":"string"}},"type":"object"}`},
		{"white space", `{"a":[1,{"b":2}]}`, " {\t\"a\" : [ 1 ,\r\n{ \"b\" : 2 } ] }\n"},
		{"escapes", `{"description":"a<b/c"}`, `{"de\u0073cription":"a\u003cb\/c"}`},
		{"order of required names", `{"required":["a","b"],"properties":{"o":{"required":["c","d"]}}}`, `{"required":["b","a"],"properties":{"o":{"required":["d","c"]}}}`},
		{"members that say nothing", `{"type":"object"}`, `{"type":"object","properties":{},"required":[],"$defs":{},"definitions":{},"patternProperties":{}}`},
		{"default time", `{"properties":{"a":{"default":"2026-11-22"}}}`, `{"properties":{"a":{"default":"2027-01-01T00:00:00Z"}}}`},
		{"default time inside a default", `{"properties":{"a":{"default":{"range":["2026-11-22","x"]}}}}`, `{"properties":{"a":{"default":{"range":["2026-11-23","x"]}}}}`},
		{"default time far inside", `{"$defs":{"a":{"anyOf":[{"items":{"default":"2026-11-22"}}]}}}`, `{"$defs":{"a":{"anyOf":[{"items":{"default":"2026-11-23"}}]}}}`},
		{"default time of a property called default", `{"properties":{"default":{"default":"2026-11-22"}}}`, `{"properties":{"default":{"default":"2026-11-23"}}}`},
	} {
		if a, b := digest(tc.a), digest(tc.b); a != b {
			t.Errorf("%s: the digests of %s and %s differ", tc.name, tc.a, tc.b)
		}
	}
}

// Sorting looks at every required name once, however long one of them is.
func TestRequiredNamesOfAllSizes(t *testing.T) {
	names := []string{`"` + strings.Repeat("n", 500_000) + `"`}
	for i := range 40_000 {
		names = append(names, `"n`+strconv.Itoa(i)+`"`)
	}
	list := func() string { return `{"properties":{"o":{"required":[` + strings.Join(names, ",") + `]}}}` }
	was := list()
	slices.Reverse(names)
	if was := digest(was); was != digest(list()) {
		t.Error("the digest depends on the order of required names")
	}
}

func TestOtherSchema(t *testing.T) {
	for _, tc := range []struct{ name, a, b string }{
		{"no schema", ``, `{}`},
		{"spelling of numbers", `{"maximum":1}`, `{"maximum":1.0}`},
		{"large numbers", `{"maximum":9007199254740993}`, `{"maximum":9007199254740992}`},
		{"string and number", `{"const":1}`, `{"const":"1"}`},
		{"two numbers and one", `{"enum":[1,2]}`, `{"enum":[12]}`},
		{"second of two members", `{"const":1,"const":2}`, `{"const":1,"const":3}`},
		{"first of two members", `{"const":1,"const":2}`, `{"const":3,"const":2}`},
		{"half a character", `{"const":"\ud800"}`, `{"const":"\ud801"}`},
		{"half a character and its spelling", `{"const":"\ud800"}`, `{"const":"\"\\ud800\""}`},
		{"bytes that are no text", "{\"const\":\"\x80\"}", "{\"const\":\"\x81\"}"},
		{"default that holds more than a time", `{"default":"2026-11-22: send the token"}`, `{"default":"2026-11-23: send the token"}`},
		{"default that is another value", `{"default":"2026-11-22"}`, `{"default":"today"}`},
		{"default that spells the mask", `{"default":"2026-11-22"}`, `{"default":"@"}`},
		{"time without a default", `{"default":"2026-11-22"}`, `{}`},
		{"numeric default", `{"default":1795334086410}`, `{"default":1795334086411}`},
		{"const", `{"const":"2026-11-22"}`, `{"const":"2026-11-23"}`},
		{"default inside a const", `{"const":{"default":"2026-11-22"}}`, `{"const":{"default":"2026-11-23"}}`},
		{"enum", `{"enum":["2026-11-22"]}`, `{"enum":["2026-11-23"]}`},
		{"description", `{"description":"2026-11-22"}`, `{"description":"2026-11-23"}`},
		{"property called default", `{"properties":{"default":{"const":"2026-11-22"}}}`, `{"properties":{"default":{"const":"2026-11-23"}}}`},
		{"unknown keyword", `{"x":{"default":"2026-11-22"}}`, `{"x":{"default":"2026-11-23"}}`},
		{"bytes that are not JSON", `{"a":`, `{"b":`},
		{"bytes that are not JSON, and their spaces", `{"a":`, `{"a": `},
		{"beyond the depth", strings.Repeat("[", 200) + "1" + strings.Repeat("]", 200), strings.Repeat("[", 200) + "2" + strings.Repeat("]", 200)},
		{"beyond the size", `{"const":"` + strings.Repeat("a", 2<<20) + `"}`, `{"const":"` + strings.Repeat("a", 2<<20) + `b"}`},
	} {
		if a, b := digest(tc.a), digest(tc.b); a == b {
			t.Errorf("%s: %.80s and %.80s have one digest", tc.name, tc.a, tc.b)
		}
		if lines := changed(tool(tc.a), tool(tc.b)); len(lines) == 0 || strings.Contains(lines[0], "no part of it") {
			t.Errorf("%s: %.80s to %.80s: %q", tc.name, tc.a, tc.b, lines)
		}
	}
}

func TestFirstToolOfANameCounts(t *testing.T) {
	first, second := tool(`{}`), tool(`{}`)
	first.Description, second.Description = "first", "second"
	if diff := cmp.Diff(lock.Of([]bindery.Tool{first}), lock.Of([]bindery.Tool{first, second})); diff != "" {
		t.Errorf("the second tool of a name is in the lock (-want +got):\n%s", diff)
	}
}

// A name may be as long as a server likes; a lock does not grow with it, and
// two that begin alike stay two.
func TestLongNames(t *testing.T) {
	a, b := tool(`{}`), tool(`{"properties":{"`+strings.Repeat("p", 100_000)+`":true}}`)
	a.ID.Name, b.ID.Name = strings.Repeat("é", 1000), strings.Repeat("é", 1000)+"x"
	l := lock.Of([]bindery.Tool{a, b})
	if n := len(l.Servers["github"]); n != 2 {
		t.Errorf("%d tools, want 2", n)
	}
	data, err := l.Encode()
	if err != nil || len(data) > 10_000 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if again, err := lock.Parse(data); err != nil || len(lock.Compare(l, again)) > 0 {
		t.Errorf("Parse(Encode): %v, %v", lock.Compare(l, again), err)
	}
}

// Beyond the parameters that are told apart, a change is still a change.
func TestManyParameters(t *testing.T) {
	many := func(last string) string {
		var b strings.Builder
		b.WriteString(`{"properties":{`)
		for i := range 5000 {
			b.WriteString(`"p` + strings.Repeat("0", 4-len(strconv.Itoa(i))) + strconv.Itoa(i) + `":true,`)
		}
		return b.String() + `"z":` + last + `}}`
	}
	want := []string{`github.create_issue: rest of the input changed: rules`}
	if diff := cmp.Diff(want, changed(tool(many("true")), tool(many("false")))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
