package execution

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/bindery-mcp/bindery"
)

func TestRecords(t *testing.T) {
	l := New("x", reads, nil, nil)
	play(l, "w1 (r2! w3-) w4? w5~")
	var got []string
	for _, r := range l.Records() {
		got = append(got, fmt.Sprintf("%d %s %s", r.Line, r, r.State))
	}
	want := `1 s.w({"n":1}) completed|2 s.r({"n":2}) failed|3 s.w({"n":3}) refused|4 s.w({"n":4}) unknown|5 s.w({"n":5}) refused`
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("%s, want %s", s, want)
	}
}

func TestShortArguments(t *testing.T) {
	for _, tc := range []struct{ args, want string }{
		{"", ""},
		{"{}", ""},
		{`{"a":1}`, `{"a":1}`},
		{`{"a":"` + strings.Repeat("x", 200) + `"}`, `{"a":"` + strings.Repeat("x", 71) + "…"},
		{`{"a":"` + strings.Repeat("語", 100) + `"}`, `{"a":"` + strings.Repeat("語", 23) + "…"},
	} {
		if got := short(json.RawMessage(tc.args)); got != tc.want || len(got) > maxArgs {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}

func TestIdentity(t *testing.T) {
	w := bindery.ToolID{Server: "s", Name: "w"}
	for _, tc := range []struct {
		name, a, b string
		same       bool
	}{
		{"order of keys", `{"a":1,"b":{"c":2,"d":3}}`, `{ "b":{"d":3,"c":2}, "a":1 }`, true},
		{"nothing", ``, `{}`, true},
		{"order of elements", `{"a":[1,2]}`, `{"a":[2,1]}`, false},
		{"big numbers", `{"a":12345678901234567890}`, `{"a":12345678901234567891}`, false},
		{"text and number", `{"a":"1"}`, `{"a":1}`, false},
		{"escapes", `{"a":"\u0062"}`, `{"a":"b"}`, true},
	} {
		if got := identify(w, json.RawMessage(tc.a)) == identify(w, json.RawMessage(tc.b)); got != tc.same {
			t.Errorf("%s: the same: %v", tc.name, got)
		}
	}
	if identify(w, nil) == identify(bindery.ToolID{Server: "s", Name: "v"}, nil) {
		t.Error("two tools are the same")
	}
}

// However much the tools answer, a ledger keeps so much of it, and rather what
// cannot be asked for again.
func TestLedgerIsBounded(t *testing.T) {
	l := New("x", reads, nil, nil)
	large := bindery.Result{Raw: make(json.RawMessage, MaxBytes/4)}
	call := func(seq int, tool string) {
		c := bindery.Call{Tool: bindery.ToolID{Server: "s", Name: tool}, Seq: seq}
		l.enter(c)
		_, _ = l.Layer(l.Sent(bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
			return large, nil
		}))).Call(t.Context(), c)
	}
	for i := range 6 {
		call(i+1, "r")
	}
	for i := range 3 {
		call(i+7, "w")
	}
	kept := map[bool]int{}
	for _, e := range l.entries {
		if e.result != nil {
			kept[e.reads]++
		}
	}
	if l.bytes > MaxBytes || kept[true] != 1 || kept[false] != 3 {
		t.Errorf("%d bytes; %d reads and %d changes kept", l.bytes, kept[true], kept[false])
	}
	call(10, "w")
	call(11, "w")
	if l.bytes > MaxBytes || l.Records()[10].State != Completed {
		t.Errorf("%d bytes, %+v", l.bytes, l.Records()[10])
	}
}

func TestProgress(t *testing.T) {
	events := 0
	l := New("x", reads, nil, func() { events++ })
	play(l, "w1 w2!")
	c := bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "w"}, Seq: 3, Line: 9}
	l.enter(c)
	_, _ = l.Layer(l.Sent(bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		if ended, underway := l.Progress(); ended != 2 || len(underway) != 1 || underway[0].Line != 9 {
			t.Errorf("%d ended, under way %v", ended, underway)
		}
		return bindery.Result{}, nil
	}))).Call(t.Context(), c)
	if ended, underway := l.Progress(); ended != 3 || len(underway) != 0 || events != 6 {
		t.Errorf("%d ended, %d under way, %d events", ended, len(underway), events)
	}
}

func TestConcurrentCalls(t *testing.T) {
	first := New("1", reads, nil, nil)
	run := func(l *Ledger) {
		var wg sync.WaitGroup
		for i := range 200 {
			c := bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "w"}, Args: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i)), Seq: i + 1}
			l.Host(&starter{start: func(ctx context.Context, c bindery.Call, done func(bindery.Result, error)) {
				wg.Go(func() {
					done(l.Layer(l.Sent(bindery.CallerFunc(func(_ context.Context, c bindery.Call) (bindery.Result, error) {
						return bindery.Result{Structured: c.Args}, nil
					}))).Call(ctx, c))
				})
			}}).Start(t.Context(), c, func(r bindery.Result, err error) {
				if string(r.Structured) != string(c.Args) || err != nil {
					t.Errorf("call %d: %s, %v", c.Seq, r.Structured, err)
				}
			})
			l.Progress()
		}
		wg.Wait()
	}
	run(first)
	second := New("2", reads, first, nil)
	run(second)
	if n, _ := second.Replayed(); n != 200 || len(second.Records()) != 200 {
		t.Errorf("%d of 200 replayed, %d records", n, len(second.Records()))
	}
}
