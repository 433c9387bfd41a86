package backends_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
)

const testURI = "file:///counter"

// newResourceServer returns a server with one resource, and tells of
// subscriptions.
func newResourceServer(told chan<- string) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "resources", Version: "1"}, &mcp.ServerOptions{
		SubscribeHandler: func(_ context.Context, r *mcp.SubscribeRequest) error {
			told <- "+" + r.Params.URI
			return nil
		},
		UnsubscribeHandler: func(_ context.Context, r *mcp.UnsubscribeRequest) error {
			told <- "-" + r.Params.URI
			return nil
		},
	})
	s.AddResource(&mcp.Resource{Name: "counter", URI: testURI}, func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		return &mcp.ReadResourceResult{}, nil
	})
	return s
}

// TestSubscriptions checks that a subscription is counted, survives a restart of
// its server, and that everybody who listens has notice.
func TestSubscriptions(t *testing.T) {
	t.Parallel()
	told := make(chan string, 10)
	var server atomic.Pointer[mcp.Server]
	var handler atomic.Pointer[mcp.StreamableHTTPHandler]
	restart := func() *mcp.Server {
		s := newResourceServer(told)
		before := server.Swap(s)
		handler.Store(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, nil))
		if before != nil {
			for session := range before.Sessions() {
				_ = session.Close()
			}
		}
		return s
	}
	restart()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.Load().ServeHTTP(w, r) }))
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	s := open(t, backends.Options{}, backends.Spec{Name: "srv", URL: srv.URL})
	if offers := s.Catalogue().Servers[0].Offers; !offers.Resources || !offers.Subscribe || offers.Prompts {
		t.Errorf("got %+v", offers)
	}
	ctx, cancel := context.WithCancel(within(t))
	notices, others := s.Notices(ctx), s.Notices(within(t))
	want := func(c <-chan backends.Notice, method string) {
		t.Helper()
		for deadline := within(t); ; {
			select {
			case n := <-c:
				if n.Method == method && n.Server == "srv" && (n.URI == testURI) == (method == "notifications/resources/updated") {
					return
				}
			case <-deadline.Done():
				t.Fatalf("no %s came", method)
			}
		}
	}
	hear := func(want string) {
		t.Helper()
		select {
		case got := <-told:
			if got != want {
				t.Errorf("the server was told %s, want %s", got, want)
			}
		case <-within(t).Done():
			t.Fatalf("the server was not told %s", want)
		}
	}

	for range 2 {
		if err := s.Subscribe(within(t), "srv", testURI); err != nil {
			t.Fatal(err)
		}
	}
	hear("+" + testURI)
	update := &mcp.ResourceUpdatedNotificationParams{URI: testURI}
	if err := server.Load().ResourceUpdated(within(t), update); err != nil {
		t.Fatal(err)
	}
	want(notices, "notifications/resources/updated")
	want(others, "notifications/resources/updated")
	server.Load().AddResource(&mcp.Resource{Name: "more", URI: "file:///more"}, nil)
	want(notices, "notifications/resources/list_changed")

	restart()
	if _, err := s.Do(within(t), "srv", "resources/list", nil); err != nil {
		t.Fatal(err)
	}
	hear("+" + testURI)
	want(notices, "notifications/resources/updated") // nobody knows what was missed
	// The server was told, and may not have taken note yet.
	eventually(t, "update after the restart", func() bool {
		if err := server.Load().ResourceUpdated(within(t), update); err != nil {
			t.Fatal(err)
		}
		select {
		case n := <-notices:
			return n.Method == "notifications/resources/updated"
		default:
			return false
		}
	})

	for range 3 { // once too often
		if err := s.Unsubscribe(within(t), "srv", testURI); err != nil {
			t.Error(err)
		}
	}
	hear("-" + testURI)
	if len(told) != 0 {
		t.Errorf("the server was told %s too", <-told)
	}

	if err := s.Subscribe(within(t), "nobody", testURI); bindery.CodeOf(err) != bindery.NotFound {
		t.Errorf("got %v", err)
	}
	if err := s.Subscribe(within(t), "srv", ""); bindery.CodeOf(err) != bindery.Invalid {
		t.Errorf("got %v", err)
	}
	cancel()
	for range notices { // until it is closed
	}
	_ = s.Close(within(t))
	for range others {
	}
	for range s.Notices(within(t)) {
	}
}
