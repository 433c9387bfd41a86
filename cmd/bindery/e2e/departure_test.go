package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// wire is a client that speaks Streamable HTTP by hand, so that it can leave
// in the ways that a library does not.
type wire struct {
	URL     string
	Version string
	Session string
	client  *http.Client
}

func newWire(t *testing.T, url, version string) *wire {
	t.Helper()
	own := &http.Transport{}
	t.Cleanup(own.CloseIdleConnections)
	w := &wire{URL: url, Version: version, client: &http.Client{Transport: own}}
	if version < "2026-07-28" {
		resp, _, err := w.send(t.Context(), http.MethodPost, initialize(version))
		if err != nil {
			t.Fatal(err)
		}
		w.Session = resp.Header.Get("Mcp-Session-Id")
		if w.Session == "" {
			t.Fatalf("no session: %s", resp.Status)
		}
		w.tell(t, http.MethodPost, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	}
	return w
}

func initialize(version string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":%q,"capabilities":{},`+
		`"clientInfo":{"name":"e2e","version":"1"}}}`, version)
}

// call is the request that runs a script. As of 2026-07-28 a request says who
// makes it; before, the session knows, and a request must not.
func call(version string, id int, code string) string {
	quoted, _ := json.Marshal(code) // a string can always be
	meta := ""
	if version >= "2026-07-28" {
		meta = fmt.Sprintf(`,"_meta":{"io.modelcontextprotocol/protocolVersion":%q,"io.modelcontextprotocol/clientCapabilities":{},`+
			`"io.modelcontextprotocol/clientInfo":{"name":"e2e","version":"1"}}`, version)
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"execute_code","arguments":{"code":%s}%s}}`,
		id, quoted, meta)
}

// send sends one request and returns the response with its whole body.
func (w *wire) send(ctx context.Context, method, body string) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, w.URL, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	if w.Session != "" {
		req.Header.Set("Mcp-Session-Id", w.Session)
	}
	if w.Session != "" || w.Version >= "2026-07-28" {
		req.Header.Set("MCP-Protocol-Version", w.Version)
		req.Header.Set("Mcp-Method", "tools/call")
		req.Header.Set("Mcp-Name", "execute_code")
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	var all bytes.Buffer
	_, err = io.Copy(&all, resp.Body)
	return resp, all.String(), err
}

// tell sends what has no answer.
func (w *wire) tell(t *testing.T, method, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	resp, text, err := w.send(ctx, method, body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		t.Fatalf("%s %s: %s: %s", method, body, resp.Status, text)
	}
}

// reply is what became of a request.
type reply struct {
	Body string
	Err  error
}

// begin sends a request and returns how to hang up, and where its reply comes.
func (w *wire) begin(t *testing.T, body string) (hangUp func(), replied <-chan reply) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	c := make(chan reply, 1)
	go func() {
		_, text, err := w.send(ctx, http.MethodPost, body)
		c <- reply{text, err}
	}()
	return cancel, c
}

// got waits for a reply.
func got(t *testing.T, replied <-chan reply) reply {
	t.Helper()
	select {
	case r := <-replied:
		return r
	case <-time.After(patience):
		t.Fatalf("no reply after %s", patience)
		return reply{}
	}
}

// long is a script that ends only if it is made to: no limit of longWorld does
// so in time.
const long = `await Promise.all([near.hang({}), far.hang({})])`

// longWorld is a world with the servers of long.
func longWorld(t *testing.T) (w *world, near *arrivals, far *upstream) {
	t.Helper()
	w = newWorld(t)
	w.Set("limits", map[string]any{"wall": "1h"})
	near, far = w.AddOverheard(t, "near"), w.AddUpstream(t, "far")
	for _, entry := range w.servers {
		entry.(map[string]any)["callTimeout"] = "1h"
	}
	return w, near, far
}

// A client that leaves takes its script along: the servers are told that
// nobody waits for their answers, and the script's process ends. Everybody
// else is served as before.
func TestClientLeaves(t *testing.T) {
	t.Parallel()
	w, near, far := longWorld(t)
	gateway, url := w.Gateway(t)
	for _, tc := range []struct {
		name, version string
		leave         func(t *testing.T, c *wire, hangUp func())
	}{
		{"2026-07-28 closes the request", "2026-07-28", func(_ *testing.T, _ *wire, hangUp func()) { hangUp() }},
		{"2025-11-25 cancels the request", "2025-11-25", func(t *testing.T, c *wire, _ func()) {
			c.tell(t, http.MethodPost, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`)
		}},
		{"2025-11-25 ends the session", "2025-11-25", func(t *testing.T, c *wire, _ func()) { c.tell(t, http.MethodDelete, "") }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newWire(t, url, tc.version)
			hangUp, replied := c.begin(t, call(tc.version, 7, long))
			near.Await(t, "tools/call hang")
			far.Await(t, "tools/call hang")
			before := workers(descendants(t, gateway.cmd.Process.Pid))

			tc.leave(t, c, hangUp)
			near.Await(t, "notifications/cancelled")
			far.Await(t, "notifications/cancelled")
			eventually(t, func() string {
				for _, r := range before {
					if !r.alive() {
						return ""
					}
				}
				return fmt.Sprintf("the script's process still runs, one of %v", before)
			})
			hangUp()
			got(t, replied)

			other := newWire(t, url, tc.version)
			_, after := other.begin(t, call(tc.version, 8, `(await Promise.all([near.echo({alpha: 1}), far.echo({alpha: 2})])).map(e => e.alpha)`))
			if r := got(t, after); r.Err != nil || !strings.Contains(r.Body, `"[1,2]"`) {
				t.Errorf("another client got %s, %v", r.Body, r.Err)
			}
		})
	}
}

// Whoever started the gateway over stdio ends it by closing its input; it then
// takes everything along, however busy.
func TestStdioClientLeaves(t *testing.T) {
	t.Parallel()
	w, near, far := longWorld(t)
	cmd := exec.Command(binary, "serve", "--config", w.Config(t), "--stdio")
	cmd.Dir, cmd.Env = w.Home, environment(w.Home)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = io.Discard
	gateway, _ := start(t, cmd, readyLine("near"), true)
	for _, message := range []string{
		initialize("2025-11-25"), `{"jsonrpc":"2.0","method":"notifications/initialized"}`, call("2025-11-25", 7, long),
	} {
		if _, err := io.WriteString(stdin, message+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	near.Await(t, "tools/call hang")
	far.Await(t, "tools/call hang")
	before := descendants(t, gateway.cmd.Process.Pid)
	if len(workers(before)) == 0 || len(before) == len(workers(before)) {
		t.Fatalf("a sandbox and a server run: %v", before)
	}

	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	near.Await(t, "notifications/cancelled")
	far.Await(t, "notifications/cancelled")
	if err := gateway.wait(t); err != nil {
		t.Errorf("the gateway ended with %v:\n%s", err, gateway.output())
	}
	allGone(t, before)
}

// A gateway on stdio that is told to stop does not wait for its client to say
// more, or to go.
func TestStdioIsToldToStop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddFaulty(t, "near")
	cmd := exec.Command(binary, "serve", "--config", w.Config(t), "--stdio")
	cmd.Dir, cmd.Env = w.Home, environment(w.Home)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stdin.Close() }() // the gateway has gone by then
	cmd.Stdout = io.Discard
	gateway, _ := start(t, cmd, readyLine("near"), true)
	before := descendants(t, gateway.cmd.Process.Pid)

	gateway.signal(t, syscall.SIGTERM)
	if err := gateway.wait(t); err != nil {
		t.Errorf("the gateway ended with %v:\n%s", err, gateway.output())
	}
	allGone(t, before)
}
