//go:build unix

package backends_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// TestGroupIsGone checks that nothing of a server is left, whatever it does
// when it is told to leave.
func TestGroupIsGone(t *testing.T) {
	t.Parallel()
	for _, mode := range []backendtest.Mode{"", backendtest.HangClose, backendtest.IgnoreTerm} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, stdioSpec(t, mode))
			r, err := call(t, s, "spawn", "")
			if err != nil {
				t.Fatal(err)
			}
			pid, err := strconv.Atoi(r.Content[0].Text)
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			if err := s.Close(within(t)); err != nil {
				t.Error(err)
			}
			took := time.Since(start)
			t.Logf("close took %v", took)
			if took > 6*time.Second { // 1.1 s at most, on a machine that is not busy
				t.Errorf("close took %v", took)
			}
			if !gone(t, pid) {
				t.Errorf("process %d is still there", pid)
			}
			if st := s.Status()[0]; st.State != backends.Closed {
				t.Errorf("got state %v", st.State)
			}
			_, err = call(t, s, "echo", "{}")
			if bindery.CodeOf(err) != bindery.Unavailable {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestOrphanAfterDeath checks a server that dies while a child of its own
// holds its output open: the death must show, and the child must go.
func TestOrphanAfterDeath(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{}, stdioSpec(t))
	r, err := call(t, s, "spawn", "")
	if err != nil {
		t.Fatal(err)
	}
	pid, _ := strconv.Atoi(r.Content[0].Text)
	_, err = call(t, s, "die", "")
	if bindery.CodeOf(err) != bindery.Unavailable || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("got %v", err)
	}
	if !gone(t, pid) {
		t.Errorf("process %d is still there", pid)
	}
}

// TestEnvironment checks that a server gets its own variables and harmless
// ones, and that neither text about it shows their values.
func TestEnvironment(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "gho_of_another_server")
	t.Setenv("HTTP_PROXY", "http://user:password@proxy")
	spec := stdioSpec(t)
	spec.Env["OWN_SECRET"], spec.Secrets = "hunter2-hunter2", []string{"swordfish"}
	s := open(t, backends.Options{}, spec)
	r, err := call(t, s, "env", "")
	if err != nil {
		t.Fatal(err)
	}
	got := " " + r.Content[0].Text + " "
	for _, name := range []string{"GITHUB_TOKEN", "HTTP_PROXY"} {
		if strings.Contains(got, " "+name+" ") {
			t.Errorf("the server has %s", name)
		}
	}
	for _, name := range []string{"PATH", "OWN_SECRET"} {
		if !strings.Contains(got, " "+name+" ") {
			t.Errorf("the server lacks %s; it has%s", name, got)
		}
	}
	_, err = call(t, s, "rpcerror", `{"text":"cannot log in with hunter2-hunter2 or swordfish"}`)
	if want := "call srv.rpcerror: cannot log in with [redacted] or [redacted] (code -32603)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}

	spec.URL, spec.Args = "", []string{"--token=hunter2-hunter2"}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "spec", spec, "specs", []backends.Spec{spec})
	for _, text := range []string{
		log.String(), fmt.Sprintf("%v %+v %#v %s %q %d", spec, spec, spec, spec, spec, spec), fmt.Sprint(&spec, []any{spec}),
	} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("the secret shows in %s", text)
		}
	}
}

// TestDeafServer checks a server that does not read its input: callers get
// away, and the rest of the gateway does not notice.
func TestDeafServer(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{}, stdioSpec(t, backendtest.DeafStdin))
	for range 3 {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		_, err := s.Call(ctx, bindery.Call{
			Tool: bindery.ToolID{Server: "srv", Name: "echo"}, Args: []byte(`{"a":"` + strings.Repeat("x", 1<<20) + `"}`),
		})
		if code := bindery.CodeOf(err); code != bindery.Timeout && code != bindery.Unavailable {
			t.Errorf("got %v", err)
		}
	}
}

// TestMemory checks that an answer far over the limit is not held.
func TestMemory(t *testing.T) {
	s := open(t, backends.Options{MaxMessage: 1 << 20}, stdioSpec(t))
	works(t, s)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := call(t, s, "big", `{"bytes":134217728,"idLast":true}`)
	runtime.ReadMemStats(&after)
	if bindery.CodeOf(err) != bindery.Limit {
		t.Errorf("got %v", err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
		t.Errorf("%d bytes were allocated for an answer of 128 MiB with a limit of 1 MiB", grown)
	}
}
