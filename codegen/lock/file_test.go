package lock_test

import (
	"errors"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/lock"
)

func golden(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/bindery.lock.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFileKeepsEverything(t *testing.T) {
	want := lock.Of(listed(t, "testdata/tools/*.json"))
	odd := tool(`{"properties":{"\u202e":true,"😀":true,"a<b":true,"":true},"required":["a<b"]}`)
	odd.ID = bindery.ToolID{Server: "é", Name: "\u007f"}
	maps.Copy(want.Servers, lock.Of([]bindery.Tool{odd}).Servers)
	data, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsFunc(string(data), func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }) {
		t.Errorf("the file is not plain ASCII:\n%q", data)
	}
	got, err := lock.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// One tool that changes is one line that changes.
func TestOneLineForEachTool(t *testing.T) {
	tools := listed(t, "testdata/tools/*.json")
	before, err := lock.Of(tools).Encode()
	if err != nil {
		t.Fatal(err)
	}
	tools[0].Description += " And more."
	after, err := lock.Of(tools).Encode()
	if err != nil {
		t.Fatal(err)
	}
	different := 0
	was, is := strings.Split(string(before), "\n"), strings.Split(string(after), "\n")
	for i := range was {
		if was[i] != is[i] {
			different++
		}
	}
	if len(was) != len(is) || different != 1 {
		t.Errorf("%d lines differ, of %d and %d", different, len(was), len(is))
	}
}

func TestEmptyLock(t *testing.T) {
	data, err := lock.Of(nil).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if l, err := lock.Parse(data); err != nil || len(l.Servers) != 0 {
		t.Errorf("Parse(%s) = %v, %v", data, l, err)
	}
}

func TestParseRefuses(t *testing.T) {
	const digest = `"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000"`
	tool := func(body string) string { return `{"version":1,"servers":{"s":{"t":{` + body + `}}}}` }
	if _, err := lock.Parse([]byte(tool(digest))); err != nil {
		t.Fatalf("what the table varies is itself refused: %v", err)
	}
	for _, tc := range []struct{ data, want string }{
		{``, `it ends too early`},
		{`{`, `it ends too early`},
		{"{\n\n\"version\" 1}", `line 3 is not JSON`},
		{`{}`, `it does not say which version it has`},
		{`null`, `it does not say which version it has`},
		{`[]`, `cannot unmarshal array`},
		{`{"version":0,"servers":{}}`, `it does not say which version it has`},
		{`{"version":2,"servers":{}}`, `it has version 2, and this bindery knows versions up to 1`},
		{`{"version":1}`, `it has no servers`},
		{`{"version":1,"servers":null}`, `it has no servers`},
		{`{"version":1,"servers":{}} {}`, `something follows its end`},
		{`{"version":1,"servers":{},"more":1}`, `unknown field "more"`},
		{"{\"version\":1,\"servers\":{},\"\u202e" + strings.Repeat("é", 1000) + "\":1}", `unknown field "`},
		{`{"version":1,"servers":{},"servers":{}}`, `"servers" is in it twice`},
		{`{"version":1,"servers":{"s":{"t":{` + digest + `},"t":{` + digest + `}}}}`, `"t" is in it twice`},
		{tool(``), `s.t: "" is no digest`},
		{`{"version":1,"servers":{"s":{"t":null}}}`, `s.t: "" is no digest`},
		{tool(`"digest":"sha256:00"`), `s.t: "sha256:00" is no digest`},
		{tool(`"digest":"sha256:` + strings.Repeat("G", 64) + `"`), `is no digest`},
		{tool(`"digest":7`), `cannot unmarshal number`},
		{tool(digest + `,"title":"x"`), `"x" is no digest of a part`},
		{tool(digest + `,"description":"00000000000g"`), `is no digest of a part`},
		{tool(digest + `,"input":{"fields":"0"}`), `is no digest of a part`},
		{tool(digest + `,"output":{"rules":"0"}`), `is no digest of a part`},
		{tool(digest + `,"parameters":{"p":{"wording":"0"}}`), `is no digest of a part`},
		{tool(digest + `,"parameters":{"p":{"type":"\u001b[2J"}}`), `"\x1b[2J" is no type`},
		{tool(digest + `,"parameters":{"p":{"type":"string|"}}`), `is no type`},
		{tool(digest + `,"hints":{"readOnlyHint":"yes"}`), `cannot unmarshal string`},
		{strings.Repeat(`[`, 100), `it nests more than 8 levels deep`},
		{`[` + strings.Repeat(`1,`, 3_000_000) + `1]`, `it has more than 2000000 values`},
		{strings.Repeat(` `, lock.MaxBytes+1), `it has more than 33554432 bytes`},
		{"{\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n}", `line 2 marks a merge conflict`},
		{"{\n\"version\": 1,\n>>>>>>> theirs\n}", `line 3 marks a merge conflict`},
	} {
		l, err := lock.Parse([]byte(tc.data))
		if err == nil {
			t.Errorf("Parse(%.80s) = %v", tc.data, l)
			continue
		}
		text := err.Error()
		if !strings.HasPrefix(text, "read the lock file: ") || !strings.Contains(text, tc.want) {
			t.Errorf("Parse(%.80s): %s; want %s", tc.data, text, tc.want)
		}
		if len(text) > 600 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("Parse(%.80s): the error is long or not plain: %q", tc.data, text)
		}
		if bindery.HintOf(err) == "" {
			t.Errorf("Parse(%.80s): no hint", tc.data)
		}
		want := bindery.Invalid
		if strings.Contains(text, "more than") {
			want = bindery.Limit
		}
		if got := bindery.CodeOf(err); got != want {
			t.Errorf("Parse(%.80s): code %v, want %v", tc.data, got, want)
		}
	}
}

// An error of ours must not hide what a decoder said.
func TestParseNamesTheLine(t *testing.T) {
	lines := strings.SplitAfter(golden(t), "\n")
	lines[4] = "      oops\n"
	_, err := lock.Parse([]byte(strings.Join(lines, "")))
	if err == nil || !strings.Contains(err.Error(), "line 5 is not JSON") {
		t.Errorf("Parse: %v", err)
	}
}

func TestEncodeRefusesWhatParseWould(t *testing.T) {
	l := lock.Of([]bindery.Tool{tool(`{}`)})
	entry := l.Servers["github"]["create_issue"]
	entry.Description = strings.Repeat("0", lock.MaxBytes)
	l.Servers["github"]["create_issue"] = entry
	_, err := l.Encode()
	if e, ok := errors.AsType[*bindery.Error](err); !ok || e.Code != bindery.Limit {
		t.Errorf("Encode: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	small, err := lock.Of([]bindery.Tool{tool(`{"properties":{"a":{"type":"string"}},"required":["a"]}`)}).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Add([]byte(`{"version":1,"servers":{}}`))
	f.Add([]byte(`{"version":1,"servers":{"s":null}}`))
	f.Add([]byte("<<<<<<< HEAD\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := lock.Parse(data)
		if err != nil {
			return
		}
		again, err := l.Encode()
		if err != nil {
			t.Fatalf("Encode: %v", err)
		}
		l2, err := lock.Parse(again)
		if err != nil {
			t.Fatalf("Parse(Encode): %v", err)
		}
		if changes := lock.Compare(l, l2); len(changes) > 0 {
			t.Errorf("reading and writing changed it: %v", changes)
		}
	})
}

// Whatever a server sends as a schema can be locked, compared and kept.
func FuzzOf(f *testing.F) {
	f.Add([]byte(`{"properties":{"a":{"default":"2026-11-22"}},"required":["a"]}`), []byte(`{"properties":{"a":{"type":["string"]}}}`))
	f.Add([]byte(`{"required":{},"properties":[1],"type":[["string"],{}]}`), []byte(`{"properties":{"a":1,"a":2}}`))
	f.Add([]byte(` "\ud800\"" `), []byte(`[{},[ ] , 1 ]`))
	f.Add([]byte("{\"\x80\":-0.5E+7}"), []byte(`{`))
	f.Fuzz(func(t *testing.T, was, is []byte) {
		a, b := tool(string(was)), tool(string(is))
		a.Output, b.Output = a.Input, b.Input
		old, next := lock.Of([]bindery.Tool{a}), lock.Of([]bindery.Tool{b})
		same := old.Servers["github"]["create_issue"].Digest == next.Servers["github"]["create_issue"].Digest
		changes := lock.Compare(old, next)
		if same != (len(changes) == 0) {
			t.Errorf("equal digests: %v; changes: %v", same, changes)
		}
		for _, c := range changes {
			if c.Kind == lock.OtherChanged {
				t.Errorf("%q to %q: %v", was, is, c)
			}
		}
		data, err := next.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := lock.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if changes := lock.Compare(next, again); len(changes) > 0 {
			t.Errorf("writing and reading changed it: %v", changes)
		}
	})
}
