package backends_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// TestForgottenSession checks that a server which was restarted, and so knows
// no session, costs no call: it refuses the call before it runs.
func TestForgottenSession(t *testing.T) {
	t.Parallel()
	for _, modes := range [][]backendtest.Mode{{}, {backendtest.SSE}} {
		h := backendtest.NewHTTP(modes...)
		s := open(t, backends.Options{}, httpSpec(t, h))
		works(t, s)
		h.Forget()
		works(t, s)
		if st := s.Status()[0]; st.Restarts == 0 {
			t.Errorf("got %+v", st)
		}
		echoes := 0
		for _, r := range h.Requests() {
			if r.Tool == "echo" {
				echoes++
			}
		}
		if echoes != 3 {
			t.Errorf("got %d requests for two calls and one refusal", echoes)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{}, httpSpec(t, backendtest.NewHTTP(backendtest.ServerError)))
	for range 2 {
		_, err := call(t, s, "echo", "{}")
		want := "call srv.echo: the server answered HTTP 500 Internal Server Error"
		if bindery.CodeOf(err) != bindery.Upstream || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if st := s.Status()[0]; st.Restarts != 0 || st.State != backends.Ready {
		t.Errorf("got %+v", st)
	}
}

func TestBrokenConnection(t *testing.T) {
	t.Parallel()
	for _, modes := range [][]backendtest.Mode{{}, {backendtest.SSE}} {
		s := open(t, backends.Options{}, httpSpec(t, backendtest.NewHTTP(modes...)))
		_, err := call(t, s, "die", "{}")
		if bindery.CodeOf(err) != bindery.Unavailable {
			t.Errorf("got %v (%v)", err, bindery.CodeOf(err))
		}
		works(t, s)
	}
}

// TestServerGone checks that a server that cannot be reached is reported, and
// taken up again when it is back.
func TestServerGone(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(backendtest.NewHTTP())
	addr := srv.Listener.Addr().String()
	srv.Start()
	s := open(t, backends.Options{}, backends.Spec{Name: "srv", URL: srv.URL})
	works(t, s)
	srv.CloseClientConnections()
	srv.Close()

	_, err := call(t, s, "echo", "{}")
	if bindery.CodeOf(err) != bindery.Unavailable {
		t.Errorf("got %v", err)
	}
	waitFor(t, s, "failure", isState(backends.Failed))

	back := &http.Server{Addr: addr, Handler: backendtest.NewHTTP(), ReadHeaderTimeout: patience}
	done := make(chan error, 1)
	go func() { done <- back.ListenAndServe() }()
	t.Cleanup(func() {
		_ = back.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	waitFor(t, s, "recovery", isState(backends.Ready))
	works(t, s)
}

// TestStandingStream checks servers that are odd about the stream for
// notifications, which is none of their session's business.
func TestStandingStream(t *testing.T) {
	t.Parallel()
	h := backendtest.NewHTTP(backendtest.ShortGET)
	s := open(t, backends.Options{}, httpSpec(t, h))
	gets := func() (n int) {
		for _, r := range h.Requests() {
			if r.Method == http.MethodGet {
				n++
			}
		}
		return n
	}
	for ctx := within(t); gets() < 2 && ctx.Err() == nil; {
		works(t, s)
	}
	if st := s.Status()[0]; st.Restarts != 0 || gets() < 2 {
		t.Errorf("got %+v after %d streams", st, gets())
	}
}

func TestHangingStandingStream(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a deadline of five seconds")
	}
	t.Parallel()
	s := open(t, backends.Options{}, httpSpec(t, backendtest.NewHTTP(backendtest.HangGET)))
	works(t, s)
}

func TestHangingDelete(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{}, httpSpec(t, backendtest.NewHTTP(backendtest.HangDelete)))
	start := time.Now()
	if err := s.Close(within(t)); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 4*time.Second { // 1 s, on a machine that is not busy
		t.Errorf("close took %v", took)
	}
}

// TestHeaders checks who gets the configured headers: the configured host.
func TestHeaders(t *testing.T) {
	t.Parallel()
	h := backendtest.NewHTTP()
	spec := httpSpec(t, h)
	spec.Headers = map[string]string{"Authorization": "Bearer s3cr3t-t0ken", "accept": "text/html", "X-Team": "a"}
	s := open(t, backends.Options{ClientName: "bindery", ClientVersion: "9"}, spec)
	works(t, s)
	for _, r := range h.Requests() {
		if r.Header.Get("Authorization") != "Bearer s3cr3t-t0ken" || r.Header.Get("X-Team") != "a" || r.Header.Get("Accept") == "text/html" ||
			r.Header.Get("User-Agent") != "bindery/9" {
			t.Errorf("%s %s: got %v", r.Method, r.RPC, r.Header)
		}
	}

	elsewhere := backendtest.NewHTTP()
	target := httpSpec(t, elsewhere)
	h = backendtest.NewHTTP(backendtest.Redirect)
	h.Target = strings.Replace(target.URL, "127.0.0.1", "localhost", 1)
	spec.URL = httpSpec(t, h).URL
	s = open(t, backends.Options{}, spec)
	if got := elsewhere.Requests(); len(got) != 0 {
		t.Errorf("the redirect was followed: %v", got)
	}
	if c := s.Status()[0].Cause; c == nil || !strings.Contains(c.Error(), "the server redirects to http://localhost:") {
		t.Errorf("got %v", c)
	}
}

// TestNotMCP checks a server that answers everything with a page.
func TestNotMCP(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html>Welcome to nginx!"))
	}))
	defer srv.Close()
	s := open(t, backends.Options{}, backends.Spec{Name: "srv", URL: srv.URL + "/mcp?key=s3cr3t"})
	c := s.Status()[0].Cause
	if c == nil || !strings.Contains(c.Error(), "the server answered HTTP 200 with text/html instead of JSON") || strings.Contains(c.Error(), "s3cr3t") {
		t.Errorf("got %v", c)
	}
	_ = s.Close(context.Background())
}
