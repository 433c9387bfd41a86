package backends_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// pidOf is the process that a call runs in.
func pidOf(ctx context.Context, t testing.TB, s *backends.Set) int {
	t.Helper()
	r, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "pid"}})
	if err != nil {
		t.Fatalf("pid: %v", err)
	}
	pid, err := strconv.Atoi(r.Content[0].Text)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// TestLazy checks a server that starts at the first call, with a cache and
// without.
func TestLazy(t *testing.T) {
	t.Parallel()
	o := backends.Options{CacheDir: t.TempDir()}
	spec := stdioSpec(t)
	spec.Lazy = true

	s := open(t, o, spec)
	waitFor(t, s, "rest after the list", isState(backends.Idle))
	if srv := s.Catalogue().Servers[0]; len(srv.Tools) != len(backendtest.Tools()) || srv.FromCache {
		t.Errorf("got %+v", srv)
	}
	if st := s.Status()[0]; st.PID != 0 || st.Restarts != 0 {
		t.Errorf("got %+v", st)
	}
	_ = s.Close(within(t))

	s = open(t, o, spec)
	srv := s.Catalogue().Servers[0]
	if srv.State != backends.Idle || !srv.FromCache || len(srv.Tools) != len(backendtest.Tools()) {
		t.Errorf("got %+v", srv)
	}
	pid := pidOf(within(t), t, s)
	st := s.Status()[0]
	if st.State != backends.Ready || st.PID != pid || st.Restarts != 0 || st.Calls != 1 || st.Latency == nil || st.Uptime <= 0 ||
		st.Transport != "stdio" || st.Era != "legacy" {
		t.Errorf("got %+v", st)
	}

	down := stdioSpec(t, backendtest.DieOnStart) // with the same cache: what runs is the same
	down.Lazy = true
	s = open(t, o, down)
	if st := s.Status()[0]; st.State != backends.Idle {
		t.Errorf("got %+v", st)
	}
	if _, err := call(t, s, "echo", "{}"); bindery.CodeOf(err) != bindery.Unavailable || !bindery.IsUnsent(err) {
		t.Errorf("got %v", err)
	}
	waitFor(t, s, "rest after the failure", isState(backends.Idle))
	if c := s.Catalogue().Servers[0].Cause; c == nil {
		t.Error("nobody would know why the server failed")
	}
}

// TestIdleStop checks that a server that nobody calls is stopped, that its tools
// stay, and that the next call starts it again.
func TestIdleStop(t *testing.T) {
	t.Parallel()
	for kind, spec := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			spec := spec(t)
			spec.IdleStop = 50 * time.Millisecond
			s := open(t, backends.Options{}, spec)
			for range 3 {
				// A call that takes longer is use.
				if _, err := call(t, s, "slow", `{"wait":200000000}`); err != nil {
					t.Error(err)
				}
				waitFor(t, s, "rest", isState(backends.Idle))
				if got := len(s.Catalogue().Servers[0].Tools); got != len(backendtest.Tools()) {
					t.Errorf("got %d tools", got)
				}
			}
			if st := s.Status()[0]; st.Restarts != 0 || st.Failures != 0 || st.Calls != 3 {
				t.Errorf("got %+v", st)
			}
		})
	}
}
