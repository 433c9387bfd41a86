package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
)

// posting is a script whose source is the tools to call, each with its position
// as its argument; "throw" fails it.
var posting = engine(func(ctx context.Context, s sandbox.Script, h sandbox.Host) sandbox.Outcome {
	for i, name := range strings.Fields(s.Source) {
		if name == "throw" {
			return sandbox.Outcome{Failure: &sandbox.Failure{Code: bindery.Script, Name: "Error", Message: "boom"}}
		}
		if _, err := await(ctx, h, i+1, "s", name, fmt.Sprintf(`{"id":%d}`, i)); err != nil && !strings.Contains(s.Source, "anyway") {
			return sandbox.Outcome{Failure: &sandbox.Failure{Code: bindery.CodeOf(err), Name: "ToolError", Message: err.Error(), Hint: bindery.HintOf(err)}}
		}
	}
	return sandbox.Outcome{Value: json.RawMessage(`"done"`)}
})

func counting() (*fakeTools, *atomic.Int64) {
	tools := newFakeTools(ready("s", "post", "put", "get", "lost", "anyway"))
	made := new(atomic.Int64)
	tools.call = func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		made.Add(1)
		if c.Tool.Name == "lost" {
			return bindery.Result{}, &bindery.Error{Code: bindery.Timeout, Err: errors.New("no answer")}
		}
		return structured(string(c.Args)), nil
	}
	return tools, made
}

func execute(t *testing.T, g *Gateway, c Client, r Request) Answer {
	t.Helper()
	a, err := g.Execute(t.Context(), c, r)
	if err != nil {
		t.Fatalf("%q: %v", r.Code, err)
	}
	return a
}

func TestResume(t *testing.T) {
	for _, tc := range []struct {
		name, before, after string
		made                int64 // calls by the second script
		want                []string
	}{
		{"the rest", "post put throw", "post put post", 1, []string{"done", "note: 2 calls replayed from execution "}},
		{"one call", "post throw", "post", 0, []string{"done", "note: 1 call replayed from execution "}},
		{"another past", "post put throw", "put", 0, []string{"ToolError: resume ", "the script calls s.put({\"id\":0}) where execution ", " had called s.post({\"id\":0}) (line 1), which took effect", "hint: make the same calls"}},
		{"stops a script that goes on", "post throw", "put anyway", 0, []string{"Error: resume ", "where execution "}},
		{"unknown", "lost", "lost", 0, []string{"s.lost({\"id\":0}) was sent before (line 1) and not answered", "hint: find out with calls that only read"}},
		{"leaves something out", "post put throw", "post", 0, []string{"done", "did not come to 1 of the changes", `s.put({"id":1})`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tools, made := counting()
			g := start(t, Options{Tools: tools, Engine: posting})
			first := execute(t, g, Anonymous(), Request{Code: tc.before})
			if !strings.Contains(first.Text(), `send the mended script with resume: "`+first.Execution+`"`) {
				t.Fatalf("the failure is %s", first.Text())
			}
			before := made.Load()
			second := execute(t, g, Anonymous(), Request{Code: tc.after, Resume: first.Execution})
			for _, part := range tc.want {
				if !strings.Contains(second.Text(), part) {
					t.Errorf("%s\nlacks %s", second.Text(), part)
				}
			}
			if n := made.Load() - before; n != tc.made {
				t.Errorf("%d calls were made, want %d", n, tc.made)
			}
			if _, err := g.Execute(t.Context(), Anonymous(), Request{Code: tc.after, Resume: first.Execution}); bindery.CodeOf(err) != bindery.Invalid || !strings.Contains(err.Error(), second.Execution) {
				t.Errorf("resumed twice: %v", err)
			}
		})
	}
}

func TestNothingToResume(t *testing.T) {
	tools, _ := counting()
	g := start(t, Options{Tools: tools, Engine: posting})
	for code, text := range map[string]string{"throw": "Error: boom", "post": "done"} {
		if got := execute(t, g, Anonymous(), Request{Code: code}).Text(); got != text {
			t.Errorf("%s: %s", code, got)
		}
	}
	a := execute(t, g, Anonymous(), Request{Code: "post throw", Alone: true})
	if strings.Contains(a.Text(), "resume") {
		t.Errorf("a script on its own: %s", a.Text())
	}
	for _, id := range []string{a.Execution, "abcdefghijkl"} {
		if _, err := g.Execute(t.Context(), Anonymous(), Request{Code: "post", Resume: id}); bindery.CodeOf(err) != bindery.NotFound {
			t.Errorf("resume %s: %v", id, err)
		}
	}
}

func TestNobodyResumesAnothersScript(t *testing.T) {
	tools, made := counting()
	a, b := NewClient("a", config.Client{}), NewClient("b", config.Client{})
	g := start(t, Options{Tools: tools, Engine: posting, Clients: []Client{a, b}})
	first := execute(t, g, a, Request{Code: "post throw"})
	_, theirs := g.Execute(t.Context(), b, Request{Code: "post", Resume: first.Execution})
	_, none := g.Execute(t.Context(), b, Request{Code: "post", Resume: strings.Repeat("a", 12)})
	if bindery.CodeOf(theirs) != bindery.NotFound || strings.ReplaceAll(theirs.Error(), first.Execution, strings.Repeat("a", 12)) != none.Error() {
		t.Errorf("another's id: %v; no id: %v", theirs, none)
	}
	if got := execute(t, g, a, Request{Code: "post", Resume: first.Execution}).Text(); made.Load() != 1 || !strings.HasPrefix(got, "done") {
		t.Errorf("its own: %d calls, %s", made.Load(), got)
	}
}

func TestExecutionsCannotBeResumedForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tools, _ := counting()
		g := New(Options{Tools: tools, Engine: posting, Keep: Keep{Age: time.Minute}})
		defer g.Close(t.Context())
		first := execute(t, g, Anonymous(), Request{Code: "post throw"})
		time.Sleep(time.Minute)
		_, err := g.Execute(t.Context(), Anonymous(), Request{Code: "post", Resume: first.Execution})
		if bindery.CodeOf(err) != bindery.NotFound || !strings.Contains(bindery.HintOf(err), "for 1m") {
			t.Errorf("%v, hint %s", err, bindery.HintOf(err))
		}
	})
}

// A call that gave up waiting for its turn was never sent.
func TestCallsThatWaitAreNotSent(t *testing.T) {
	tools := newFakeTools(ready("s", "post"))
	sent := make(chan struct{})
	tools.call = func(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
		close(sent)
		<-ctx.Done()
		return bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Err: ctx.Err()}
	}
	g := start(t, Options{Tools: tools, Engine: engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
		ctx, cancel := context.WithCancel(ctx)
		ended := make(chan struct{}, 2)
		for i := range 2 {
			h.Start(ctx, bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "post"}, Seq: i + 1, Line: i + 1}, func(bindery.Result, error) { ended <- struct{}{} })
		}
		<-sent
		cancel()
		<-ended
		<-ended
		return sandbox.Outcome{Failure: &sandbox.Failure{Message: "cancelled"}}
	})})
	text := execute(t, g, Anonymous(), Request{Code: "x"}).Text()
	if !strings.Contains(text, "s.post() (line 1): unknown") || strings.Contains(text, "line 2") {
		t.Error(text)
	}
}

// What failed or is unknown is listed however many calls there were.
func TestManyCallsAreCounted(t *testing.T) {
	tools, _ := counting()
	g := start(t, Options{Tools: tools, Engine: posting})
	text := execute(t, g, Anonymous(), Request{Code: strings.Repeat("post get ", 100) + "lost"}).Text()
	for _, want := range []string{
		`- s.post({"id":0}) (line 1): completed`, `- s.lost({"id":200}) (line 201): unknown`, "- and 181 more that completed: 91 × s.get, 90 × s.post",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nlacks %s", text, want)
		}
	}
	if n := strings.Count(text, "\n"); n > maxListed+8 {
		t.Errorf("%d lines", n)
	}
}
