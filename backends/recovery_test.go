package backends_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// line is a TCP connection to a server that can be cut without a word.
type line struct {
	listener net.Listener
	target   string
	running  sync.WaitGroup

	mu     sync.Mutex
	frozen bool
	conns  []net.Conn
}

func newLine(t *testing.T, target string) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{listener: listener, target: target}
	l.running.Go(l.accept)
	t.Cleanup(func() {
		_ = l.listener.Close()
		l.drop()
		l.running.Wait()
	})
	return l
}

func (l *line) accept() {
	for {
		a, err := l.listener.Accept()
		if err != nil {
			return
		}
		b, err := net.Dial("tcp", l.target)
		if err != nil {
			_ = a.Close()
			continue
		}
		l.mu.Lock()
		l.conns = append(l.conns, a, b)
		l.mu.Unlock()
		l.running.Go(func() { l.carry(a, b) })
		l.running.Go(func() { l.carry(b, a) })
	}
}

// carry passes on what comes until the line is frozen, and then swallows it.
func (l *line) carry(from, to net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			_ = to.Close()
			return
		}
		l.mu.Lock()
		frozen := l.frozen
		l.mu.Unlock()
		if !frozen {
			_, _ = to.Write(buf[:n])
		}
	}
}

func (l *line) freeze(frozen bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen = frozen
}

func (l *line) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

// TestHalfOpen checks a server that is gone without a word while a call is under
// way.
func TestHalfOpen(t *testing.T) {
	t.Parallel()
	for _, modes := range [][]backendtest.Mode{{}, {backendtest.SSE}} {
		for _, deaf := range []bool{true, false} {
			t.Run(fmt.Sprint(modes, deaf), func(t *testing.T) {
				t.Parallel()
				spec := httpSpec(t, backendtest.NewHTTP(modes...))
				l := newLine(t, strings.TrimPrefix(spec.URL, "http://"))
				spec.URL = "http://" + l.listener.Addr().String()
				const silence = 500 * time.Millisecond // for a busy machine not to be one
				s := open(t, backends.Options{Silence: silence}, spec)
				ctx, cancel := context.WithCancel(within(t))
				older := make(chan error, 1)
				go func() {
					_, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}})
					older <- err
				}()
				if deaf {
					// It accepts connections and answers nothing. That it does several
					// things at once is known from the answers to pings.
					for start := time.Now(); time.Since(start) < 3*silence; {
						works(t, s)
					}
				} else {
					works(t, s)
					_ = l.listener.Close()
				}
				l.freeze(true)
				hung := make(chan error, 1)
				go func() {
					_, err := s.Call(within(t), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}})
					hung <- err
				}()
				for _, c := range []chan error{older, hung} {
					if err := <-c; bindery.CodeOf(err) != bindery.Unavailable || !strings.Contains(err.Error(), "the connection is lost: ") &&
						!strings.Contains(err.Error(), "connection refused") {
						t.Errorf("got %v (%v)", err, bindery.CodeOf(err))
					}
				}
				cancel()
				l.freeze(false)
				if deaf {
					// A call that comes while the loss is being noticed may still end with it.
					eventually(t, "recovery", func() bool {
						_, err := call(t, s, "echo", `{}`)
						return err == nil
					})
					works(t, s)
				}
			})
		}
	}
}

// TestDeafWhileBusy checks that a server that does one thing at a time, and
// hears nothing meanwhile, is left to do it.
func TestDeafWhileBusy(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{Silence: 20 * time.Millisecond}, stdioSpec(t))
	for range 2 {
		if _, err := call(t, s, "block", `{"wait":300000000}`); err != nil {
			t.Error(err)
		}
	}
	if st := s.Status()[0]; st.Restarts != 0 {
		t.Errorf("got %+v", st)
	}
}

// TestCircuit checks a server that is there and does not do its work.
func TestCircuit(t *testing.T) {
	t.Parallel()
	spec := stdioSpec(t)
	spec.CallTimeout = time.Second
	s := open(t, backends.Options{}, spec, named(stdioSpec(t), "other"))
	fail := func(times int) {
		t.Helper()
		var calls sync.WaitGroup
		for range times {
			calls.Go(func() {
				if _, err := call(t, s, "hang", ""); bindery.CodeOf(err) != bindery.Timeout {
					t.Errorf("got %v", err)
				}
			})
		}
		calls.Wait()
	}
	pid := pidOf(within(t), t, s)
	fail(5)
	_, err := call(t, s, "echo", "{}")
	want := "call srv.echo: the server is down: 5 requests in a row failed, the last one with: no answer within the call timeout of 1s; next try in "
	if bindery.CodeOf(err) != bindery.Unavailable || !bindery.IsUnsent(err) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	waitFor(t, s, "failure", isState(backends.Failed))
	if st := s.Status()[0]; st.Cause == nil || st.Cause.Code != bindery.Timeout || st.NextTry.IsZero() || st.Failures < 5 {
		t.Errorf("got %+v", st)
	}
	if _, err := s.Call(within(t), bindery.Call{Tool: bindery.ToolID{Server: "other", Name: "echo"}, Args: []byte("{}")}); err != nil {
		t.Errorf("the other server: %v", err)
	}
	waitFor(t, s, "another try", isState(backends.Ready))
	if got := pidOf(within(t), t, s); got != pid {
		t.Error("a server that answers pings was restarted")
	}
	if st := s.Status()[0]; st.Cause != nil || st.Restarts != 0 {
		t.Errorf("got %+v", st)
	}

	fail(5)
	waitFor(t, s, "failure", isState(backends.Failed))
	waitFor(t, s, "another try", isState(backends.Ready))
	fail(1)
	waitFor(t, s, "restart", func(c *backends.Catalogue) bool {
		return c.Servers[0].State == backends.Ready && s.Status()[0].Restarts == 1
	})
	eventually(t, "another process", func() bool {
		_, err := call(t, s, "echo", "{}")
		return err == nil
	})
	if got := pidOf(within(t), t, s); got == pid {
		t.Error("a server that failed the trial too was not restarted")
	}
}

func TestInFlight(t *testing.T) {
	t.Parallel()
	spec := stdioSpec(t)
	spec.InFlight = 1
	s := open(t, backends.Options{}, spec)
	ctx, cancel := context.WithCancel(within(t))
	hung := make(chan error, 1)
	go func() {
		_, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}})
		hung <- err
	}()
	eventually(t, "call under way", func() bool { return s.Status()[0].InFlight == 1 })
	short, stop := context.WithTimeout(within(t), 30*time.Millisecond)
	defer stop()
	_, err := s.Call(short, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "echo"}})
	if bindery.CodeOf(err) != bindery.Limit || !bindery.IsUnsent(err) || bindery.HintOf(err) == "" {
		t.Errorf("got %v (%v)", err, bindery.HintOf(err))
	}
	waiting := make(chan error, 5)
	for range cap(waiting) {
		go func() {
			_, err := s.Call(within(t), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "echo"}, Args: []byte("{}")})
			waiting <- err
		}()
	}
	eventually(t, "calls waiting", func() bool { return s.Status()[0].Waiting == cap(waiting) })
	if st := s.Status()[0]; st.InFlight != 1 {
		t.Errorf("got %+v", st)
	}
	cancel()
	if err := <-hung; bindery.CodeOf(err) != bindery.Cancelled {
		t.Errorf("got %v", err)
	}
	for range cap(waiting) {
		if err := <-waiting; err != nil {
			t.Error(err)
		}
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	spec := httpSpec(t, backendtest.NewHTTP())
	spec.Rate, spec.Burst = 0.01, 2
	s := open(t, backends.Options{}, spec)
	works(t, s)
	works(t, s)
	_, err := call(t, s, "echo", "{}")
	if bindery.CodeOf(err) != bindery.Limit || !bindery.IsUnsent(err) || !strings.Contains(err.Error(), "0.01 requests a second at most (rate); try again in 1m") {
		t.Errorf("got %v", err)
	}
}

// TestUnauthorizedLater checks a server that answers 401 to the sessions it had
// before it was restarted, and one that answers 401 to one tool only.
func TestUnauthorizedLater(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{true, false} {
		h := backendtest.NewHTTP()
		var mu sync.Mutex
		refused := map[string]bool{}
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			mu.Lock()
			no := refused[r.Header.Get("Mcp-Session-Id")] && all || !all && strings.Contains(string(body), `"env"`)
			mu.Unlock()
			if no {
				http.Error(w, "who are you?", http.StatusUnauthorized)
				return
			}
			h.ServeHTTP(w, r)
		}))
		t.Cleanup(func() {
			srv.CloseClientConnections()
			srv.Close()
		})
		s := open(t, backends.Options{}, backends.Spec{Name: "srv", URL: srv.URL})
		works(t, s)
		if !all {
			_, err := call(t, s, "env", "{}")
			if bindery.CodeOf(err) != bindery.Unavailable || !bindery.IsUnsent(err) || !strings.Contains(err.Error(), "HTTP 401") {
				t.Errorf("got %v", err)
			}
			if st := s.Status()[0]; st.Restarts != 0 || st.State != backends.Ready {
				t.Errorf("got %+v", st)
			}
			continue
		}
		mu.Lock()
		for _, r := range h.Requests() {
			refused[r.Header.Get("Mcp-Session-Id")] = r.Header.Get("Mcp-Session-Id") != ""
		}
		mu.Unlock()
		works(t, s)
		if st := s.Status()[0]; st.Restarts != 1 {
			t.Errorf("got %+v", st)
		}
	}
}

// TestResets checks that a server that cuts connections fails the calls that
// were under way and no others.
func TestResets(t *testing.T) {
	t.Parallel()
	h := backendtest.NewHTTP()
	spec := httpSpec(t, h)
	l := newLine(t, strings.TrimPrefix(spec.URL, "http://"))
	spec.URL = "http://" + l.listener.Addr().String()
	s := open(t, backends.Options{}, spec)
	for range 5 {
		hung := make(chan error, 20)
		before := hangs(h)
		for range cap(hung) {
			go func() {
				_, err := s.Call(within(t), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}})
				hung <- err
			}()
		}
		// One may have gone out on a connection that was cut before.
		eventually(t, "calls under way", func() bool { return hangs(h)-before+len(hung) >= cap(hung) })
		l.drop()
		for range cap(hung) {
			if err := <-hung; bindery.CodeOf(err) != bindery.Unavailable || bindery.IsUnsent(err) || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		}
		eventually(t, "service", func() bool {
			_, err := call(t, s, "echo", "{}")
			return err == nil
		})
	}
	if st := s.Status()[0]; st.State != backends.Ready {
		t.Errorf("got %+v", st)
	}
}

// hangs is how many calls of "hang" have arrived.
func hangs(h *backendtest.HTTP) (n int) {
	for _, r := range h.Requests() {
		if r.Tool == "hang" {
			n++
		}
	}
	return n
}
