package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestExecuteRefusesWhatCannotRun(t *testing.T) {
	g := start(t, Options{Tools: newFakeTools(), Engine: engine(func(context.Context, sandbox.Script, sandbox.Host) sandbox.Outcome {
		t.Error("the engine was asked")
		return sandbox.Outcome{}
	})})
	for _, tc := range []struct {
		request Request
		want    string
	}{
		{Request{Code: " \n"}, "code is empty"},
		{Request{Code: "1", Language: "cobol"}, `language "cobol" is not available`},
	} {
		_, err := g.Execute(t.Context(), Anonymous(), tc.request)
		if bindery.CodeOf(err) != bindery.Invalid || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v: %v", tc.request, err)
		}
	}
}

// What a client may not use does not exist for it: the call is refused as if
// there were no such tool, and neither search nor describe finds it.
func TestDeniedToolsDoNotExist(t *testing.T) {
	tools := newFakeTools(ready("github", "get_issue", "delete_repo"), ready("vault", "read_secret"))
	tools.call = func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		t.Errorf("%s was called", c.Tool)
		return bindery.Result{}, nil
	}
	client := NewClient("ci", config.Client{Allow: []config.ToolPattern{"github.*"}, Deny: []config.ToolPattern{"github.delete_*"}})
	g := start(t, Options{Tools: tools, Clients: []Client{client}, Engine: engine(
		func(ctx context.Context, s sandbox.Script, h sandbox.Host) sandbox.Outcome {
			for _, server := range s.Bindings.Servers {
				for _, tl := range server.Tools {
					if tl.Name != "get_issue" {
						t.Errorf("%s.%s is bound", server.Name, tl.Name)
					}
				}
			}
			for _, id := range []bindery.ToolID{{Server: "github", Name: "delete_repo"}, {Server: "vault", Name: "read_secret"}} {
				if _, err := await(ctx, h, 1, id.Server, id.Name, `{}`); bindery.CodeOf(err) != bindery.NotFound {
					t.Errorf("call of %s: %v", id, err)
				}
				if _, err := await(ctx, h, 1, sandbox.Builtin, "describe", `{"name":"`+id.String()+`"}`); bindery.CodeOf(err) != bindery.NotFound {
					t.Errorf("describe %s: %v", id, err)
				}
			}
			r, err := await(ctx, h, 1, sandbox.Builtin, "search", `{"query":"delete repo secret read","limit":50}`)
			if err != nil || strings.Contains(string(r.Structured), "delete_repo") || strings.Contains(string(r.Structured), "vault") {
				t.Errorf("search: %s, %v", r.Structured, err)
			}
			return sandbox.Outcome{}
		})})
	if _, err := g.Execute(t.Context(), client, Request{Code: "x"}); err != nil {
		t.Fatal(err)
	}
	if d := g.Definition(client); strings.Contains(d.Description+d.Instructions, "vault") {
		t.Errorf("the description names a server the client may not see:\n%s\n%s", d.Description, d.Instructions)
	}
}

func TestWrongArgumentsAreNotSent(t *testing.T) {
	tools := newFakeTools(ready("s", "get"))
	tools.call = func(context.Context, bindery.Call) (bindery.Result, error) {
		t.Error("the call was sent")
		return bindery.Result{}, nil
	}
	g := start(t, Options{Tools: tools, Engine: engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
		_, err := await(ctx, h, 1, "s", "get", `{"id":"seven"}`)
		if bindery.CodeOf(err) != bindery.Invalid || !strings.Contains(err.Error(), "id") {
			t.Errorf("error %v", err)
		}
		return sandbox.Outcome{}
	})})
	a, err := g.Execute(t.Context(), Anonymous(), Request{Code: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Calls) != 1 || a.Calls[0].State != execution.Refused {
		t.Errorf("ledger %+v", a.Calls)
	}
}

// A script that comes right after a start waits for the server it names.
func TestScriptWaitsForServersThatStart(t *testing.T) {
	tools := newFakeTools(backends.Server{Name: "slow", State: backends.Connecting})
	tools.ready = func(context.Context) error {
		tools.set(ready("slow", "get"))
		return nil
	}
	g := start(t, Options{Tools: tools, Engine: engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
		if _, err := await(ctx, h, 1, "slow", "get", `{"id":1}`); err != nil {
			t.Errorf("call: %v", err)
		}
		return sandbox.Outcome{}
	})})
	a, err := g.Execute(t.Context(), Anonymous(), Request{Code: "slow.get({id: 1})"})
	if err != nil || len(a.Outcome.Notes) != 0 {
		t.Errorf("%+v, %v", a.Outcome, err)
	}
}

func TestScriptIsToldOfServersThatStillStart(t *testing.T) {
	tools := newFakeTools(backends.Server{Name: "slow", State: backends.Connecting})
	tools.ready = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	g := start(t, Options{Tools: tools, Startup: 1, Engine: engine(func(context.Context, sandbox.Script, sandbox.Host) sandbox.Outcome {
		return sandbox.Outcome{}
	})})
	a, err := g.Execute(t.Context(), Anonymous(), Request{Code: "slow.get()"})
	if err != nil || !strings.Contains(a.Text(), "slow is still starting") {
		t.Errorf("%q, %v", a.Text(), err)
	}
	// Another script is not held up by a server it does not name.
	a, err = g.Execute(t.Context(), Anonymous(), Request{Code: "1 + 1"})
	if err != nil || len(a.Outcome.Notes) != 0 {
		t.Errorf("%+v, %v", a.Outcome, err)
	}
}

func TestLedgerTellsFates(t *testing.T) {
	tools := newFakeTools(ready("s", "ok", "bad", "gone", "broken"))
	tools.call = func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		switch c.Tool.Name {
		case "bad":
			return bindery.Result{IsError: true}, nil
		case "gone":
			return bindery.Result{}, &bindery.Error{Code: bindery.Unavailable, Err: errors.New("died")}
		case "broken":
			return bindery.Result{}, &bindery.Error{Code: bindery.Upstream, Err: errors.New("-32603")}
		}
		return structured("1"), nil
	}
	g := start(t, Options{Tools: tools, Engine: engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
		for i, name := range []string{"ok", "bad", "gone", "broken"} {
			_, _ = await(ctx, h, i+1, "s", name, fmt.Sprintf(`{"id":%d}`, i+1))
		}
		return sandbox.Outcome{Failure: &sandbox.Failure{Name: "Error", Message: "boom", Line: 5, Column: 3, SourceLine: "throw x"}}
	})})
	a, err := g.Execute(t.Context(), Anonymous(), Request{Code: "x"})
	if err != nil {
		t.Fatal(err)
	}
	want := `Error: boom
  at script line 5:3
    throw x
calls that were made, and are not undone:
- s.ok({"id":1}) (line 1): completed
- s.bad({"id":2}) (line 2): failed
- s.gone({"id":3}) (line 3): unknown; it was sent and not answered, and may have taken effect
- s.broken({"id":4}) (line 4): failed
To go on without repeating them, send the mended script with resume: "` + a.Execution + `".`
	if got := a.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCloseWaitsThenCancels(t *testing.T) {
	running := make(chan struct{})
	g := New(Options{Tools: newFakeTools(), Engine: engine(func(ctx context.Context, _ sandbox.Script, _ sandbox.Host) sandbox.Outcome {
		close(running)
		<-ctx.Done()
		return sandbox.Outcome{Failure: &sandbox.Failure{Code: bindery.Cancelled, Message: "cancelled"}}
	})})
	ended := make(chan Answer, 1)
	go func() {
		a, _ := g.Execute(context.Background(), Anonymous(), Request{Code: "x"})
		ended <- a
	}()
	<-running
	patience, cancel := context.WithCancel(context.Background())
	closed := make(chan struct{})
	go func() { g.Close(patience); close(closed) }()
	select {
	case <-closed:
		t.Fatal("Close did not wait for the script")
	case <-ended:
		t.Fatal("Close cancelled the script at once")
	default:
	}
	cancel()
	<-closed
	if a := <-ended; a.Outcome.Failure == nil {
		t.Error("the script was not cancelled")
	}
	if _, err := g.Execute(context.Background(), Anonymous(), Request{Code: "x"}); bindery.CodeOf(err) != bindery.Unavailable {
		t.Errorf("a script after Close: %v", err)
	}
}
