package front_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bindery-mcp/bindery/gateway/front"
)

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// initialise opens a session without a network.
func initialise(e *front.Endpoint) string {
	r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(strings.Replace(hello, "VERSION", "2025-11-25", 1)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w.Header().Get("Mcp-Session-Id")
}

func ping(e *front.Endpoint, session string) int {
	r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Mcp-Session-Id", session)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w.Code
}

// Abandoned sessions cost memory until they are ended, and nothing else.
func TestAbandonedSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := front.New(newFake(), front.Options{})
		defer e.Close(t.Context())
		initialise(e)
		before, goroutines := heap(), runtime.NumGoroutine()
		for range 10_000 {
			initialise(e)
		}
		if now := runtime.NumGoroutine(); now > goroutines {
			t.Errorf("10,000 idle sessions have %d goroutines", now-goroutines)
		}
		t.Logf("10,000 idle sessions have %d KiB of heap", (heap()-before)>>10)
		last := initialise(e)
		time.Sleep(29 * time.Minute)
		if ping(e, last) != http.StatusOK {
			t.Error("the last session is not there")
		}
		time.Sleep(29 * time.Minute)
		if ping(e, last) != http.StatusOK {
			t.Error("a session that is used has ended")
		}
		if after := heap(); after-before > 5<<20 {
			t.Errorf("%d KiB of heap are left of 10,000 sessions", (after-before)>>10)
		}
		time.Sleep(31 * time.Minute)
		if ping(e, last) != http.StatusNotFound {
			t.Error("a session that nobody used is there still")
		}
	})
}

func TestMaxSessions(t *testing.T) {
	t.Parallel()
	f := newFake()
	e := front.New(f, front.Options{MaxSessions: 2})
	defer e.Close(t.Context())
	a, b := initialise(e), initialise(e)
	if ping(e, a) != http.StatusOK { // now b is idle longest
		t.Error("the first session is not there")
	}
	initialise(e)
	if ping(e, a) != http.StatusOK || ping(e, b) != http.StatusNotFound {
		t.Error("it was not the session idle longest that had to go")
	}
}

func TestBusySessionsStay(t *testing.T) {
	t.Parallel()
	f := newFake()
	_, url := serve(t, f, front.Options{MaxSessions: 1, SessionTimeout: 10 * time.Millisecond})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	event(t, events(t, open(t.Context(), t, "GET", url, "", s)))
	r := send(t, "POST", url, strings.Replace(hello, "VERSION", "2025-11-25", 1), nil)
	if r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" {
		t.Errorf("a second session: %+v", r)
	}
	time.Sleep(30 * time.Millisecond)
	if r := send(t, "POST", url, `{"jsonrpc":"2.0","id":1,"method":"ping"}`, s); r.status != http.StatusOK {
		t.Errorf("a session with a stream was ended: %+v", r)
	}
}
