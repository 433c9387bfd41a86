package backends_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

func TestServes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		spec func(testing.TB) backends.Spec
	}{
		{"stdio", func(t testing.TB) backends.Spec { return stdioSpec(t) }},
		{"http with JSON", func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP()) }},
		{"http with events", func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP(backendtest.SSE)) }},
		{"in pages", func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.ManyPages) }},
		{"silent on discover", func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.SilentDiscover) }},
		{"garbage first", func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.GarbageFirst) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, tt.spec(t))
			srv := s.Catalogue().Servers[0]
			if srv.State != backends.Ready || srv.Title != "Back end for tests" || srv.Instructions != "Handle with care." {
				t.Fatalf("got %+v, status %+v", srv, s.Status())
			}
			if len(srv.Tools) != len(backendtest.Tools()) {
				t.Fatalf("got %d tools, want %d", len(srv.Tools), len(backendtest.Tools()))
			}
			for _, tool := range srv.Tools {
				want := `{"type":"object", "properties":{"zulu":{"type":"string"},"alpha":{"type":"integer","maximum":9223372036854775807}}}`
				if string(tool.Input) != want {
					t.Errorf("schema of %s: got %s, want %s", tool.ID, tool.Input, want)
				}
				if tool.Hints.ReadOnly == nil || *tool.Hints.ReadOnly != (tool.ID.Name == "echo") || tool.Hints.Destructive != nil {
					t.Errorf("hints of %s: got %+v", tool.ID, tool.Hints)
				}
			}
			works(t, s)
			r, err := call(t, s, "bigint", "")
			if err != nil {
				t.Fatal(err)
			}
			if got, want := string(r.Structured), `{"zulu":12345678901234567890,"alpha":1.10}`; got != want {
				t.Errorf("bigint: got %s, want %s", got, want)
			}
			if got, want := string(r.Raw), `{"content":[],"structuredContent":{"zulu":12345678901234567890,"alpha":1.10}}`; got != want {
				t.Errorf("bigint: got raw %s, want %s", got, want)
			}
		})
	}
}

func TestBadSpecs(t *testing.T) {
	_, err := backends.Open(context.Background(), []backends.Spec{
		{Name: "a", Command: "x"}, {Name: "a", Command: "x"}, {Name: "b"}, {Name: "c", Command: "x", URL: "http://x"}, {Command: "x"},
	}, backends.Options{})
	want := "open servers: server \"a\" is there twice\nserver \"b\" has neither a command nor a URL\n" +
		"server \"c\" has both a command and a URL\nserver 5 has no name"
	if bindery.CodeOf(err) != bindery.Invalid || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestCachedStart checks that tools are there at once on the second start,
// also while the server hangs.
func TestCachedStart(t *testing.T) {
	t.Parallel()
	o := backends.Options{CacheDir: t.TempDir()}
	spec := stdioSpec(t)
	s := open(t, o, spec)
	want := s.Catalogue().Servers[0].Tools
	if err := s.Close(within(t)); err != nil {
		t.Fatal(err)
	}

	hanging := stdioSpec(t, backendtest.HangInit)
	hanging.Env["IGNORED"] = "secrets do not identify a server"
	s, err := backends.Open(context.Background(), []backends.Spec{hanging}, o)
	if err != nil {
		t.Fatal(err)
	}
	got := s.Catalogue().Servers[0]
	if !got.FromCache || got.State != backends.Connecting || got.Title != "Back end for tests" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(want, got.Tools); diff != "" {
		t.Errorf("cached tools differ (-live +cached):\n%s", diff)
	}
	ctx, cancel := context.WithCancel(within(t))
	cancel()
	if err := s.Ready(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := s.Close(within(t)); err != nil {
		t.Error(err)
	}
}

// TestCallWaits checks that a call made before its server is connected waits.
func TestCallWaits(t *testing.T) {
	t.Parallel()
	s, err := backends.Open(context.Background(), []backends.Spec{stdioSpec(t)}, backends.Options{})
	if err != nil {
		t.Fatal(err)
	}
	works(t, s)
	if err := s.Close(within(t)); err != nil {
		t.Error(err)
	}
}

// TestCloseDuringCalls checks that calls under way end with the set.
func TestCloseDuringCalls(t *testing.T) {
	t.Parallel()
	for kind, spec := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, spec(t))
			errs := make(chan error, 20)
			for range cap(errs) {
				go func() {
					_, err := s.Call(context.Background(), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}})
					errs <- err
				}()
			}
			works(t, s)
			if err := s.Close(within(t)); err != nil {
				t.Error(err)
			}
			for range cap(errs) {
				if err := <-errs; bindery.CodeOf(err) != bindery.Unavailable {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

func TestOffers(t *testing.T) {
	t.Parallel()
	spec := stdioSpec(t)
	spec.Offers = func(tool string) bool { return tool == "echo" }
	s := open(t, backends.Options{}, spec)
	if tools := s.Catalogue().Servers[0].Tools; len(tools) != 1 || tools[0].ID.Name != "echo" {
		t.Errorf("got %v", tools)
	}
	if _, err := call(t, s, "env", ""); bindery.CodeOf(err) != bindery.NotFound {
		t.Errorf("got %v", err)
	}
}

// TestBigAnswer checks that an answer within the default limit comes through.
func TestBigAnswer(t *testing.T) {
	t.Parallel()
	for kind, spec := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, spec(t))
			r, err := call(t, s, "big", `{"bytes":500000}`)
			if err != nil || len(r.Content) != 1 || len(r.Content[0].Text) != 500_000 {
				t.Errorf("got %v, %d blocks", err, len(r.Content))
			}
		})
	}
}
