package backends_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

func asSession(t testing.TB, name string) context.Context {
	return backends.WithPeer(within(t), &backends.Peer{Session: name})
}

// TestIsolate checks that each session has a process of its own, which ends
// with it.
func TestIsolate(t *testing.T) {
	t.Parallel()
	spec := stdioSpec(t)
	spec.Isolate = true
	s := open(t, backends.Options{MaxSessions: 2}, spec)
	shared := pidOf(within(t), t, s)
	a, b := pidOf(asSession(t, "secret-a"), t, s), pidOf(asSession(t, "secret-b"), t, s)
	if a == b || a == shared || b == shared {
		t.Fatalf("got the processes %d, %d and %d", shared, a, b)
	}
	if again := pidOf(asSession(t, "secret-a"), t, s); again != a {
		t.Errorf("got another process in the same session")
	}
	st := s.Status()[0]
	if len(st.Sessions) != 2 || st.Sessions[0].PID+st.Sessions[1].PID != a+b || st.PID != shared || st.Calls != 4 {
		t.Errorf("got %+v", st)
	}
	if text, _ := json.Marshal(st); strings.Contains(string(text), "secret") {
		t.Errorf("the status tells sessions: %s", text)
	}

	// The death of one is not the others' affair, and its session goes on in a
	// new one.
	_, err := s.Call(asSession(t, "secret-a"), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "die"}})
	if bindery.CodeOf(err) != bindery.Unavailable {
		t.Errorf("got %v", err)
	}
	if pidOf(asSession(t, "secret-b"), t, s) != b || pidOf(within(t), t, s) != shared {
		t.Error("another process has ended too")
	}
	eventually(t, "new process", func() bool {
		r, err := s.Call(asSession(t, "secret-a"), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "pid"}})
		return err == nil && r.Content[0].Text != fmt.Sprint(a)
	})

	// There are two at most: a third takes the place of who is not in use.
	ctx, cancel := context.WithCancel(asSession(t, "secret-a"))
	hung := make(chan error, 1)
	go func() {
		_, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}})
		hung <- err
	}()
	eventually(t, "call under way", func() bool {
		for _, one := range s.Status()[0].Sessions {
			if one.InFlight == 1 {
				return true
			}
		}
		return false
	})
	c := pidOf(asSession(t, "secret-c"), t, s)
	if !gone(t, b) {
		t.Error("b is there still")
	}
	second := make(chan error, 1)
	go func() {
		_, err := s.Call(asSession(t, "secret-c"), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}})
		second <- err
	}()
	eventually(t, "calls under way", func() bool {
		n := 0
		for _, one := range s.Status()[0].Sessions {
			n += one.InFlight
		}
		return n == 2
	})
	_, err = s.Call(asSession(t, "secret-d"), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "pid"}})
	if bindery.CodeOf(err) != bindery.Limit || !bindery.IsUnsent(err) || bindery.HintOf(err) == "" {
		t.Errorf("got %v", err)
	}
	cancel()
	if err := <-hung; bindery.CodeOf(err) != bindery.Cancelled {
		t.Errorf("got %v", err)
	}

	s.EndSession("secret-c")
	if err := <-second; bindery.CodeOf(err) != bindery.Unavailable || !strings.Contains(err.Error(), "the client's session has ended") {
		t.Errorf("got %v", err)
	}
	if !gone(t, c) {
		t.Error("c is there still")
	}
}

// TestIsolateIdle checks that what a session no longer uses ends.
func TestIsolateIdle(t *testing.T) {
	t.Parallel()
	for _, spec := range []backends.Spec{stdioSpec(t), httpSpec(t, backendtest.NewHTTP())} {
		spec.Isolate, spec.IdleStop = true, 50*time.Millisecond
		s := open(t, backends.Options{}, spec)
		for i := range 3 {
			if _, err := s.Call(asSession(t, fmt.Sprint(i)), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "echo"}, Args: []byte(`{}`)}); err != nil {
				t.Error(err)
			}
		}
		eventually(t, "end of all", func() bool { return len(s.Status()[0].Sessions) == 0 })
	}
}

// eventually waits for what gives no signal.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for ctx := within(t); !ok(); {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s did not happen", what)
		}
	}
}

// openFollowed opens a server that runs for each session, in one of which, "a",
// a resource is followed.
func openFollowed(t *testing.T, o backends.Options) (*backends.Set, backends.Spec) {
	t.Helper()
	spec := stdioSpec(t, backendtest.Offers)
	spec.Isolate = true
	s := open(t, o, spec)
	if err := s.Subscribe(asSession(t, "a"), "srv", "test://0"); err != nil {
		t.Fatal(err)
	}
	return s, spec
}

// TestIsolatedSubscription checks that a session follows resources of the server
// that runs for it.
func TestIsolatedSubscription(t *testing.T) {
	t.Parallel()
	s, _ := openFollowed(t, backends.Options{})
	notices := s.Notices(within(t))
	update := func(ctx context.Context) string {
		t.Helper()
		r, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "update"}, Args: json.RawMessage(`{"text":"test://0"}`)})
		if err != nil {
			t.Fatal(err)
		}
		return r.Content[0].Text
	}
	if update(asSession(t, "b")) != "false" || update(within(t)) != "false" || update(asSession(t, "a")) != "true" {
		t.Error("another session's server knows of the subscription, or its own does not")
	}
	want := backends.Notice{Server: "srv", Session: "a", Method: "notifications/resources/updated", URI: "test://0"}
	if got := <-notices; got != want {
		t.Errorf("got %+v", got)
	}
	if err := s.Unsubscribe(asSession(t, "a"), "srv", "test://0"); err != nil || update(asSession(t, "a")) != "false" {
		t.Errorf("the subscription goes on: %v", err)
	}
	s.EndSession("a")
	if err := s.Unsubscribe(asSession(t, "a"), "srv", "test://0"); err != nil || len(s.Status()[0].Sessions) != 1 {
		t.Errorf("a session that has left came back: %v", err)
	}
}

// TestIsolatedSubscriptionOutlivesReload checks that a session goes on following
// what it did when its server is replaced, until the session ends.
func TestIsolatedSubscriptionOutlivesReload(t *testing.T) {
	t.Parallel()
	s, spec := openFollowed(t, backends.Options{})
	notices := s.Notices(within(t))
	pidOf(asSession(t, "b"), t, s)
	spec.Env = maps.Clone(spec.Env)
	spec.Env["ANOTHER"] = "server"
	if err := s.Apply(within(t), []backends.Spec{spec}); err != nil {
		t.Fatal(err)
	}
	for followed := false; !followed; { // it subscribes beside the first calls
		r, err := s.Call(asSession(t, "a"), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "update"}, Args: json.RawMessage(`{"text":"test://0"}`)})
		if err != nil {
			t.Fatal(err)
		}
		followed = r.Content[0].Text == "true"
	}
	want := backends.Notice{Server: "srv", Session: "a", Method: "notifications/resources/updated", URI: "test://0"}
	for got := range notices {
		if got.Method == want.Method {
			if got != want {
				t.Errorf("got %+v", got)
			}
			break
		}
	}
	if all := s.Status()[0].Sessions; len(all) != 1 {
		t.Errorf("the sessions are %+v", all)
	}
	s.EndSession("a")
	if all := s.Status()[0].Sessions; len(all) != 0 {
		t.Errorf("after the end of the session there are %+v", all)
	}
}

// TestRoomForAnother checks that it is no session which follows something that
// has to give way to another, though it was unused for longer.
func TestRoomForAnother(t *testing.T) {
	t.Parallel()
	s, _ := openFollowed(t, backends.Options{MaxSessions: 2})
	a, b := pidOf(asSession(t, "a"), t, s), pidOf(asSession(t, "b"), t, s)
	pidOf(asSession(t, "c"), t, s)
	if again := pidOf(asSession(t, "a"), t, s); again != a {
		t.Error("the session that follows something has another process")
	}
	if !gone(t, b) {
		t.Error("b is there still")
	}
}
