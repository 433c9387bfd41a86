package gateway

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestOnlyReads(t *testing.T) {
	yes, no := true, false
	for _, tc := range []struct {
		name  string
		hints bindery.Hints
		want  bool
	}{
		{"create_entities", bindery.Hints{}, false},
		{"read_graph", bindery.Hints{}, true},
		{"getIssueList", bindery.Hints{}, true},
		{"API-get-user", bindery.Hints{}, true},
		{"notion-search", bindery.Hints{}, true},
		{"search_and_replace", bindery.Hints{}, false},
		{"get_or_create_user", bindery.Hints{}, false},
		{"frobnicate", bindery.Hints{}, false},
		{"getaway", bindery.Hints{}, false},
		{"frobnicate", bindery.Hints{ReadOnly: &yes}, true},
		{"delete_all", bindery.Hints{ReadOnly: &yes}, true},
		{"get_issue", bindery.Hints{ReadOnly: &no}, false},
		{"get_issue", bindery.Hints{Idempotent: &yes}, false},
	} {
		got := onlyReads(bindery.Tool{ID: bindery.ToolID{Server: "s", Name: tc.name}, Hints: tc.hints})
		if got != tc.want {
			t.Errorf("onlyReads(%s, %+v) = %v, want %v", tc.name, tc.hints, got, tc.want)
		}
	}
}

// A call whose client is asked lets others have its turn, and has it again
// before it goes on.
func TestTurnsDuringQuestions(t *testing.T) {
	tools := newFakeTools(ready("s", "create"))
	question, answer := make(chan struct{}), make(chan struct{})
	var inside atomic.Int64
	tools.call = func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if n := inside.Add(1); n != 1 {
			t.Errorf("%d calls run at once", n)
		}
		if string(c.Args) == `"asks"` {
			inside.Add(-1)
			if _, err := backends.PeerOf(ctx).Ask(ctx, "elicitation/create", nil); err != nil {
				t.Error(err)
			}
			if n := inside.Add(1); n != 1 {
				t.Errorf("%d calls run at once after the question", n)
			}
		}
		inside.Add(-1)
		return bindery.Result{}, nil
	}
	g := newGates(map[string]Concurrency{"s": {Limit: 1}}, nil).configured(tools)
	ctx := backends.WithPeer(t.Context(), &backends.Peer{Ask: func(context.Context, string, json.RawMessage) (json.RawMessage, error) {
		close(question)
		<-answer
		return nil, nil
	}})
	call := func(args string) error {
		_, err := g.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "create"}, Args: json.RawMessage(args)})
		return err
	}
	var all errgroup.Group
	all.Go(func() error { return call(`"asks"`) })
	<-question
	if err := call(`"another"`); err != nil {
		t.Error(err)
	}
	close(answer)
	all.Go(func() error { return call(`"a third"`) })
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
}

// Two scripts of two clients must not write to one server at once, and reads
// must not wait for each other.
func TestGatesHoldAcrossScripts(t *testing.T) {
	const scripts = 6
	for _, tc := range []struct {
		name, tool string
		rule       Concurrency
		most       int64
	}{
		{"writes one at a time", "create", Concurrency{}, 1},
		{"reads at once", "list", Concurrency{}, scripts},
		{"serial server", "list", Concurrency{Limit: 1}, 1},
		{"three at once", "create", Concurrency{Limit: 3}, 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tools := newFakeTools(ready("s", "create", "list"))
			var now, most atomic.Int64
			full := make(chan struct{})
			tools.call = func(_ context.Context, _ bindery.Call) (bindery.Result, error) {
				n := now.Add(1)
				defer now.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				if n == tc.most {
					select {
					case <-full:
					default:
						close(full)
					}
				}
				<-full // nobody leaves before the allowed number is in
				return structured("1"), nil
			}
			g := start(t, Options{
				Tools: tools, Concurrency: map[string]Concurrency{"s": tc.rule},
				Engine: engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
					_, _ = await(ctx, h, 1, "s", tc.tool, `{}`)
					return sandbox.Outcome{}
				}),
			})
			var eg errgroup.Group
			for range scripts {
				eg.Go(func() error {
					_, err := g.Execute(t.Context(), Anonymous(), Request{Code: "x"})
					return err
				})
			}
			if err := eg.Wait(); err != nil {
				t.Fatal(err)
			}
			if got := most.Load(); got != tc.most {
				t.Errorf("%d calls at once, want %d", got, tc.most)
			}
		})
	}
}

// A call that began under the configuration before holds back those at its
// server still, whatever became of the others.
func TestTurnsAfterReload(t *testing.T) {
	tools := newFakeTools(ready("s", "create"))
	begun, end := make(chan struct{}), make(chan struct{})
	tools.call = func(context.Context, bindery.Call) (bindery.Result, error) {
		close(begun)
		<-end
		return bindery.Result{}, nil
	}
	o := Options{Tools: tools, Concurrency: map[string]Concurrency{"s": {Limit: 1}}}
	g := start(t, o)
	var all errgroup.Group
	all.Go(func() error {
		_, err := g.now.Load().gates.configured(tools).Call(t.Context(), bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "create"}})
		return err
	})
	<-begun
	o.Concurrency = map[string]Concurrency{"s": {Limit: 1}, "another": {}}
	g.Apply(o)
	if g.now.Load().gates.of("s").TryAcquire(1) {
		t.Error("it is another call's turn, though one is under way")
	}
	close(end)
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
}
