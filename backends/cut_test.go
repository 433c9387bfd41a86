package backends_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// cutter cuts an answer off after a number of bytes.
type cutter struct {
	http.ResponseWriter
	left  int64
	wrote int
}

func (c *cutter) Write(b []byte) (int, error) {
	n := min(int64(len(b)), c.left)
	c.left -= n
	c.wrote += int(n)
	if n == int64(len(b)) {
		return c.ResponseWriter.Write(b)
	}
	_, _ = c.ResponseWriter.Write(b[:n])
	_ = http.NewResponseController(c.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}

// TestCutAnswer cuts the answer to a call off at each of its bytes: the call has
// its result or fails, is never made twice, and the next one works.
func TestCutAnswer(t *testing.T) {
	t.Parallel()
	for _, modes := range [][]backendtest.Mode{{}, {backendtest.SSE}} {
		h := backendtest.NewHTTP(modes...)
		var after atomic.Int64
		var size atomic.Int64
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if !bytes.Contains(body, []byte(`"cut"`)) {
				h.ServeHTTP(w, r)
				return
			}
			c := &cutter{ResponseWriter: w, left: after.Load()}
			h.ServeHTTP(c, r)
			size.Store(int64(c.wrote))
		}))
		t.Cleanup(func() {
			srv.CloseClientConnections()
			srv.Close()
		})
		s := open(t, backends.Options{}, backends.Spec{Name: "srv", URL: srv.URL})
		after.Store(1 << 20)
		if _, err := call(t, s, "echo", `{"cut":1}`); err != nil {
			t.Fatal(err)
		}
		calls := 1
		for n := range size.Load() {
			after.Store(n)
			r, err := call(t, s, "echo", `{"cut":1}`)
			calls++
			// The line break after an event's data may be all that is missing.
			if err == nil && (string(r.Structured) != `{"cut":1}` || n < size.Load()-2) {
				t.Errorf("cut after %d of %d bytes: got %s", n, size.Load(), r.Raw)
			}
			if err != nil && bindery.CodeOf(err) != bindery.Unavailable {
				t.Errorf("cut after %d of %d bytes: got %v (%v)", n, size.Load(), err, bindery.CodeOf(err))
			}
			works(t, s)
		}
		made := 0
		for _, r := range h.Requests() {
			if r.Tool == "echo" {
				made++
			}
		}
		if want := calls + int(size.Load()); made != want {
			t.Errorf("%d calls were made as %d requests", want, made)
		}
		if st := s.Status()[0]; st.State != backends.Ready || strings.Contains(st.Transport, "stdio") {
			t.Errorf("got %+v", st)
		}
		_ = s.Close(within(t))
	}
}
