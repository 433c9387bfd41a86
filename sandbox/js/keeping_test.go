package js_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/js"
)

// builtins is a host that answers its own functions with what they were asked.
type builtins struct{ lines []sandbox.Line }

func (b *builtins) Log(l sandbox.Line) { b.lines = append(b.lines, l) }

func (b *builtins) Start(_ context.Context, c bindery.Call, done func(bindery.Result, error)) {
	text, _ := json.Marshal(fmt.Sprintf("%s %s", c.Tool.Name, c.Args))
	go done(bindery.Result{Structured: text}, nil)
}

func TestKeepingAsksTheHost(t *testing.T) {
	for _, tc := range []struct{ call, want string }{
		{`results.get("abc")`, `results.get {"id":"abc"}`},
		{`results.list()`, `results.list {}`},
		{`store.set("k", {a: [1, null]})`, `store.set {"key":"k","value":{"a":[1,null]}}`},
		{`store.set("k")`, `store.set {"key":"k"}`},
		{`store.get("k")`, `store.get {"key":"k"}`},
		{`store.delete("k")`, `store.delete {"key":"k"}`},
		{`store.keys()`, `store.keys {}`},
	} {
		s := script("return await " + tc.call)
		s.Bindings = nil
		out, err := js.New().Run(t.Context(), s, &builtins{})
		want, _ := json.Marshal(tc.want)
		if err != nil || string(out.Value) != string(want) {
			t.Errorf("%s: %s, %+v, %v", tc.call, out.Value, out.Failure, err)
		}
	}
	s := script(`await store.get("a", "b")`)
	if out, err := js.New().Run(t.Context(), s, &builtins{}); err != nil || out.Failure == nil || !strings.Contains(out.Failure.Message, "store.get takes 1 argument, not 2") {
		t.Errorf("%+v, %v", out.Failure, err)
	}
}

func TestProgress(t *testing.T) {
	for _, tc := range []struct {
		call string
		want sandbox.Progress
	}{
		{`progress("page 3", 3, 10)`, sandbox.Progress{Message: "page 3", Done: 3, Total: 10}},
		{`progress("half")`, sandbox.Progress{Message: "half"}},
		{`progress(1, 2)`, sandbox.Progress{Done: 1, Total: 2}},
		{`progress("x", NaN, Infinity)`, sandbox.Progress{Message: "x"}},
		{`progress()`, sandbox.Progress{}},
	} {
		h := &builtins{}
		out, err := js.New().Run(t.Context(), script(tc.call+"; 1"), h)
		if err != nil || string(out.Value) != "1" || len(h.lines) != 1 || len(out.Logs) != 0 {
			t.Fatalf("%s: %s, %v, %v", tc.call, out.Value, h.lines, err)
		}
		if p, ok := h.lines[0].Progress(); !ok || p != tc.want {
			t.Errorf("%s tells %+v", tc.call, p)
		}
	}
}

// A loop that tells of each of its steps does not flood the client, and the
// end is told.
func TestProgressIsSparse(t *testing.T) {
	h := &builtins{}
	out, err := js.New().Run(t.Context(), script(`for (let i = 1; i <= 20000; i++) progress("step", i, 20000)`), h)
	if err != nil || out.Failure != nil {
		t.Fatal(out.Failure, err)
	}
	last, ok := h.lines[len(h.lines)-1].Progress()
	if len(h.lines) > 5000 || !ok || last.Done != 20000 {
		t.Errorf("%d lines, the last %+v", len(h.lines), last)
	}
}
