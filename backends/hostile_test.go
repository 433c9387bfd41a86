package backends_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// heapPeak samples the size of the heap until stop, which returns how much it
// has grown at most. Garbage is collected early meanwhile, so that what is
// measured is what is held.
func heapPeak() (stop func() int64) {
	percent := debug.SetGCPercent(20)
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() int64 {
		metrics.Read(sample)
		return int64(sample[0].Value.Uint64())
	}
	before := read()
	most := make(chan int64)
	quit := make(chan struct{})
	go func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		var peak int64
		for {
			peak = max(peak, read()-before)
			select {
			case <-quit:
				most <- peak
				return
			case <-tick.C:
			}
		}
	}()
	return func() int64 {
		defer debug.SetGCPercent(percent)
		close(quit)
		return <-most
	}
}

// bomb answers tools/list with a gigabyte of zeros, compressed.
func bomb() http.Handler {
	h := backendtest.NewHTTP()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if !strings.Contains(string(body), `"tools/list"`) {
			h.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		zeros := make([]byte, 64<<10)
		for range 16 << 10 { // a gigabyte
			if _, err := z.Write(zeros); err != nil {
				return
			}
		}
		_ = z.Close()
	})
}

// TestHostileLists checks that what a server lists costs one error, or one tool,
// and little memory.
func TestHostileLists(t *testing.T) {
	tests := []struct {
		name string
		spec func(testing.TB) backends.Spec
		// The server fails with text, or takes that many tools and refuses one
		// with text.
		code  bindery.Code
		tools int
		text  string
	}{
		{"100,000 tools", func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.ManyTools) }, bindery.Limit, 0, "list tools of srv: the list of tools of the server's answer is over the limit of 20000 tools"},
		{"endless pages", func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.EndlessPages) }, bindery.Limit, 0, "over the limit of 100 pages"},
		{"endless list", func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.EndlessList) }, bindery.Limit, 0, "the size of the server's answer is over the limit of 16 MiB"},
		{"10 MB description", func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.HugeTool) }, 0, 1, "its declaration is over the limit of 1 MiB"},
		{"schemas in a circle", func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.SelfSchema) }, 0, 3, ""},
		{"gzip bomb", func(t testing.TB) backends.Spec {
			srv := httptest.NewServer(bomb())
			t.Cleanup(srv.Close)
			return backends.Spec{Name: "srv", URL: srv.URL}
		}, bindery.Limit, 0, "the size of the server's answer is over the limit of 16 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spec := tt.spec(t)
			stop := heapPeak()
			s := open(t, backends.Options{}, spec)
			st := s.Status()[0]
			grown := stop()
			t.Logf("grown by %d MiB", grown>>20)
			if grown > 64<<20 {
				t.Errorf("memory has grown by %d MiB", grown>>20)
			}
			said := fmt.Sprint(st.Refused)
			if tt.code != 0 {
				said = fmt.Sprint(st.Cause)
			}
			if st.Cause == nil != (tt.code == 0) || st.Cause != nil && st.Cause.Code != tt.code || st.Tools != tt.tools || !strings.Contains(said, tt.text) {
				t.Errorf("got %d tools, %v, refused %.300v", st.Tools, st.Cause, st.Refused)
			}
			_ = s.Close(within(t))
		})
	}
}
