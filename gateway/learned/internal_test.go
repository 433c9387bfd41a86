package learned

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/shape"
)

// busy opens a Store whose owner does nothing until the returned function is
// called.
func busy(t *testing.T) (*Store, bindery.ToolID, func()) {
	t.Helper()
	s := Open("", slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	id := bindery.ToolID{Server: "tracker", Name: "get_issue"}
	if err := s.Track(t.Context(), []Server{{Name: "tracker", Tools: []bindery.Tool{{ID: id}}}}); err != nil {
		t.Fatal(err)
	}
	began, end := make(chan struct{}), make(chan struct{})
	s.commands <- func(*book) {
		close(began)
		<-end
	}
	<-began
	return s, id, func() { close(end) }
}

// However many results come, calls go on and memory is bounded.
func TestFullQueueDrops(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		result bindery.Result
		want   int64
	}{
		"many":  {bindery.Result{Structured: json.RawMessage(`1`)}, maxQueue},
		"large": {bindery.Result{Structured: json.RawMessage(`1`), Raw: make(json.RawMessage, maxQueueBytes/4)}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, id, resume := busy(t)
			for range maxQueue + 50 {
				s.Observe(bindery.Call{Tool: id}, tc.result)
			}
			resume()
			if err := s.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			looked := int64(0)
			err := s.do(t.Context(), func(b *book) {
				known := b.servers["tracker"].tools["get_issue"]
				looked = known.all.Counts().Calls() + int64(known.skipped) - int64(known.skipped/sampled)
			})
			if err != nil {
				t.Fatal(err)
			}
			if looked != tc.want {
				t.Errorf("%d results were kept, want %d", looked, tc.want)
			}
			if n := s.queued.Load(); n != 0 {
				t.Errorf("%d bytes are still counted as waiting", n)
			}
		})
	}
}

func TestWaitingEnds(t *testing.T) {
	t.Parallel()
	s, _, resume := busy(t)
	defer resume()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range []error{s.Track(ctx, nil), s.Flush(ctx), s.Close(ctx)} {
		if bindery.CodeOf(err) != bindery.Cancelled {
			t.Errorf("got %v, want cancelled", err)
		}
	}
}

// A file that is written can be read, whatever there is to write.
func TestFileStaysInItsBound(t *testing.T) {
	t.Parallel()
	fields := make([]string, 120)
	for i := range fields {
		fields[i] = fmt.Sprintf(`"%s":[{"id":1,"name":"x","sub_%s":{"url":"","size":[1]}}]`, letters(i), letters(i))
	}
	large := shape.Of(shape.Answer{Source: shape.Structured, JSON: json.RawMessage("{" + strings.Join(fields, ",") + "}")})
	srv := &server{name: "tracker", tools: map[string]*tool{"mine": {}}}
	entries := map[string]entry{"mine": {Shape: large}}
	for i := range 300 {
		entries[fmt.Sprintf("\x01other%d", i)] = entry{Shape: large}
	}
	b := newBook("", slog.New(slog.DiscardHandler), func(*Snapshot) {})
	data, err := b.encode(srv, entries)
	if err != nil {
		t.Fatal(err)
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	if len(data) > maxFile || len(data) < maxFile*9/10 || f.Tools["mine"] == nil {
		t.Errorf("the file has %d bytes and %d tools", len(data), len(f.Tools))
	}
}

func letters(i int) string { return "part_" + string([]byte{byte('a' + i/26), byte('a' + i%26)}) }
