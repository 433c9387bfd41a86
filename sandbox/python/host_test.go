package python_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// host is a scripted sandbox.Host: each tool answers in its own way, and calls
// are recorded in the order in which they were started.
type host struct {
	mu    sync.Mutex
	calls []bindery.Call
	lines []sandbox.Line
	work  sync.WaitGroup

	drafts []json.RawMessage // what it was asked to check before the start
}

func (h *host) Log(l sandbox.Line) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, l)
}

func (h *host) Start(ctx context.Context, c bindery.Call, done func(bindery.Result, error)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if sandbox.IsPrecheck(c.Tool) {
		h.drafts = append(h.drafts, c.Args)
		done(judge(c.Args))
		return
	}
	h.calls = append(h.calls, c)
	switch c.Tool.Name {
	case "hang":
		h.work.Go(func() {
			<-ctx.Done()
			done(bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Op: "call " + c.Tool.String(), Err: ctx.Err()})
		})
	case "slow", "wait_20_ms":
		h.work.Go(func() {
			select {
			case <-time.After(20 * time.Millisecond):
			case <-ctx.Done():
			}
			done(bindery.Result{Structured: c.Args}, nil)
		})
	default:
		// At once, so that scripts in testdata have one outcome only.
		done(answer(c))
	}
}

// judge objects to a number that is a string.
func judge(list json.RawMessage) (bindery.Result, error) {
	var drafts []sandbox.Draft
	if err := json.Unmarshal(list, &drafts); err != nil {
		return bindery.Result{}, err
	}
	objections := []sandbox.Objection{}
	for i, d := range drafts {
		var args struct{ Number any }
		if err := json.Unmarshal(d.Args, &args); err != nil {
			return bindery.Result{}, err
		}
		if _, wrong := args.Number.(string); wrong {
			objections = append(objections, sandbox.Objection{
				Draft: i, Message: "call " + d.Tool.String() + ": number: expected integer", Hint: d.Tool.String() + "(number=int)",
			})
		}
	}
	found, err := json.Marshal(objections)
	return bindery.Result{Structured: found}, err
}

func text(s ...string) bindery.Result {
	var r bindery.Result
	for _, t := range s {
		r.Content = append(r.Content, bindery.Content{Type: "text", Text: t})
	}
	return r
}

func answer(c bindery.Call) (bindery.Result, error) {
	var args struct{ Text, JSON string }
	if err := json.Unmarshal(c.Args, &args); err != nil {
		return bindery.Result{}, err
	}
	switch c.Tool.Name {
	case "echo", "at_once", "a-b", "constructor", "then", "words":
		return bindery.Result{Structured: c.Args}, nil
	case "text":
		return text(args.Text), nil
	case "texts":
		return text("one", "two"), nil
	case "nothing":
		return bindery.Result{}, nil
	case "json":
		return bindery.Result{Structured: json.RawMessage(args.JSON)}, nil
	case "image":
		return bindery.Result{Content: []bindery.Content{
			{Type: "text", Text: "a picture"}, {Type: "image", Data: []byte{1, 2, 3}, MIMEType: "image/png"},
		}}, nil
	case "fail":
		r := text("Not Found", "try another id")
		r.IsError = true
		r.Raw = json.RawMessage(`{"content":[{"type":"text","text":"Not Found"}],"isError":true,"_meta":{"status":404}}`)
		return r, nil
	case "deny":
		return bindery.Result{}, &bindery.Error{
			Code: bindery.Denied, Op: "call " + c.Tool.String(), Hint: "ask for access", Err: errors.New("not allowed"),
		}
	case "raw":
		r := text("x")
		r.Raw = json.RawMessage(`{"content":[{"type":"text","text":"x"}],"_meta":{"k":1}}`)
		return r, nil
	case "search", "describe", "store.set", "store.get", "store.delete", "store.keys", "results.get", "results.list":
		s, err := json.Marshal(c.Tool.Name + " " + string(c.Args))
		return bindery.Result{Structured: s}, err
	}
	return bindery.Result{}, &bindery.Error{Code: bindery.NotFound, Op: "call " + c.Tool.String(), Err: errors.New("no such tool")}
}

func bindings() *sandbox.Bindings {
	var github sandbox.Server
	github.Name, github.Ident = "github", "github"
	for _, name := range []string{
		"echo", "text", "texts", "nothing", "json", "image", "fail", "deny", "raw", "hang", "slow", "at_once",
		"list_issues", "get_issue", "constructor", "then",
	} {
		github.Tools = append(github.Tools, sandbox.Tool{Name: name, Ident: name})
	}
	github.Tools = append(github.Tools,
		sandbox.Tool{Name: "a-b", Refused: `"a-b" and "a_b" both read a_b`},
		sandbox.Tool{Name: "a_b", Refused: `"a-b" and "a_b" both read a_b`},
		sandbox.Tool{Name: "words", Ident: "words", Params: map[string]string{"class_": "class", "auth_method": "auth-method"}})
	return &sandbox.Bindings{Digest: "test", Servers: []sandbox.Server{
		github,
		{Name: "error-monitor", Ident: "error_monitor", Tools: []sandbox.Tool{{Name: "echo", Ident: "echo"}}},
		{Name: "issue-tracker", Ident: "issue_tracker", Refused: "the server is down: exit status 1"},
		{Name: "search", Ident: "search", Tools: []sandbox.Tool{{Name: "echo", Ident: "echo"}}},
		{Name: "json", Ident: "json", Tools: []sandbox.Tool{{Name: "echo", Ident: "echo"}}},
	}}
}

// script returns a script with limits that a slow machine does not reach.
func script(source string) sandbox.Script {
	l := sandbox.DefaultLimits()
	l.Wall = time.Minute
	l.Grace = 30 * time.Second
	return sandbox.Script{Source: source, Language: sandbox.Python, Bindings: bindings(), Limits: l}
}

func run(t testing.TB, s sandbox.Script) (sandbox.Outcome, *host) {
	t.Helper()
	h := new(host)
	out, err := engine(t).Run(t.Context(), s, h)
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	h.work.Wait()
	return out, h
}

// show puts an outcome in one line: the value, or the failure.
func show(out sandbox.Outcome) string {
	f := out.Failure
	if f == nil {
		return string(out.Value)
	}
	name := f.Name
	if name == "" {
		name = f.Code.String()
	}
	return fmt.Sprintf("%s@%d:%d: %s", name, f.Line, f.Column, f.Message)
}
