package backends_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

func TestMain(m *testing.M) {
	backendtest.Main()
	sdkMain()
	goleak.VerifyTestMain(m)
}

// patience is how long a test waits for what must happen; it is not measured.
const patience = 30 * time.Second

func stdioSpec(t testing.TB, modes ...backendtest.Mode) backends.Spec {
	t.Helper()
	command, env, err := backendtest.Command(modes...)
	if err != nil {
		t.Fatal(err)
	}
	return backends.Spec{Name: "srv", Command: command, Env: env, StartTimeout: patience, CallTimeout: patience}
}

func httpSpec(t testing.TB, h *backendtest.HTTP) backends.Spec {
	t.Helper()
	return urlSpec(t, h)
}

func websocketSpec(t testing.TB, h *backendtest.WebSocket) backends.Spec {
	t.Helper()
	spec := urlSpec(t, h)
	t.Cleanup(h.Drop)
	spec.URL = strings.Replace(spec.URL, "http://", "ws://", 1)
	return spec
}

func urlSpec(t testing.TB, h http.Handler) backends.Spec {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	return backends.Spec{Name: "srv", URL: srv.URL, StartTimeout: patience, CallTimeout: patience}
}

// open opens a set and waits until its servers have connected or failed.
func open(t testing.TB, o backends.Options, specs ...backends.Spec) *backends.Set {
	t.Helper()
	s, err := backends.Open(context.Background(), specs, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(within(t)); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := s.Ready(within(t)); err != nil {
		t.Fatal(err)
	}
	return s
}

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func call(t testing.TB, s *backends.Set, tool, args string) (bindery.Result, error) {
	t.Helper()
	return s.Call(within(t), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: tool}, Args: json.RawMessage(args)})
}

// works checks that the server answers.
func works(t testing.TB, s *backends.Set) {
	t.Helper()
	r, err := call(t, s, "echo", `{"zulu":1,"alpha":12345678901234567890}`)
	if err != nil {
		t.Fatalf("echo: %v", err)
	}
	if got, want := string(r.Structured), `{"zulu":1,"alpha":12345678901234567890}`; got != want {
		t.Errorf("echo: got %s, want %s", got, want)
	}
}

// waitFor waits until a state of the set is as wanted.
func waitFor(t testing.TB, s *backends.Set, what string, ok func(*backends.Catalogue) bool) {
	t.Helper()
	ctx := within(t)
	for {
		changed := s.Changed()
		if ok(s.Catalogue()) {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("%s did not happen; status: %+v", what, s.Status())
		}
	}
}

func isState(state backends.State) func(*backends.Catalogue) bool {
	return func(c *backends.Catalogue) bool { return c.Servers[0].State == state }
}
