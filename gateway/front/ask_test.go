package front_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/gateway/front"
)

// TestAsk has a client answer, refuse, leave, and be unable to answer.
func TestAsk(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	for _, tc := range []struct{ back, want string }{
		{`"result":{"action":"decline"}`, `{\"action\":\"decline\"}`},
		{`"error":{"code":-1,"message":"no user is here"}`, `error: no user is here`},
		{`"error":7`, `error: the client answered with an error that is none`},
	} {
		all := events(t, open(t.Context(), t, "POST", url, toolCall(1, "elicit"), s))
		event(t, all)
		ask := event(t, all)["data"]
		before, _, ok := strings.Cut(ask, `,"method":"elicitation/create","params":{"message":"who?"`)
		if !ok {
			t.Fatal(ask)
		}
		if r := send(t, "POST", url, before+","+tc.back+"}", s); r.status != 202 {
			t.Error(r)
		}
		if e := event(t, all); !strings.Contains(e["data"], tc.want) {
			t.Errorf("%s made %v", tc.back, e)
		}
	}
	for name, header := range map[string]map[string]string{
		"sample": s,                                     // a capability the client has not
		"elicit": with(s, "Accept", "application/json"), // no stream to ask on
	} {
		if r := send(t, "POST", url, toolCall(2, name), header); !strings.Contains(r.body, "error: the client cannot be asked this") {
			t.Errorf("%s: %+v", name, r)
		}
	}
	body, header := modern("tools/call", `"name":"elicit"`, "Mcp-Name", "elicit")
	if r := send(t, "POST", url, body, header); !strings.Contains(r.body, "error: the client cannot be asked this") {
		t.Errorf("%+v", r)
	}
	all := events(t, open(t.Context(), t, "POST", url, toolCall(1, "elicit"), s))
	event(t, all)
	event(t, all)
	send(t, "DELETE", url, "", s)
	if e := event(t, all); !strings.Contains(e["data"], "error: the client cannot be asked this") {
		t.Errorf("after the session's end: %v", e)
	}
}

// TestAcceptsOneKind has clients that the specification does not want, and the
// field has.
func TestAcceptsOneKind(t *testing.T) {
	t.Parallel()
	_, url := serve(t, newFake(), front.Options{})
	url += "/mcp"
	s := session(t, url, "2025-11-25")
	if r := send(t, "POST", url, toolCall(1, "progress"), with(s, "Accept", "application/json")); !strings.Contains(r.body, "done") || r.header.Get("Content-Type") != "application/json" {
		t.Errorf("%+v", r)
	}
	all := events(t, open(t.Context(), t, "POST", url, toolCall(1, "echo"), with(s, "Accept", "text/event-stream")))
	event(t, all)
	if e := event(t, all); !strings.Contains(e["data"], `"id":1,"result"`) {
		t.Error(e)
	}
	resp := open(t.Context(), t, "POST", url, strings.Replace(hello, "VERSION", "2025-11-25", 1), map[string]string{"Accept": "text/event-stream"})
	if resp.Header.Get("Mcp-Session-Id") == "" {
		t.Error("no session")
	}
	event(t, events(t, resp))
}

// cutting is a client whose first event stream breaks after its first event.
type cutting struct{ done bool }

func (c *cutting) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && !c.done && r.Method == http.MethodPost && resp.Header.Get("Content-Type") == "text/event-stream" {
		c.done = true
		resp.Body = &cut{resp.Body}
	}
	return resp, err
}

type cut struct{ io.ReadCloser }

func (c *cut) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if i := bytes.Index(p[:n], []byte("\n\n")); i >= 0 {
		_ = c.Close()
		return i + 2, io.ErrUnexpectedEOF
	}
	return n, err
}

// TestReconnect has the SDK's client lose its stream and get its answer.
func TestReconnect(t *testing.T) {
	t.Parallel()
	f := newFake()
	e, url := serve(t, f, front.Options{Patience: time.Millisecond})
	s, _ := connect(t, way{"http", "2025-11-25", func(_ *testing.T, _ *front.Endpoint, url string) mcp.Transport {
		return &mcp.StreamableClientTransport{Endpoint: url + "/mcp", HTTPClient: &http.Client{Transport: &cutting{}}}
	}}, e, url)
	go func() {
		<-f.begun
		time.Sleep(50 * time.Millisecond) // the client is away, or back already: either is right
		f.let <- struct{}{}
	}()
	if got := callText(t, s, &mcp.CallToolParams{Name: "wait"}); got != "waited" {
		t.Error(got)
	}
}
