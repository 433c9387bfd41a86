package load_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks/load"
	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// taking returns a target that takes d each time.
func taking(name string, d time.Duration) load.Target {
	return load.Target{Name: name, Do: func(context.Context) error { time.Sleep(d); return nil }}
}

// In a world of exact time the figures are exact.
func TestFigures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var slow atomic.Int64
		uneven := load.Target{Name: "uneven", Do: func(context.Context) error {
			d := 10 * time.Millisecond
			if slow.Add(1)%10 == 0 {
				d = 30 * time.Millisecond
			}
			time.Sleep(d)
			return nil
		}}
		results, err := load.Run(t.Context(), []load.Target{taking("ten", 10*time.Millisecond), uneven},
			load.Options{Callers: []int{1, 4}, Duration: time.Second, Rounds: 2})
		if err != nil {
			t.Fatal(err)
		}
		if len(results) != 4 {
			t.Fatalf("%d results", len(results))
		}
		for i, want := range []struct {
			target  string
			callers int
			rate    float64
			p99     time.Duration
		}{{"ten", 1, 100, 10 * time.Millisecond}, {"uneven", 1, 83, 30 * time.Millisecond}, {"ten", 4, 400, 10 * time.Millisecond}, {"uneven", 4, 333, 30 * time.Millisecond}} {
			r := results[i]
			if r.Target != want.target || r.Callers != want.callers || r.P50 != 10*time.Millisecond || r.P99 != want.p99 ||
				r.PerSecond < want.rate*0.95 || r.PerSecond > want.rate*1.05 || r.Failed != 0 {
				t.Errorf("%+v, want %+v", r, want)
			}
		}
	})
}

// What fails is counted apart, and a target that only fails does not fail for
// as long as the round lasts.
func TestFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := load.Target{Name: "broken", Do: func(context.Context) error { return errors.New("no\nluck") }}
		results, err := load.Run(t.Context(), []load.Target{taking("good", time.Millisecond), broken},
			load.Options{Callers: []int{3}, Warmup: time.Millisecond, Duration: time.Hour / 10, Rounds: 1})
		if err != nil {
			t.Fatal(err)
		}
		if r := results[1]; r.Count != 0 || r.Failed != 300 || r.Err == nil || r.PerSecond != 0 {
			t.Errorf("%+v", r)
		}
		var page bytes.Buffer
		if err := report.Terminal(&page, load.Report(results, []load.Memory{{Name: "gateway", Resident: 3 << 20, Processes: 2}})); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"broken failed 300 times of 300, first with: no luck", "3 callers", "resident MiB", "3.0"} {
			if !strings.Contains(strings.Join(strings.Fields(page.String()), " "), want) {
				t.Errorf("the report lacks %q:\n%s", want, &page)
			}
		}
	})
}

func TestOptionsAreChecked(t *testing.T) {
	good := load.Options{Callers: []int{1}, Duration: time.Millisecond, Rounds: 1}
	for name, change := range map[string]func(*load.Options){
		"no callers":       func(o *load.Options) { o.Callers = nil },
		"too many callers": func(o *load.Options) { o.Callers = []int{1, 1000} },
		"none":             func(o *load.Options) { o.Callers = []int{0} },
		"no time":          func(o *load.Options) { o.Duration = 0 },
		"no rounds":        func(o *load.Options) { o.Rounds = 0 },
		"all day":          func(o *load.Options) { o.Duration = 24 * time.Hour },
	} {
		o := good
		change(&o)
		if _, err := load.Run(t.Context(), []load.Target{taking("x", 0)}, o); bindery.CodeOf(err) != bindery.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := load.Run(ctx, []load.Target{taking("x", time.Millisecond)}, load.Options{Callers: []int{2}, Duration: time.Minute, Rounds: 1})
		if bindery.CodeOf(err) != bindery.Cancelled {
			t.Errorf("err = %v", err)
		}
	})
}

// An endpoint is any MCP server; its token goes with each request.
func TestEndpoint(t *testing.T) {
	server := mcp.NewServer(&mcp.Implementation{Name: "s", Version: "1"}, nil)
	server.AddTool(&mcp.Tool{Name: "echo", InputSchema: json.RawMessage(`{"type":"object"}`)},
		func(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{
				Content: []mcp.Content{&mcp.TextContent{Text: string(r.Params.Arguments)}}, IsError: string(r.Params.Arguments) == `{"fail":true}`,
			}, nil
		})
	inner := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	defer front.Close()
	if _, err := load.Connect(t.Context(), front.URL, "wrong"); bindery.CodeOf(err) != bindery.Unavailable || strings.Contains(err.Error(), "wrong") {
		t.Errorf("with a wrong token: %v", err)
	}
	e, err := load.Connect(t.Context(), front.URL, "secret")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Calling("echo", "echo", json.RawMessage(`{"a":1}`)).Do(t.Context()); err != nil {
		t.Error(err)
	}
	if err := e.Calling("echo", "echo", json.RawMessage(`{"fail":true}`)).Do(t.Context()); err == nil || !strings.Contains(err.Error(), `{"fail":true}`) {
		t.Errorf("a result that failed: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestMemoryOf(t *testing.T) {
	m, ok := load.MemoryOf("self", os.Getpid(), func(string) bool { return true })
	if !ok {
		t.Skip("this system does not tell")
	}
	if m.Processes != 1 || m.Resident < 1<<20 {
		t.Errorf("%+v", m)
	}
	if _, ok := load.MemoryOf("none", os.Getpid(), func(string) bool { return false }); ok {
		t.Error("counted what was not wanted")
	}
}
