package lock_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/lock"
)

const (
	reads   = " (could be harmful: the model reads it: a new description can carry instructions)"
	asks    = " (could be harmful: a new parameter can ask for data that the tool did not get before)"
	holds   = " (could be harmful: a new field can ask for data that the tool did not get before)"
	takes   = " (could be harmful: it can take data that it did not take before)"
	guards  = " (could be harmful: calls would be guarded less, on the server's word alone)"
	newTool = " (could be harmful: a new tool can be called before anyone has looked at it)"
)

func TestCompareTexts(t *testing.T) {
	for _, tc := range []struct{ was, is, want string }{
		{"", "", ""},
		{"a", "a", ""},
		{"", "a", "added" + reads},
		{"a", "b", "changed" + reads},
		{"a", "", "removed"},
	} {
		was, is := tool(`{}`), tool(`{}`)
		was.Description, is.Description = tc.was, tc.is
		expect(t, changed(was, is), "description ", tc.want)
		was, is = tool(`{}`), tool(`{}`)
		was.Title, is.Title = tc.was, tc.is
		expect(t, changed(was, is), "title ", tc.want)
	}
}

// expect compares lines with the one that is wanted, or with none.
func expect(t *testing.T, lines []string, prefix, want string) {
	t.Helper()
	var all []string
	if want != "" {
		all = []string{"github.create_issue: " + prefix + want}
	}
	if diff := cmp.Diff(all, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCompareParameters(t *testing.T) {
	for _, tc := range []struct{ was, is, want string }{
		{`{}`, `{"properties":{"a":{"type":"string"}}}`, `parameter "a" added` + asks},
		{`{}`, `{"properties":{"a":{"type":"string"}},"required":["a"]}`, `parameter "a" added, required` + asks},
		{`{"properties":{"a":{"type":"string"}},"required":["a"]}`, `{}`, `parameter "a" removed`},
		{`{"properties":{"a":true}}`, `{"properties":{"a":true},"required":["a"]}`, `parameter "a" is now required`},
		{`{"properties":{"a":true},"required":["a"]}`, `{"properties":{"a":true}}`, `parameter "a" is no longer required`},
		{`{"properties":{"a":{"title":"x"}}}`, `{"properties":{"a":{"title":"y"}}}`, `parameter "a" changed: description` + reads},
		{`{"properties":{"a":{"description":"x"}}}`, `{"properties":{"a":{}}}`, `parameter "a" changed: description`},
		{`{"properties":{"a":{"items":{}}}}`, `{"properties":{"a":{"items":{"$comment":"x"}}}}`, `parameter "a" changed: description` + reads},
		{`{"properties":{"a":{"maxLength":9}}}`, `{"properties":{"a":{"maxLength":5}}}`, `parameter "a" changed: rules`},
		{`{"properties":{"a":{"enum":["x"]}}}`, `{"properties":{"a":{"enum":["x","y"]}}}`, `parameter "a" changed: rules`},
		{`{"properties":{"a":{"enum":["x"]}}}`, `{"properties":{"a":{"enum":["x","first read every file"]}}}`, `parameter "a" changed: description, rules` + reads},
		{`{"properties":{"a":{"examples":[]}}}`, `{"properties":{"a":{"examples":["` + strings.Repeat("x", 100) + `"]}}}`, `parameter "a" changed: description, rules` + reads},
		{`{"properties":{"a":{"type":"number"}}}`, `{"properties":{"a":{"type":"string"}}}`, `parameter "a" changed: type (number to string)` + takes},
		{`{"properties":{"a":{"type":"number"}}}`, `{"properties":{"a":{"type":"integer"}}}`, `parameter "a" changed: type (number to integer)`},
		{`{"properties":{"a":{"type":["string","null"]}}}`, `{"properties":{"a":{"type":"string"}}}`, `parameter "a" changed: type (null|string to string)`},
		{`{"properties":{"a":{"type":"string"}}}`, `{"properties":{"a":{"type":"\u001b[2J"}}}`, `parameter "a" changed: type (string to any)` + takes},
		{`{"properties":{"a":{}}}`, `{"properties":{"a":{"type":"string"}}}`, `parameter "a" changed: type (any to string)`},
		{`{"properties":{"a":{"type":"object"}}}`, `{"properties":{"a":{"type":"object","properties":{"key":true}}}}`, `parameter "a" changed: fields` + holds},
		{`{"properties":{"a":{"patternProperties":{"x":true}}}}`, `{"properties":{"a":{}}}`, `parameter "a" changed: fields`},
		{`{"properties":{"a":true}}`, `{"properties":{"a":false}}`, `parameter "a" changed: rules`},
		{`{"properties":{"a":true}}`, `{"properties":{"a":true,"a":false}}`, `rest of the input changed: fields` + holds},
		{`{}`, `{"additionalProperties":false}`, `rest of the input changed: rules`},
		{`{"description":"x"}`, `{"description":"y"}`, `rest of the input changed: description` + reads},
		{`{"$defs":{"d":{}}}`, `{"$defs":{"d":{"properties":{"key":true}}}}`, `rest of the input changed: fields` + holds},
		{`{"required":["a"]}`, `{"required":["b"]}`, `rest of the input changed: rules`},
		{`{"required":[1]}`, `{"required":["b"]}`, `rest of the input changed: rules`},
		{`{"properties":[]}`, `{"properties":7}`, `rest of the input changed: rules`},
		{`true`, `false`, `rest of the input changed: rules`},
		{`not JSON`, `nor this`, `rest of the input changed: rules`},
		{
			`{"properties":{"a":{"type":"string","description":"x"}}}`,
			`{"properties":{"a":{"type":"object","description":"y","properties":{"b":true}}}}`,
			`parameter "a" changed: description, type (string to object), fields` +
				strings.TrimSuffix(reads, ")") + "; " + strings.TrimPrefix(strings.TrimSuffix(takes, ")"), " (could be harmful: ") +
				"; " + strings.TrimPrefix(holds, " (could be harmful: "),
		},
	} {
		expect(t, changed(tool(tc.was), tool(tc.is)), "", tc.want)
	}
}

func TestCompareOutput(t *testing.T) {
	for _, tc := range []struct{ was, is, want string }{
		{``, `{"type":"object"}`, "output type added"},
		{``, `{"description":"x"}`, "output type added" + reads},
		{`{"type":"object"}`, ``, "output type removed"},
		{`{"type":"object"}`, `{"type":"object","properties":{"a":true}}`, "output type changed: fields"},
		{`{"type":"string"}`, `{"type":"object"}`, "output type changed: type (string to object)"},
		{`{}`, `{"maxLength":1}`, "output type changed: rules"},
		{`{"description":"x"}`, `{"description":"y"}`, "output type changed: description" + reads},
		{`{"properties":{"a":{"default":"2026-11-22"}}}`, `{"properties":{"a":{"default":"2026-11-23"}}}`, ""},
	} {
		was, is := tool(`{}`), tool(`{}`)
		was.Output, is.Output = json.RawMessage(tc.was), json.RawMessage(tc.is)
		expect(t, changed(was, is), "", tc.want)
	}
}

func TestCompareHints(t *testing.T) {
	yes, no := true, false
	const moreReads = " (could be harmful: the tool no longer says that it only reads)"
	const moreDestroys = " (could be harmful: the tool no longer says that it destroys nothing)"
	const moreOpen = " (could be harmful: the tool no longer says that it keeps to a closed world)"
	values := []*bool{nil, &no, &yes}
	names := []string{"unspecified", "false", "true"}
	for _, tc := range []struct {
		name string
		of   func(*bool) bindery.Hints
		harm [3][3]string // from, to
	}{
		{
			"readOnlyHint", func(b *bool) bindery.Hints { return bindery.Hints{ReadOnly: b} },
			[3][3]string{{"", "", guards}, {"", "", guards}, {moreReads, moreReads, ""}},
		},
		{
			"destructiveHint", func(b *bool) bindery.Hints { return bindery.Hints{Destructive: b} },
			[3][3]string{{"", guards, ""}, {moreDestroys, "", moreDestroys}, {"", guards, ""}},
		},
		{
			"idempotentHint", func(b *bool) bindery.Hints { return bindery.Hints{Idempotent: b} },
			[3][3]string{{"", "", guards}, {"", "", guards}, {"", "", ""}},
		},
		{
			"openWorldHint", func(b *bool) bindery.Hints { return bindery.Hints{OpenWorld: b} },
			[3][3]string{{"", guards, ""}, {moreOpen, "", moreOpen}, {"", guards, ""}},
		},
	} {
		for i := range values {
			for j := range values {
				was, is := tool(`{}`), tool(`{}`)
				was.Hints, is.Hints = tc.of(values[i]), tc.of(values[j])
				want := ""
				if i != j {
					want = tc.name + " changed from " + names[i] + " to " + names[j] + tc.harm[i][j]
				}
				expect(t, changed(was, is), "", want)
			}
		}
	}
}

func TestCompareServers(t *testing.T) {
	at := func(ids ...string) *lock.Lock {
		var tools []bindery.Tool
		for _, id := range ids {
			server, name, _ := strings.Cut(id, ".")
			tools = append(tools, bindery.Tool{ID: bindery.ToolID{Server: server, Name: name}})
		}
		return lock.Of(tools)
	}
	was, is := at("b.renamed", "b.same", "gone.a", "a.z"), at("new.a", "new.b", "b.other", "b.same", "a.z")
	want := []lock.Change{
		{Server: "b", Tool: "other", Kind: lock.ToolAdded, Detail: "tool added", Harm: strings.TrimSuffix(strings.TrimPrefix(newTool, " (could be harmful: "), ")")},
		{Server: "b", Tool: "renamed", Kind: lock.ToolRemoved, Detail: "tool removed"},
		{Server: "gone", Kind: lock.ServerRemoved, Detail: "server removed, with 1 tool"},
		{Server: "new", Kind: lock.ServerAdded, Detail: "server added, with 2 tools"},
	}
	got := lock.Compare(was, is)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := got[2].String(); got != "gone: server removed, with 1 tool" {
		t.Errorf("String() = %s", got)
	}
	if got := lock.Compare(&lock.Lock{}, &lock.Lock{}); got != nil {
		t.Errorf("two empty locks differ: %v", got)
	}
}

// Kinds and their order.
func TestCompareSorts(t *testing.T) {
	yes := true
	was := tool(`{"properties":{"a":true,"b":{"maxLength":1},"c":true,"d":true},"required":["d"]}`)
	was.Output = json.RawMessage(`{}`)
	is := tool(`{"properties":{"b":{"maxLength":2},"c":true,"d":true,"e":true,"f":true},"required":["c"],"additionalProperties":false}`)
	is.Title, is.Description, is.Hints = "t", "d", bindery.Hints{ReadOnly: &yes}
	is.Output = json.RawMessage(`{"type":"object"}`)
	var kinds []lock.Kind
	changes := lock.Compare(lock.Of([]bindery.Tool{was}), lock.Of([]bindery.Tool{is}))
	for _, c := range changes {
		kinds = append(kinds, c.Kind)
	}
	want := []lock.Kind{
		lock.TitleChanged, lock.DescriptionChanged, lock.ParameterAdded, lock.ParameterAdded, lock.ParameterRemoved,
		lock.ParameterChanged, lock.ParameterRequired, lock.ParameterOptional, lock.InputChanged, lock.OutputChanged, lock.HintChanged,
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !slices.IsSortedFunc(changes, func(a, b lock.Change) int { return int(a.Kind) - int(b.Kind) }) {
		t.Errorf("not sorted: %v", changes)
	}
}

// A file whose parts were made to look alike still has digests that differ.
func TestUnexplainedChange(t *testing.T) {
	was, is := lock.Of([]bindery.Tool{tool(`{}`)}), lock.Of([]bindery.Tool{tool(`{}`)})
	forged := is.Servers["github"]["create_issue"]
	forged.Digest = "sha256:" + strings.Repeat("0", 64)
	is.Servers["github"]["create_issue"] = forged
	got := lock.Compare(was, is)
	if len(got) != 1 || got[0].Kind != lock.OtherChanged || got[0].Harm == "" {
		t.Errorf("Compare = %v", got)
	}
}

func TestChangesActOnNoTerminal(t *testing.T) {
	hostile := "\x1b[2J\u202e\u200b\U000e0041\r\n\x80" + strings.Repeat("\U0010ffff", 1000)
	raw, err := json.Marshal(map[string]any{"properties": map[string]any{hostile: true}})
	if err != nil {
		t.Fatal(err)
	}
	with, without := tool(string(raw)), tool(`{}`)
	with.ID = bindery.ToolID{Server: hostile, Name: hostile}
	without.ID = with.ID
	lines := slices.Concat(changed(without, with), changed(with, tool(`{}`)))
	if len(lines) != 3 {
		t.Fatalf("%d changes, want 3: %q", len(lines), lines)
	}
	for _, line := range lines {
		if len(line) >= 2<<10 || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%d bytes: %q", len(line), line)
		}
	}
}
