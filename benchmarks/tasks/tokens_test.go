package tasks

import (
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/benchmarks"
)

// One call with 30 tokens of arguments and 275 of result behind 1,833 of
// definitions is two requests, of which the second has the first in a cache.
func TestTokens(t *testing.T) {
	t.Parallel()
	got := tokens(1833, []step{{30, 275}})
	if want := (Tokens{Requests: 2, Uncached: 1833 + 305, Cached: 1833, Output: 30}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got.Input() != 3_971 {
		t.Errorf("%d tokens of input, want 3,971", got.Input())
	}
	got = tokens(100, []step{{10, 20}, {1, 2}})
	if want := (Tokens{Requests: 3, Uncached: 133, Cached: 230, Output: 11}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	c, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	got, steps, err := count(c, conversation{[]turn{
		{[]exchange{{"mcp__a__b", `{"x":1}`, "one"}, {"mcp__a__b", `{"x":2}`, "two"}}},
		{[]exchange{{"mcp__a__c", `{}`, strings.Repeat("word ", 10)}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Calls != 3 || got.Turns != 2 || len(steps) != 2 {
		t.Errorf("got %+v in %d steps, want 3 calls in 2 turns", got, len(steps))
	}
	written, read := 0, 0
	for _, s := range steps {
		written += s.written
		read += s.read
	}
	if written != got.Names+got.Args || read != got.Results {
		t.Errorf("%+v in all, and the steps %+v", got, steps)
	}
}

func TestStatedCut(t *testing.T) {
	t.Parallel()
	const dir = "/tmp/x/desk"
	for text, want := range map[string]string{
		"nothing":                        "nothing",
		`read {"path":"/tmp/x/de…: done`: `read {"path":"` + statedDir + "…: done",
		"a … b /tmp…":                    "a … b " + statedDir + "…",
		"…":                              "…",
	} {
		if got := statedCut(text, dir); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestAgrees(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		figure, found int
		want          bool
	}{{100, 100, true}, {157, 195, true}, {10_000, 11_000, true}, {10_000, 12_000, false}, {100, 195, false}} {
		if got := agrees(tc.figure, tc.found); got != tc.want {
			t.Errorf("%d and %d: %v, want %v", tc.figure, tc.found, got, tc.want)
		}
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		ids  []string
		want string
	}{{[]string{"T1"}, "T1a T1b"}, {[]string{"T6", "T4b"}, "T6 T4b"}, {[]string{"T7"}, ""}} {
		list, err := Named(tc.ids...)
		var got []string
		for _, task := range list {
			got = append(got, task.ID)
		}
		if strings.Join(got, " ") != tc.want || (err != nil) != (tc.want == "") {
			t.Errorf("%v: %v, %v; want %s", tc.ids, got, err, tc.want)
		}
	}
}

// A mistake has to be one that the script really has.
func TestSlips(t *testing.T) {
	t.Parallel()
	for _, task := range All() {
		if strings.Count(task.script, task.slip[0]) == 0 || task.slip[0] == task.slip[1] {
			t.Errorf("%s: the script has no %q", task.ID, task.slip[0])
		}
	}
}
