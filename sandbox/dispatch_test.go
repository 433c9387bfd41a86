package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// twoServers have one tool that reads and one that writes each.
func twoServers() *sandbox.Bindings {
	tools := []sandbox.Tool{{Name: "read"}, {Name: "write", Ordered: true}}
	return &sandbox.Bindings{Servers: []sandbox.Server{{Name: "a", Tools: tools}, {Name: "b", Tools: tools}}}
}

// recorder is a Caller whose calls take a second each.
type recorder struct {
	mu      sync.Mutex
	running map[string]int
	most    map[string]int
	order   []int
	all     int
	mostAll int
}

func newRecorder() *recorder {
	return &recorder{running: map[string]int{}, most: map[string]int{}}
}

func (r *recorder) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	r.count(c, 1)
	defer r.count(c, -1)
	select {
	case <-time.After(time.Second):
		return bindery.Result{Structured: json.RawMessage("1")}, nil
	case <-ctx.Done():
		return bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Err: context.Cause(ctx)}
	}
}

func (r *recorder) count(c bindery.Call, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := c.Tool.String()
	r.running[id] += n
	r.all += n
	r.most[id] = max(r.most[id], r.running[id])
	r.mostAll = max(r.mostAll, r.all)
	if n > 0 {
		r.order = append(r.order, c.Seq)
	}
}

// start starts one call for each id and returns a function that waits for
// their errors.
func start(ctx context.Context, d *sandbox.Dispatcher, ids ...bindery.ToolID) func() []error {
	errs := make([]error, len(ids))
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Add(1)
		d.Start(ctx, bindery.Call{Tool: id, Seq: i + 1}, func(_ bindery.Result, err error) {
			errs[i] = err
			wg.Done()
		})
	}
	return func() []error { wg.Wait(); return errs }
}

func repeat(n int, ids ...bindery.ToolID) []bindery.ToolID {
	var all []bindery.ToolID
	for range n {
		all = append(all, ids...)
	}
	return all
}

func id(server, tool string) bindery.ToolID { return bindery.ToolID{Server: server, Name: tool} }

func TestDispatcherOrder(t *testing.T) {
	for _, test := range []struct {
		name     string
		ids      []bindery.ToolID
		inFlight int
		most     map[string]int
		mostAll  int
		seconds  int
		ordered  bool // whether all begin in the order they were started
	}{
		{"reads side by side", repeat(9, id("a", "read")), 64, map[string]int{"a.read": 9}, 9, 1, false},
		{"writes one by one", repeat(9, id("a", "write")), 64, map[string]int{"a.write": 1}, 1, 9, true},
		{
			"servers side by side", repeat(4, id("a", "write"), id("b", "write"), id("a", "read")), 64,
			map[string]int{"a.write": 1, "b.write": 1, "a.read": 4}, 6, 4, false,
		},
		{"at most so many", repeat(9, id("a", "read")), 3, map[string]int{"a.read": 3}, 3, 3, false},
		{
			"builtins keep no order", repeat(3, id("", "search"), id("a", "write")), 64,
			map[string]int{".search": 3, "a.write": 1}, 4, 3, false,
		},
		{"one at a time", repeat(2, id("a", "write"), id("b", "read")), 1, map[string]int{"a.write": 1, "b.read": 1}, 1, 4, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRecorder()
				l := sandbox.DefaultLimits()
				l.InFlight = test.inFlight
				d := sandbox.NewDispatcher(r, twoServers(), l, nil)
				defer d.Close()
				begin := time.Now()
				for i, err := range start(t.Context(), d, test.ids...)() {
					if err != nil {
						t.Errorf("call %d: %v", i+1, err)
					}
				}
				if got := time.Since(begin); got != time.Duration(test.seconds)*time.Second {
					t.Errorf("took %v, want %d s", got, test.seconds)
				}
				if diff := cmp.Diff(test.most, r.most); diff != "" || r.mostAll != test.mostAll {
					t.Errorf("at once: %d in all, want %d; by tool (-want +got):\n%s", r.mostAll, test.mostAll, diff)
				}
				if test.ordered {
					for i, seq := range r.order {
						if seq != i+1 {
							t.Fatalf("order = %v", r.order)
						}
					}
				}
			})
		})
	}
}

func TestDispatcherRefuses(t *testing.T) {
	l := sandbox.DefaultLimits()
	l.Calls, l.Args, l.Result = 3, 10, 20
	large := strings.Repeat("x", 21)
	caller := bindery.CallerFunc(func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		switch string(c.Args) {
		case `"raw"`:
			return bindery.Result{Raw: json.RawMessage(large)}, nil
		case `"text"`:
			return bindery.Result{Content: []bindery.Content{{Text: large}}}, nil
		case `"plain"`:
			return bindery.Result{}, errors.New("plain")
		}
		return bindery.Result{IsError: true}, nil
	})
	for _, test := range []struct {
		name string
		call bindery.Call
		nth  int // calls before it
		code bindery.Code
		want string
	}{
		{"unknown tool", bindery.Call{Tool: id("a", "x")}, 0, bindery.NotFound, "call a.x: no such tool"},
		{"unknown server", bindery.Call{Tool: id("c", "read")}, 0, bindery.NotFound, "call c.read: no such tool"},
		{"last call", bindery.Call{Tool: id("a", "read")}, 2, 0, ""},
		{"one call more", bindery.Call{Tool: id("a", "read")}, 3, bindery.Limit, "call a.read: call limit of 3 exceeded (limits.calls)"},
		{"builtins count", bindery.Call{Tool: id("", "search")}, 3, bindery.Limit, "call tools.search: call limit of 3 exceeded (limits.calls)"},
		{
			"arguments", bindery.Call{Tool: id("a", "read"), Args: json.RawMessage(`"123456789"`)}, 0,
			bindery.Limit, "call a.read: arguments of 11 bytes exceed the limit of 10 bytes (limits.args)",
		},
		{
			"result", bindery.Call{Tool: id("a", "read"), Args: json.RawMessage(`"raw"`)}, 0,
			bindery.Limit, "call a.read: result of 21 bytes exceeds the limit of 20 bytes (limits.result); the tool did run",
		},
		{
			"content", bindery.Call{Tool: id("a", "read"), Args: json.RawMessage(`"text"`)}, 0,
			bindery.Limit, "call a.read: result of 21 bytes exceeds the limit of 20 bytes (limits.result); the tool did run",
		},
		{"other error", bindery.Call{Tool: id("a", "read"), Args: json.RawMessage(`"plain"`)}, 0, bindery.Internal, "call a.read: plain"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := sandbox.NewDispatcher(caller, twoServers(), l, nil)
			defer d.Close()
			start(t.Context(), d, repeat(test.nth, id("a", "read"))...)()
			answer := make(chan error)
			d.Start(t.Context(), test.call, func(_ bindery.Result, err error) { answer <- err })
			err := <-answer
			if test.want == "" {
				if err != nil {
					t.Errorf("err = %v", err)
				}
				return
			}
			if err == nil || err.Error() != test.want || bindery.CodeOf(err) != test.code {
				t.Errorf("err = %v (%s), want %s (%s)", err, bindery.CodeOf(err), test.want, test.code)
			}
		})
	}
}

// A refusal does not wait behind calls that hold every slot.
func TestDispatcherRefusesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := sandbox.DefaultLimits()
		l.Calls, l.InFlight = 2, 1
		d := sandbox.NewDispatcher(newRecorder(), twoServers(), l, nil)
		defer d.Close()
		wait := start(t.Context(), d, repeat(2, id("a", "read"))...)
		begin := time.Now()
		if err := start(t.Context(), d, id("a", "read"))()[0]; bindery.CodeOf(err) != bindery.Limit {
			t.Errorf("third call: %v", err)
		}
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("refused after %v", waited)
		}
		wait()
	})
}

func TestDispatcherClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorder()
		l := sandbox.DefaultLimits()
		l.InFlight = 2
		d := sandbox.NewDispatcher(r, twoServers(), l, nil)
		wait := start(t.Context(), d, repeat(3, id("a", "read"), id("a", "write"))...)
		synctest.Wait()
		d.Close()
		for i, err := range wait() {
			if bindery.CodeOf(err) != bindery.Cancelled {
				t.Errorf("call %d: %v", i+1, err)
			}
		}
		if len(r.order) != 2 {
			t.Errorf("%d calls were made, want only the 2 that ran already", len(r.order))
		}
		if err := start(t.Context(), d, id("a", "read"))()[0]; bindery.CodeOf(err) != bindery.Cancelled {
			t.Errorf("call after Close: %v", err)
		}
		d.Close()
	})
}

func TestDispatcherContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := sandbox.NewDispatcher(newRecorder(), twoServers(), sandbox.DefaultLimits(), nil)
		defer d.Close()
		ctx, cancel := context.WithCancel(t.Context())
		wait := start(ctx, d, repeat(5, id("a", "write"))...)
		synctest.Wait()
		cancel()
		begin := time.Now()
		for i, err := range wait() {
			if bindery.CodeOf(err) != bindery.Cancelled {
				t.Errorf("call %d: %v", i+1, err)
			}
		}
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("cancelled after %v", waited)
		}
	})
}

func TestFormatBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 bytes", 1023: "1023 bytes", 1024: "1 KiB", 1536: "1.5 KiB",
		256 << 20: "256 MiB", 1000 << 10: "1000 KiB", 1999 << 10: "1.95 MiB", 1<<20 + 100: "1 MiB", 3 << 30: "3 GiB",
	} {
		if got := sandbox.FormatBytes(n); got != want {
			t.Errorf("FormatBytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func ExampleDispatcher() {
	caller := bindery.CallerFunc(func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		return bindery.Result{Structured: c.Args}, nil
	})
	bound := &sandbox.Bindings{Servers: []sandbox.Server{{Name: "github", Tools: []sandbox.Tool{{Name: "get"}}}}}
	d := sandbox.NewDispatcher(caller, bound, sandbox.DefaultLimits(), nil)
	defer d.Close()

	for _, name := range []string{"get", "got"} {
		done := make(chan struct{})
		c := bindery.Call{Tool: bindery.ToolID{Server: "github", Name: name}, Args: json.RawMessage(`{"id":1}`)}
		d.Start(context.Background(), c, func(r bindery.Result, err error) {
			fmt.Println(string(r.Structured), err)
			close(done)
		})
		<-done
	}
	// Output:
	// {"id":1} <nil>
	//  call github.got: no such tool
}
