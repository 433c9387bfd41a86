package worker_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
	"github.com/google/go-cmp/cmp"
)

// newPool starts a pool, of test workers unless o says otherwise, that the test
// closes.
func newPool(t testing.TB, o worker.Options) *worker.Pool {
	t.Helper()
	if len(o.Command) == 0 {
		o.Command = []string{program, worker.Arg}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	p, err := worker.NewPool(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

// bindings are ten tools of one server.
func bindings() *sandbox.Bindings {
	s := sandbox.Server{Name: "srv", Ident: "srv"}
	for i := range 10 {
		name := "t" + string(rune('0'+i))
		s.Tools = append(s.Tools, sandbox.Tool{Name: name, Ident: name})
	}
	return &sandbox.Bindings{Digest: "ten", Servers: []sandbox.Server{s}}
}

func limits() sandbox.Limits {
	l := sandbox.DefaultLimits()
	l.Wall, l.CPU = 60*time.Second, 60*time.Second
	return l
}

// answering is a Caller that answers every call alike.
func answering(r bindery.Result) bindery.Caller {
	return bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) { return r, nil })
}

func runScript(t testing.TB, p *worker.Pool, s sandbox.Script, c bindery.Caller) sandbox.Outcome {
	t.Helper()
	d := sandbox.NewDispatcher(c, s.Bindings, s.Limits, nil)
	defer d.Close()
	out, err := p.Run(t.Context(), s, d)
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	return out
}

func TestRun(t *testing.T) {
	p := newPool(t, worker.Options{})
	raw := json.RawMessage(`{"content":[{"type":"text","text":"hé"}],"structuredContent":{"n":12345678901234567890}}`)
	result := bindery.Result{
		Raw: raw, Structured: json.RawMessage(`{"n":12345678901234567890}`),
		Content: []bindery.Content{
			{Type: "text", Text: "hé", Raw: json.RawMessage(`{"type":"text","text":"hé"}`)},
			{Type: "image", Data: []byte("\x00\xff")},
		},
	}
	for _, test := range []struct {
		name, source, data string
		result             bindery.Result
		edit               func(*sandbox.Limits)
		want               string
		code               bindery.Code // of the failure, if failure is set
		failure            string
	}{
		{name: "value", source: "echo", data: `{"a":[1,2]}`, want: `{"a":[1,2]}`},
		{name: "no value", source: "log=1"},
		{name: "bound", source: "bound", want: "10"},
		{
			name: "calls", source: "calls=20", data: `{"x":1}`, result: result,
			want: `{"{\"n\":12345678901234567890}|text:hé|image:\u0000\ufffd":20}`,
		},
		{name: "tool error", source: "calls=2", result: bindery.Result{IsError: true}, want: `{"isError":2}`},
		{
			name: "call budget", source: "calls=10000", result: bindery.Result{Structured: json.RawMessage("1")},
			edit: func(l *sandbox.Limits) { l.Calls = 9990 },
			want: `{"1":9990,"limit: call srv.t0: call limit of 9990 exceeded (limits.calls)":1,` + refusals(1, 9) + `}`,
		},
		{
			name: "arguments", source: "calls=1", data: `"` + strings.Repeat("x", 2000) + `"`,
			edit: func(l *sandbox.Limits) { l.Args = 1000 },
			want: `{"limit: call srv.t0: arguments of 1.95 KiB exceed the limit of 1000 bytes (limits.args)":1}`,
		},
		{
			name: "large result", source: "calls=3",
			result: bindery.Result{Structured: json.RawMessage(`"` + strings.Repeat("x", 6<<20) + `"`)},
			want:   `{"6291458 bytes":3}`,
		},
		{name: "failure", source: "throw", code: bindery.Script, failure: "thrown"},
		{
			name: "value too large", source: "value=3000", edit: func(l *sandbox.Limits) { l.Value = 1000 },
			code: bindery.Limit, failure: "result of 2.93 KiB exceeds the limit of 1000 bytes (limits.value)",
		},
		{
			name: "source too large", source: strings.Repeat("log=0 ", 300), edit: func(l *sandbox.Limits) { l.Source = 1 << 10 },
			code: bindery.Limit, failure: "script of 1.75 KiB exceeds the limit of 1 KiB (limits.source)",
		},
		{name: "stderr flood", source: "stderr echo", data: "1", want: "1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := sandbox.Script{Source: test.source, Bindings: bindings(), Limits: limits()}
			if test.data != "" {
				s.Data = json.RawMessage(test.data)
			}
			if test.edit != nil {
				test.edit(&s.Limits)
			}
			out := runScript(t, p, s, answering(test.result))
			if diff := cmp.Diff(test.want, string(out.Value)); diff != "" {
				t.Errorf("value (-want +got):\n%s\nfailure: %+v", diff, out.Failure)
			}
			checkFailure(t, out.Failure, test.code, test.failure)
		})
	}
}

// refusals are the counted answers of calls refused for the budget.
func refusals(from, to int) string {
	var parts []string
	for i := from; i <= to; i++ {
		parts = append(parts, `"limit: call srv.t`+string(rune('0'+i))+`: call limit of 9990 exceeded (limits.calls)":1`)
	}
	return strings.Join(parts, ",")
}

func checkFailure(t *testing.T, f *sandbox.Failure, code bindery.Code, message string) {
	t.Helper()
	switch {
	case f == nil && message != "":
		t.Errorf("no failure, want %s: %s", code, message)
	case f != nil && (f.Code != code || f.Message != message):
		t.Errorf("failure = %s: %s (hint %q), want %s: %s", f.Code, f.Message, f.Hint, code, message)
	}
}

func TestLogs(t *testing.T) {
	p := newPool(t, worker.Options{})
	l := limits()
	l.Logs = 70 // ten lines of seven bytes
	var mu sync.Mutex
	var seen []string
	d := sandbox.NewDispatcher(answering(bindery.Result{}), nil, l, func(l sandbox.Line) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, l.Text)
	})
	defer d.Close()
	out, err := p.Run(t.Context(), sandbox.Script{Source: "log=100", Limits: l}, d)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Logs) != 10 || out.LogsDropped != 90 || len(seen) != 10 {
		t.Errorf("%d lines kept, %d dropped, %d passed on; want 10, 90, 10", len(out.Logs), out.LogsDropped, len(seen))
	}
}

func TestEngineError(t *testing.T) {
	p := newPool(t, worker.Options{Size: -1})
	d := sandbox.NewDispatcher(answering(bindery.Result{}), nil, limits(), nil)
	defer d.Close()
	_, err := p.Run(t.Context(), sandbox.Script{Source: "fail", Limits: limits()}, d)
	if err == nil || err.Error() != "run: engine failed" || bindery.CodeOf(err) != bindery.Internal {
		t.Errorf("err = %v (%s)", err, bindery.CodeOf(err))
	}
}
