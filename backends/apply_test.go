package backends_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

func named(spec backends.Spec, name string) backends.Spec {
	spec.Name = name
	return spec
}

func TestApply(t *testing.T) {
	t.Parallel()
	first := stdioSpec(t)
	s := open(t, backends.Options{}, first, named(stdioSpec(t), "gone"))
	pid := pidOf(within(t), t, s)

	err := s.Apply(within(t), []backends.Spec{{Name: "srv"}})
	if bindery.CodeOf(err) != bindery.Invalid {
		t.Errorf("got %v", err)
	}
	version := s.Catalogue().Version
	if pidOf(within(t), t, s) != pid || len(s.Catalogue().Servers) != 2 {
		t.Error("an error has changed something")
	}

	hung := make(chan error, 1)
	go func() {
		_, err := s.Call(within(t), bindery.Call{Tool: bindery.ToolID{Server: "gone", Name: "slow"}, Args: []byte(`{"wait":300000000}`)})
		hung <- err
	}()
	eventually(t, "call under way", func() bool { return s.Status()[1].InFlight == 1 })

	changed := first
	changed.Offers = func(tool string) bool { return tool == "pid" || tool == "slow" }
	changed.CallTimeout = 50 * time.Millisecond
	if err := s.Apply(within(t), []backends.Spec{changed}); err != nil {
		t.Fatal(err)
	}
	if got := s.Catalogue(); len(got.Servers) != 1 || got.Version != version+1 || len(got.Servers[0].Tools) != 2 || got.Servers[0].State != backends.Ready {
		t.Errorf("got %+v, was version %d", got, version)
	}
	if pidOf(within(t), t, s) != pid || s.Status()[0].Restarts != 0 {
		t.Error("a change of policy has cost the process")
	}
	if _, err := call(t, s, "echo", "{}"); bindery.CodeOf(err) != bindery.NotFound {
		t.Errorf("got %v", err)
	}
	if _, err := call(t, s, "slow", `{"wait":5000000000}`); bindery.CodeOf(err) != bindery.Timeout {
		t.Errorf("got %v", err)
	}
	if _, err := s.Call(within(t), bindery.Call{Tool: bindery.ToolID{Server: "gone", Name: "pid"}}); bindery.CodeOf(err) != bindery.NotFound {
		t.Errorf("got %v", err)
	}
	if err := <-hung; err != nil {
		t.Errorf("the call that was under way: %v", err)
	}

	// The same server with more tools for the asking, and another process.
	other := first
	other.Env = map[string]string{"EXTRA": "1"}
	maps.Copy(other.Env, first.Env)
	if err := s.Apply(within(t), []backends.Spec{named(stdioSpec(t), "new"), other}); err != nil {
		t.Fatal(err)
	}
	if got := s.Catalogue().Servers; len(got) != 2 || got[0].Name != "new" || len(got[1].Tools) != len(backendtest.Tools()) {
		t.Errorf("got %+v", got)
	}
	if got := pidOf(within(t), t, s); got == pid {
		t.Error("another environment has the same process")
	}
	if err := s.Ready(within(t), "new"); err != nil {
		t.Error(err)
	}
	_ = s.Close(within(t))
	if err := s.Apply(within(t), []backends.Spec{named(stdioSpec(t), "after")}); bindery.CodeOf(err) != bindery.Unavailable {
		t.Errorf("got %v", err)
	}
}

// TestApplyUnderCalls reloads a hundred times while calls are made: none of them
// fails, whatever happens to their server.
func TestApplyUnderCalls(t *testing.T) {
	t.Parallel()
	kept, other := httpSpec(t, backendtest.NewHTTP()), httpSpec(t, backendtest.NewHTTP())
	s := open(t, backends.Options{}, kept, named(stdioSpec(t), "process"), named(other, "changing"))
	pid := s.Status()[1].PID

	ctx, cancel := context.WithCancel(within(t))
	var calls sync.WaitGroup
	var made atomic.Int64
	for i := range 60 {
		server := []string{"srv", "process", "changing"}[i%3]
		calls.Go(func() {
			for ctx.Err() == nil {
				_, err := s.Call(within(t), bindery.Call{Tool: bindery.ToolID{Server: server, Name: "echo"}, Args: []byte(`{"a":1}`)})
				if err != nil {
					t.Errorf("%s: %v", server, err)
				}
				made.Add(1)
			}
		})
	}
	for i := range 100 {
		a, b, c := kept, named(stdioSpec(t), "process"), named(other, "changing")
		a.InFlight, b.Offers = i%5, func(tool string) bool { return tool == "echo" || i%2 == 0 }
		c.Headers = map[string]string{"X-Change": fmt.Sprint(i / 4)}
		if err := s.Apply(ctx, []backends.Spec{a, b, c, {Name: "bad"}}); err == nil {
			t.Error("a spec that makes no sense was taken")
		}
		if err := s.Apply(ctx, []backends.Spec{a, b, c}); err != nil {
			t.Error(err)
		}
	}
	cancel()
	calls.Wait()
	for i, st := range s.Status()[:2] {
		if st.Restarts != 0 || i == 1 && st.PID != pid {
			t.Errorf("got %+v", st)
		}
	}
	t.Logf("%d calls", made.Load())
}
