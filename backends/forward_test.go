package backends_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// Each caller's calls go with their own header, however many are under way, and
// none without; lists go with nobody's.
func TestForward(t *testing.T) {
	inner := backendtest.NewHTTP(backendtest.Offers)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		who := r.Header.Get("Authorization")
		if strings.Contains(string(body), `"tools/call"`) && !strings.Contains(string(body), `"who":"`+who+`"`) {
			t.Errorf("%s goes with %q", body, who)
		}
		if strings.Contains(string(body), `/list"`) && who != "" {
			t.Errorf("%s goes with %q", body, who)
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close) // after the connections
	s := open(t, backends.Options{}, backends.Spec{Name: "s", URL: srv.URL, Forward: map[string]string{"x-upstream-authorization": "Authorization"}})
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	call := func(session, who string) error {
		p := &backends.Peer{Session: session, Client: "everybody"}
		if who != "" {
			p.Forward = map[string]string{"X-Upstream-Authorization": who}
		}
		_, err := s.Call(backends.WithPeer(t.Context(), p), bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "echo"}, Args: []byte(`{"who":"` + who + `"}`)})
		return err
	}
	var wg sync.WaitGroup
	for i := range 200 {
		who, session := []string{"alice", "bob", "carol"}[i%3], []string{"", "one", "two"}[i/3%3]
		wg.Go(func() {
			if err := call(session, who); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := call("one", ""); bindery.CodeOf(err) != bindery.Denied || !strings.Contains(err.Error(), "x-upstream-authorization") {
		t.Errorf("a call without the header: %v", err)
	}
	if _, err := s.Call(t.Context(), bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "echo"}}); bindery.CodeOf(err) != bindery.Denied {
		t.Errorf("a call of nobody: %v", err)
	}
	if items, err := s.List(backends.WithPeer(t.Context(), &backends.Peer{Session: "one"}), "s", backends.Resources); err != nil || len(items) == 0 {
		t.Errorf("%d resources, %v", len(items), err)
	}
	s.EndSession("one")
	s.EndSession("two")
	if n := len(s.Status()[0].Sessions); n != 3 {
		t.Errorf("%d connections are left, want those of three callers without a session", n)
	}
}

func TestForwardRefusesAuthorization(t *testing.T) {
	for _, from := range []string{"Authorization", "authorization"} {
		_, err := backends.Open(context.Background(), []backends.Spec{{Name: "s", URL: "http://127.0.0.1:1", Forward: map[string]string{from: "X"}}}, backends.Options{})
		if bindery.CodeOf(err) != bindery.Invalid || !strings.Contains(err.Error(), "the client's token for the gateway") {
			t.Errorf("%s: %v", from, err)
		}
	}
}
