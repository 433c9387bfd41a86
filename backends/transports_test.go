package backends_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// TestDetection checks which servers are taken for which, when only a URL says
// where they are.
func TestDetection(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, transport string
		handler         func() http.Handler
		protocol        string // "" for none that works
	}{
		{"modern", "", func() http.Handler { return backendtest.NewHTTP(backendtest.Modern) }, "2026-07-28"},
		{"sessions", "", func() http.Handler { return backendtest.NewHTTP() }, "2025-11-25"},
		{"old", "", func() http.Handler { return backendtest.NewOldSSE() }, "2025-11-25"},
		{"old, of the SDK", "", func() http.Handler {
			s := newSDKServer()
			return mcp.NewSSEHandler(func(*http.Request) *mcp.Server { return s }, nil)
		}, "2025-11-25"},
		{"old, and known to be", "sse", func() http.Handler { return backendtest.NewOldSSE() }, "2025-11-25"},
		{"old, and thought to be new", "http", func() http.Handler { return backendtest.NewOldSSE() }, ""},
		{"new, and thought to be old", "sse", func() http.Handler { return backendtest.NewHTTP() }, ""},
		{"no server at all", "", func() http.Handler { return http.NotFoundHandler() }, ""},
		{"no WebSocket", "websocket", func() http.Handler { return backendtest.NewHTTP() }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			spec := urlSpec(t, tt.handler())
			spec.Transport = tt.transport
			s := open(t, backends.Options{}, spec)
			st := s.Status()[0]
			if st.Protocol != tt.protocol || (st.Cause == nil) != (tt.protocol != "") {
				t.Errorf("got %q, cause %v", st.Protocol, st.Cause)
			}
		})
	}
}

// TestStrangeEndpoint checks that an event stream cannot send our messages to
// somebody else.
func TestStrangeEndpoint(t *testing.T) {
	t.Parallel()
	elsewhere := backendtest.NewHTTP()
	srv := httptest.NewServer(elsewhere)
	defer srv.Close()
	for _, endpoint := range []string{srv.URL + "/message", "//127.0.0.1:1/message", "javascript:alert(1)", "http://[::1", strings.Repeat("x", 100_000)} {
		h := backendtest.NewOldSSE()
		h.Endpoint = endpoint
		spec := urlSpec(t, h)
		spec.Transport = "sse"
		s := open(t, backends.Options{}, spec)
		if c := s.Status()[0].Cause; c == nil || !strings.Contains(c.Error(), "endpoint") {
			t.Errorf("%.40s: got %v", endpoint, c)
		}
	}
	if got := elsewhere.Requests(); len(got) != 0 {
		t.Errorf("somebody else got %+v", got)
	}
}

// TestRestart checks that a server whose connections have ended is connected anew.
func TestRestart(t *testing.T) {
	t.Parallel()
	old, socket := backendtest.NewOldSSE(), backendtest.NewWebSocket()
	for name, tt := range map[string]struct {
		spec    backends.Spec
		restart func()
	}{
		"sse":       {urlSpec(t, old), old.Forget},
		"websocket": {websocketSpec(t, socket), socket.Drop},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, tt.spec)
			works(t, s)
			tt.restart()
			recovers(t, s)
			_, err := call(t, s, "die", "")
			if bindery.CodeOf(err) != bindery.Unavailable || bindery.IsUnsent(err) {
				t.Errorf("got %v, unsent: %v", err, bindery.IsUnsent(err))
			}
			recovers(t, s)
			if st := s.Status()[0]; st.Restarts < 2 {
				t.Errorf("got %+v", st)
			}
		})
	}
}

// recovers waits until calls work again. Until then they fail for the one reason
// there is.
func recovers(t *testing.T, s *backends.Set) {
	t.Helper()
	for ctx := within(t); ctx.Err() == nil; {
		_, err := call(t, s, "echo", "{}")
		if err == nil {
			works(t, s)
			return
		}
		if bindery.CodeOf(err) != bindery.Unavailable {
			t.Fatal(err)
		}
		waitFor(t, s, "recovery", isState(backends.Ready))
	}
}
