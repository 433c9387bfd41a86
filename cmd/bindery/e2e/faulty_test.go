package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// AddFaulty adds a server that misbehaves as the modes say, over stdio. Its
// entry may still be changed.
func (w *world) AddFaulty(t *testing.T, name string, modes ...backendtest.Mode) map[string]any {
	t.Helper()
	program, env, err := backendtest.Command(modes...)
	if err != nil {
		t.Fatal(err)
	}
	entry := map[string]any{"command": program, "env": env, "cwd": w.Dir}
	w.Add(name, entry)
	return entry
}

// arrivals tells a test what has reached a server.
type arrivals struct {
	mu     sync.Mutex
	events map[string]chan struct{}
}

// of returns where arrivals of what are sent to.
func (a *arrivals) of(what string) chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.events == nil {
		a.events = map[string]chan struct{}{}
	}
	c := a.events[what]
	if c == nil {
		c = make(chan struct{}, 100)
		a.events[what] = c
	}
	return c
}

// note notes a message: its method, and for a call also the tool. It returns
// the more precise of the two.
func (a *arrivals) note(message []byte) string {
	var m struct {
		Method string
		Params struct{ Name string }
	}
	if json.Unmarshal(message, &m) != nil || m.Method == "" {
		return ""
	}
	if m.Method == "tools/call" {
		m.Method += " " + m.Params.Name
	}
	select {
	case a.of(m.Method) <- struct{}{}:
	default: // nobody counts this far
	}
	return m.Method
}

// Await waits until a message has arrived that no Await has waited for yet.
func (a *arrivals) Await(t *testing.T, what string) {
	t.Helper()
	select {
	case <-a.of(what):
	case <-time.After(patience):
		t.Fatalf("the server has not got %s after %s", what, patience)
	}
}

// upstream is a faulty server over HTTP in this process, which tells what it
// gets and can be made to wait before it handles it.
type upstream struct {
	*backendtest.HTTP
	arrivals

	mu   sync.Mutex
	held map[string]chan struct{}
}

// AddUpstream starts an upstream and adds it under this name.
func (w *world) AddUpstream(t *testing.T, name string, modes ...backendtest.Mode) *upstream {
	t.Helper()
	u := &upstream{HTTP: backendtest.NewHTTP(modes...), held: map[string]chan struct{}{}}
	srv := httptest.NewServer(u)
	t.Cleanup(srv.Close)
	w.Add(name, map[string]any{"url": srv.URL + "/mcp?gzip"})
	return u
}

// Hold makes messages ("tools/call echo", "initialize") wait until release is
// called, or until their client gives up.
func (u *upstream) Hold(what ...string) (release func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	held := make(chan struct{})
	for _, w := range what {
		u.held[w] = held
	}
	return func() { close(held) }
}

func (u *upstream) holding(what string) chan struct{} {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.held[what]
}

// ServeHTTP implements [http.Handler].
func (u *upstream) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if held := u.holding(u.note(body)); held != nil {
		select {
		case <-held:
		case <-r.Context().Done():
			return
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	u.HTTP.ServeHTTP(rw, r)
}

// AddOverheard adds a good server over stdio and returns what arrives there,
// taken down by a tee on its standard input.
func (w *world) AddOverheard(t *testing.T, name string) *arrivals {
	t.Helper()
	entry := w.AddFaulty(t, name)
	pipe := filepath.Join(w.Home, name+".pipe")
	if err := makePipe(pipe); err != nil {
		t.Fatal(err)
	}
	// Opened for both, so that opening does not wait for the tee and its end is none here.
	f, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	entry["args"] = []any{"-c", `tee "$0" | "$1"`, pipe, entry["command"]}
	entry["command"] = "sh"
	a := new(arrivals)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for lines := json.NewDecoder(f); ; {
			var message json.RawMessage
			if lines.Decode(&message) != nil {
				return
			}
			a.note(message)
		}
	}()
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return a
}
