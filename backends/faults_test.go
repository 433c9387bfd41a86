package backends_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// kinds are the ways to reach the test server.
func kinds() map[string]func(testing.TB) backends.Spec {
	return map[string]func(testing.TB) backends.Spec{
		"stdio":  func(t testing.TB) backends.Spec { return stdioSpec(t) },
		"http":   func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP()) },
		"events": func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP(backendtest.SSE)) },
		"gzip": func(t testing.TB) backends.Spec {
			spec := httpSpec(t, backendtest.NewHTTP())
			spec.URL += "/?gzip"
			return spec
		},
		"sse":       func(t testing.TB) backends.Spec { return urlSpec(t, backendtest.NewOldSSE()) },
		"websocket": func(t testing.TB) backends.Spec { return websocketSpec(t, backendtest.NewWebSocket()) },
		"modern":    func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.Modern) },
		"modern http": func(t testing.TB) backends.Spec {
			return httpSpec(t, backendtest.NewHTTP(backendtest.Modern))
		},
		"modern events": func(t testing.TB) backends.Spec {
			return httpSpec(t, backendtest.NewHTTP(backendtest.Modern, backendtest.SSE))
		},
	}
}

// TestCallFaults makes calls that go wrong, each followed by one that must not.
func TestCallFaults(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	tests := []struct {
		tool, args string
		code       bindery.Code
		text       string // in the error
		timeout    time.Duration
	}{
		{tool: "big", args: `{"bytes":4000000}`, code: bindery.Limit, text: "over the limit of 1 MiB"},
		{tool: "big", args: `{"bytes":2000000,"idLast":true}`, code: bindery.Limit, text: "over the limit of 1 MiB"},
		{tool: "deep", args: `{"count":300}`, code: bindery.Limit, text: "over the limit of 256 levels"},
		{tool: "deep", args: `{"count":200000}`, code: bindery.Limit, text: "over the limit of 256 levels"},
		{tool: "broken", code: bindery.Upstream, text: "not valid JSON"},
		{tool: "rpcerror", args: `{"text":"no \u001b[31mdice"}`, code: bindery.Upstream, text: "no dice (code -32603)"},
		{tool: "badparams", code: bindery.Upstream, text: "alpha must be a number (code -32602)"},
		{tool: "ask", code: bindery.Upstream, text: "asks for further input"},
		{tool: "stringid", code: bindery.Timeout, text: "no answer within the call timeout", timeout: 500 * time.Millisecond},
		{tool: "hang", code: bindery.Timeout, text: "no answer within the call timeout", timeout: 500 * time.Millisecond},
		{tool: "absent", code: bindery.NotFound, text: `has no tool "absent"`},
		{tool: "echo", args: `[1]`, code: bindery.Invalid, text: "not a JSON object"},
		{tool: "echo", args: `{"a":`, code: bindery.Invalid, text: "not a JSON object"},
	}
	for kind, spec := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{MaxMessage: limit}, spec(t))
			for _, tt := range tests {
				t.Run(tt.tool+tt.args, func(t *testing.T) {
					s := s
					if tt.timeout > 0 {
						hasty := spec(t)
						hasty.CallTimeout = tt.timeout
						s = open(t, backends.Options{MaxMessage: limit}, hasty)
					}
					_, err := call(t, s, tt.tool, tt.args)
					if tt.tool == "stringid" && strings.HasSuffix(kind, "events") {
						// The stream ends with the answer that is none.
						tt.code, tt.text = bindery.Unavailable, "the connection ended before the server's answer"
					}
					if tt.tool == "stringid" && (strings.HasSuffix(kind, "http") || kind == "gzip") {
						tt.code, tt.text = bindery.Upstream, "the server's answer is not that to the request"
					}
					if bindery.CodeOf(err) != tt.code || !strings.Contains(fmt.Sprint(err), tt.text) {
						t.Errorf("got %v (%v), want %v with %q", err, bindery.CodeOf(err), tt.code, tt.text)
					}
					if err != nil && !strings.HasPrefix(err.Error(), "call srv."+tt.tool+": ") {
						t.Errorf("the error does not say what was done: %v", err)
					}
					never := tt.code == bindery.NotFound || tt.code == bindery.Invalid
					if got := bindery.IsUnsent(err); got != never {
						t.Errorf("unsent: %v, want %v", got, never)
					}
					if tt.code == bindery.Limit && !strings.HasPrefix(bindery.HintOf(err), "ask for less") {
						t.Errorf("got the hint %q", bindery.HintOf(err))
					}
					if _, err := call(t, s, "echo", `{}`); err != nil && tt.timeout == 0 {
						t.Errorf("the call after it: %v", err)
					}
					if st := s.Status()[0]; st.Restarts != 0 {
						t.Errorf("the session did not survive: %+v", st)
					}
				})
			}
		})
	}
}

// TestTolerated makes calls whose answers are odd but good.
func TestTolerated(t *testing.T) {
	t.Parallel()
	for kind, spec := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, spec(t))
			for _, tool := range []string{"noise", "duplicate", "wrongid", "batch", "images", "fail"} {
				if kind != "stdio" && (tool == "wrongid" || tool == "batch") {
					continue // an HTTP answer belongs to its request
				}
				r, err := call(t, s, tool, `{"text":"oh"}`)
				if err != nil {
					t.Errorf("%s: %v", tool, err)
					continue
				}
				if r.IsError != (tool == "fail") {
					t.Errorf("%s: got isError %v", tool, r.IsError)
				}
				if tool == "images" && (len(r.Content) != 4 || string(r.Content[0].Data) != "hello" ||
					r.Content[2].Type != "hologram" || string(r.Content[2].Raw) != `{"type":"hologram","volume":3}`) {
					t.Errorf("images: got %+v", r.Content)
				}
				works(t, s)
			}
			st := s.Status()[0]
			if st.Restarts != 0 {
				t.Errorf("got %d restarts", st.Restarts)
			}
			if kind == "stdio" && (st.Skipped != 4 || st.FirstSkipped[0] != "npm WARN deprecated everything") {
				t.Errorf("got %d skipped lines: %q", st.Skipped, st.FirstSkipped)
			}
		})
	}
}

func TestEndlessAnswer(t *testing.T) {
	t.Parallel()
	for kind, spec := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{MaxMessage: 1 << 20}, spec(t))
			_, err := call(t, s, "endless", "")
			if bindery.CodeOf(err) != bindery.Limit {
				t.Errorf("got %v", err)
			}
			if _, err := call(t, s, "echo", `{}`); err != nil {
				// A pipe in the middle of a line is of no more use.
				waitFor(t, s, "restarted", func(c *backends.Catalogue) bool {
					return c.Servers[0].State == backends.Ready && s.Status()[0].Restarts > 0
				})
			}
			works(t, s)
		})
	}
}

func TestCancellation(t *testing.T) {
	t.Parallel()
	for kind, spec := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, spec(t))
			ctx, cancel := context.WithCancel(within(t))
			time.AfterFunc(50*time.Millisecond, cancel)
			_, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}})
			if bindery.CodeOf(err) != bindery.Cancelled {
				t.Errorf("got %v, want cancelled", err)
			}
			if kind == "stdio" {
				// The server writes this when it has been told.
				for len(s.Status()[0].Stderr) == 0 && within(t).Err() == nil {
					works(t, s)
				}
				if got := s.Status()[0].Stderr; len(got) == 0 || got[0] != "hang was cancelled" {
					t.Errorf("got stderr %q", got)
				}
			}
			works(t, s)
		})
	}
}

func TestDeathDuringCall(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{}, stdioSpec(t))
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skip(err)
	}
	text, _ := json.Marshal(map[string]string{"text": "not\nshown\nat " + home + "/server.js"})
	_, err = call(t, s, "die", string(text))
	want := "call srv.die: the server ended (exit status 3); stderr: at ~/server.js | panic: out of cheese"
	if bindery.CodeOf(err) != bindery.Unavailable || err.Error() != want {
		t.Fatalf("got %v, want %s", err, want)
	}
	waitFor(t, s, "restart", func(c *backends.Catalogue) bool {
		st := s.Status()[0]
		return c.Servers[0].State == backends.Ready && st.Restarts == 1 && st.Cause == nil
	})
	works(t, s)
}

func TestStartFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		spec func(testing.TB) backends.Spec
		code bindery.Code
		text string
	}{
		{
			"no such command",
			func(testing.TB) backends.Spec { return backends.Spec{Command: "no-such-command-anywhere"} },
			bindery.Unavailable, `connect to srv: command "no-such-command-anywhere" was not found in PATH`,
		},
		{
			"no such file",
			func(testing.TB) backends.Spec { return backends.Spec{Command: "/no/such/file"} },
			bindery.Unavailable, `connect to srv: command "/no/such/file" cannot be run: `,
		},
		{
			"death",
			func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.DieOnStart) },
			bindery.Unavailable, "connect to srv: the server ended (exit status 7); stderr: reading the configuration | missing API key: set FOO",
		},
		{
			"no MCP server",
			func(testing.TB) backends.Spec { return backends.Spec{Command: "true"} },
			bindery.Unavailable, "connect to srv: the server ended (exit status 0)",
		},
		{
			"silence",
			func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.HangInit) },
			bindery.Timeout, "connect to srv: no answer to the handshake: no answer within the start timeout of 1s",
		},
		{
			"no list",
			func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.HangList) },
			bindery.Timeout, "list tools of srv: no answer within the start timeout of 1s",
		},
		{
			"endless list",
			func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.EndlessPages) },
			bindery.Limit, "list tools of srv: the list of tools of the server's answer is over the limit of 100 pages",
		},
		{
			"circular list",
			func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.SameCursor) },
			bindery.Upstream, `list tools of srv: the server's list of tools does not end: cursor "again" comes again`,
		},
		{
			"unauthorized",
			func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP(backendtest.Unauthorized)) },
			bindery.Unavailable, "connect to srv: the server answered HTTP 401 Unauthorized",
		},
		{
			"silence over http",
			func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP(backendtest.HangInit)) },
			bindery.Timeout, "connect to srv: no answer to the handshake: no answer within the start timeout of 1s",
		},
		{
			"nobody there",
			func(testing.TB) backends.Spec { return backends.Spec{URL: "http://127.0.0.1:1/mcp"} },
			bindery.Unavailable, "connect to srv: dial tcp 127.0.0.1:1",
		},
		{
			"no URL",
			func(testing.TB) backends.Spec { return backends.Spec{URL: "ftp://x"} },
			bindery.Upstream, "connect to srv: the URL is not an absolute http or https URL",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			spec := tt.spec(t)
			spec.Name = "srv"
			if tt.code == bindery.Timeout {
				spec.StartTimeout = time.Second
			}
			s := open(t, backends.Options{}, spec)
			st := s.Status()[0]
			if st.Cause == nil || st.Cause.Code != tt.code || !strings.HasPrefix(st.Cause.Error(), tt.text) {
				t.Fatalf("got %v (%+v), want %v with %s", st.Cause, st, tt.code, tt.text)
			}
		})
	}
}

// TestDown checks what a call to a server in backoff gets.
func TestDown(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{}, stdioSpec(t, backendtest.DieOnStart))
	ctx := within(t)
	for ctx.Err() == nil {
		_, err := call(t, s, "echo", "")
		if bindery.CodeOf(err) != bindery.Unavailable || !bindery.IsUnsent(err) {
			t.Fatalf("got %v, unsent: %v", err, bindery.IsUnsent(err))
		}
		if strings.Contains(err.Error(), "the server is down: the server ended (exit status 7); stderr: reading the configuration | missing API key: set FOO; next try in ") {
			if got := s.Status()[0].Stderr; len(got) != 3 || got[0] != "starting" {
				t.Errorf("got the lines %q", got)
			}
			return
		}
	}
	t.Error("the error never told when the next try is")
}

func TestBadTools(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{}, stdioSpec(t, backendtest.BadTools))
	var names []string
	for _, tool := range s.Catalogue().Servers[0].Tools {
		names = append(names, tool.ID.Name)
	}
	if got := strings.Join(names, " "); got != "odd good" {
		t.Errorf("got tools %q", got)
	}
	odd := s.Catalogue().Servers[0].Tools[0]
	if odd.Hints.ReadOnly != nil || odd.Hints.Idempotent == nil || !*odd.Hints.Idempotent || string(odd.Input) != "{}" {
		t.Errorf("got %+v", odd)
	}
	if got := s.Status()[0].Refused; len(got) != 7 || got[0] != "tool 1 (): it is not an object" {
		t.Errorf("got %q", got)
	}
}

func TestListChanged(t *testing.T) {
	t.Parallel()
	for kind, spec := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, spec(t))
			if _, err := call(t, s, "change", ""); err != nil {
				t.Fatal(err)
			}
			waitFor(t, s, "new tool", func(c *backends.Catalogue) bool {
				tools := c.Servers[0].Tools
				return tools[len(tools)-1].ID.Name == "extra"
			})
			if _, err := call(t, s, "extra", "{}"); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestListChangedStorm checks that notifications are coalesced.
func TestListChangedStorm(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{}, stdioSpec(t))
	start := time.Now()
	for range 5 {
		if _, err := call(t, s, "storm", `{"count":1000}`); err != nil {
			t.Fatal(err)
		}
	}
	r, err := call(t, s, "storm", "")
	if err != nil {
		t.Fatal(err)
	}
	var lists int
	if _, err := fmt.Sscan(r.Content[0].Text, &lists); err != nil {
		t.Fatal(err)
	}
	if most := 3 + int(time.Since(start)/time.Second); lists > most {
		t.Errorf("got %d lists for 5000 notifications, want at most %d", lists, most)
	}
}
