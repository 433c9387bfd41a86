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
func initialise(e *front.Endpoint) string { return initialiseAs(e, "") }

func initialiseAs(e *front.Endpoint, user string) string {
	r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(strings.Replace(hello, "VERSION", "2025-11-25", 1)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-User", user)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w.Header().Get("Mcp-Session-Id")
}

func ping(e *front.Endpoint, session string) int { return pingAs(e, "", session) }

func pingAs(e *front.Endpoint, user, session string) int {
	r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Mcp-Session-Id", session)
	r.Header.Set("X-User", user)
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

// A client that opens one session after another loses its own, and none of
// somebody else.
func TestManySessionsOfOneClient(t *testing.T) {
	t.Parallel()
	e := front.New(newFake(), front.Options{MaxSessions: 4, Identify: func(r *http.Request) string { return r.Header.Get("X-User") }})
	defer e.Close(t.Context())
	ann, ben := initialiseAs(e, "ann"), initialiseAs(e, "ben")
	first, second := initialiseAs(e, "cid"), initialiseAs(e, "cid")
	for range 10 {
		initialiseAs(e, "cid")
	}
	last := initialiseAs(e, "cid")
	for _, of := range []struct {
		user, session string
		want          int
	}{{"ann", ann, 200}, {"ben", ben, 200}, {"cid", first, 404}, {"cid", second, 404}, {"cid", last, 200}} {
		if got := pingAs(e, of.user, of.session); got != of.want {
			t.Errorf("a session of %s: %d, want %d", of.user, got, of.want)
		}
	}
	// cid has two; the place for dan's and eve's is from there, and then from whoever is idle longest.
	dan := initialiseAs(e, "dan")
	if pingAs(e, "cid", last) != 200 || pingAs(e, "ann", ann) != 200 || pingAs(e, "ben", ben) != 200 || pingAs(e, "dan", dan) != 200 {
		t.Error("not the older one of two was ended")
	}
	initialiseAs(e, "eve")
	if pingAs(e, "cid", last) != 404 || pingAs(e, "ann", ann) != 200 {
		t.Error("not the one idle longest was ended")
	}
}

// Nor does it take the place of others if its own are all in use.
func TestBusySessionsOfOneClient(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{MaxSessions: 3, Identify: func(r *http.Request) string { return r.Header.Get("X-User") }})
	url += "/mcp"
	user := func(name string) map[string]string { return map[string]string{"X-User": name} }
	begin := func(name string) map[string]string {
		r := send(t, "POST", url, strings.Replace(hello, "VERSION", "2025-11-25", 1), user(name))
		if r.status != http.StatusOK {
			return nil
		}
		return with(user(name), "Mcp-Session-Id", r.header.Get("Mcp-Session-Id"), "Mcp-Protocol-Version", "2025-11-25")
	}
	ann := begin("ann")
	for range 2 {
		event(t, events(t, open(t.Context(), t, "GET", url, "", begin("cid"))))
	}
	if begin("cid") != nil {
		t.Error("a third session in the place of somebody else's")
	}
	if r := send(t, "POST", url, `{"jsonrpc":"2.0","id":1,"method":"ping"}`, ann); r.status != http.StatusOK {
		t.Errorf("the session of ann: %+v", r)
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

// A client whose sessions all listen takes them from nobody who has fewer.
func TestManyListenersOfOneClient(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{MaxSessions: 3, Identify: func(r *http.Request) string { return r.Header.Get("X-User") }})
	url += "/mcp"
	listen := func(user string) (header map[string]string, all <-chan map[string]string, status int) {
		t.Helper()
		as := map[string]string{"X-User": user}
		r := send(t, "POST", url, strings.Replace(hello, "VERSION", "2025-11-25", 1), as)
		if r.status != http.StatusOK {
			return nil, nil, r.status
		}
		as["Mcp-Session-Id"] = r.header.Get("Mcp-Session-Id")
		all = events(t, open(t.Context(), t, "GET", url, "", as))
		event(t, all)
		return as, all, r.status
	}
	var cids []map[string]string
	for range 3 {
		as, _, _ := listen("cid")
		cids = append(cids, as)
	}
	if _, _, status := listen("cid"); status != http.StatusServiceUnavailable {
		t.Errorf("a fourth session: %d", status)
	}
	for _, user := range []string{"ann", "ben"} {
		if _, _, status := listen(user); status != http.StatusOK {
			t.Errorf("%s: %d", user, status)
		}
	}
	if _, _, status := listen("dan"); status != http.StatusServiceUnavailable {
		t.Errorf("a session where everybody has one: %d", status)
	}
	left := 0
	for _, as := range cids {
		if send(t, "POST", url, `{"jsonrpc":"2.0","id":1,"method":"ping"}`, as).status == http.StatusOK {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d sessions are left of three", left)
	}
}

// A client whose sessions all listen does not have others lose theirs whenever
// these are idle.
func TestListenersGoBeforeTheIdleOfOthers(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{MaxSessions: 4, Identify: func(r *http.Request) string { return r.Header.Get("X-User") }})
	url += "/mcp"
	initialize := func(user string) map[string]string {
		t.Helper()
		as := map[string]string{"X-User": user}
		r := send(t, "POST", url, strings.Replace(hello, "VERSION", "2025-11-25", 1), as)
		if r.status != http.StatusOK {
			t.Fatalf("%s: %d", user, r.status)
		}
		as["Mcp-Session-Id"] = r.header.Get("Mcp-Session-Id")
		return as
	}
	for range 3 {
		event(t, events(t, open(t.Context(), t, "GET", url, "", initialize("cid"))))
	}
	ann := initialize("ann")
	initialize("ben")
	if r := send(t, "POST", url, `{"jsonrpc":"2.0","id":1,"method":"ping"}`, ann); r.status != http.StatusOK {
		t.Errorf("the idle session of a client with one: %d", r.status)
	}
}
