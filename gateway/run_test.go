package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
)

// slow is a script that logs a line, makes a call and sleeps, as often as its
// source says, for ten seconds each.
var slow = engine(func(ctx context.Context, s sandbox.Script, h sandbox.Host) sandbox.Outcome {
	var rounds int
	_, _ = fmt.Sscan(s.Source, &rounds)
	var out sandbox.Outcome
	for i := range rounds {
		l := sandbox.Line{Level: "log", Text: fmt.Sprint("round ", i)}
		h.Log(l)
		out.Logs = append(out.Logs, l)
		if strings.Contains(s.Source, "progress") {
			h.Log(sandbox.Progress{Message: "rounds", Done: float64(i), Total: float64(rounds)}.Line())
		}
		_, _ = await(ctx, h, i+1, "s", "post", `{"id":1}`)
		select {
		case <-time.After(10 * time.Second):
		case <-ctx.Done():
			return sandbox.Outcome{Logs: out.Logs, Failure: &sandbox.Failure{Code: bindery.Cancelled, Name: "Error", Message: "cancelled"}}
		}
	}
	out.Value = json.RawMessage(`"all done"`)
	return out
})

// request sends one execute_code as the server's handler does.
func request(ctx context.Context, g *Gateway, c Client, code, wait string) (string, error) {
	x, err := g.runFor(ctx, c, backends.Peer{}, Request{Code: code}, wait, unheld)
	if err != nil {
		return "", err
	}
	a, err := g.attend(ctx, x, attendant{})
	return a.Text(), err
}

// unheld is the hold of a gateway that nobody closes meanwhile.
func unheld() (release func()) { return func() {} }

func idIn(t *testing.T, text string) string {
	t.Helper()
	_, id, ok := strings.Cut(text, `wait: "`)
	if !ok || len(id) < 12 {
		t.Fatalf("no id in %s", text)
	}
	return id[:12]
}

func TestLongScriptsGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Tools: newFakeTools(ready("s", "post")), Engine: slow, Patience: 24 * time.Second})
		defer g.Close(t.Context())
		first, err := request(t.Context(), g, Anonymous(), "6 progress", "")
		want := "still running after 24s: 3 calls done\nprogress: rounds (2/6)\nFor the rest, call execute_code with only wait: \"" +
			idIn(t, first) + "\".\nlogs:\nround 0\nround 1\nround 2"
		if err != nil || first != want {
			t.Errorf("%s, %v; want %s", first, err, want)
		}
		id := idIn(t, first)
		second, err := request(t.Context(), g, Anonymous(), "", id)
		if err != nil || !strings.HasPrefix(second, "still running after 48s: 5 calls done") || !strings.HasSuffix(second, "logs:\nround 3\nround 4") {
			t.Errorf("%s, %v", second, err)
		}
		for range 2 { // an answer that got lost can be had again
			if last, err := request(t.Context(), g, Anonymous(), "", id); err != nil || last != "all done\nlogs:\nround 5" {
				t.Errorf("%s, %v", last, err)
			}
		}
		time.Sleep(time.Hour)
		if late, err := request(t.Context(), g, Anonymous(), "", id); bindery.CodeOf(err) != bindery.NotFound || !strings.Contains(bindery.HintOf(err), "kept for 1h") {
			t.Errorf("%s, %v", late, err)
		}
	})
}

func TestWaitIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := NewClient("a", config.Client{}), NewClient("b", config.Client{})
		g := New(Options{Tools: newFakeTools(ready("s", "post")), Engine: slow, Patience: 5 * time.Second, Clients: []Client{a, b}})
		defer g.Close(t.Context())
		text, err := request(t.Context(), g, a, "2", "")
		if err != nil {
			t.Fatal(err)
		}
		id := idIn(t, text)
		for _, tc := range []struct {
			client     Client
			code, wait string
			want       bindery.Code
		}{
			{b, "", id, bindery.NotFound},
			{a, "", "abcdefghijkl", bindery.NotFound},
			{a, "1", id, bindery.Invalid},
		} {
			if _, err := request(t.Context(), g, tc.client, tc.code, tc.wait); bindery.CodeOf(err) != tc.want || bindery.HintOf(err) == "" {
				t.Errorf("%s waits for %s: %v", tc.client.Name, tc.wait, err)
			}
		}
	})
}

// Whoever gives up waiting takes the script along, whichever request it waited
// with.
func TestGivingUpCancels(t *testing.T) {
	for _, waiting := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			g := New(Options{Tools: newFakeTools(ready("s", "post")), Engine: slow, Patience: 5 * time.Second})
			defer g.Close(t.Context())
			wait, code := "", "100"
			if waiting {
				text, err := request(t.Context(), g, Anonymous(), code, "")
				if err != nil {
					t.Fatal(err)
				}
				wait, code = idIn(t, text), ""
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			text, err := request(ctx, g, Anonymous(), code, wait)
			if err != nil || !strings.HasPrefix(text, "Error: cancelled") {
				t.Errorf("%s, %v", text, err)
			}
		})
	}
}

// Close waits for scripts that outlived their request too, as long as it may.
func TestCloseWaitsForScriptsThatGoOn(t *testing.T) {
	for _, tc := range []struct {
		name, code string
		took       time.Duration
		last       string
	}{
		{"it ends in time", "4", 15 * time.Second, "all done"},
		{"it takes too long", "100", time.Minute, "Error: cancelled"},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := New(Options{Tools: newFakeTools(ready("s", "post")), Engine: slow, Patience: 25 * time.Second})
			text, err := request(t.Context(), g, Anonymous(), tc.code, "")
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			closed := make(chan struct{})
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				g.Close(ctx)
				close(closed)
			}()
			<-closed
			if took := time.Since(began); took != tc.took {
				t.Errorf("%s: closing took %v", tc.name, took)
			}
			if last, err := request(t.Context(), g, Anonymous(), "", idIn(t, text)); err != nil || !strings.HasPrefix(last, tc.last) {
				t.Errorf("%s: %s, %v", tc.name, last, err)
			}
			if _, err := request(t.Context(), g, Anonymous(), "1", ""); bindery.CodeOf(err) != bindery.Unavailable {
				t.Errorf("%s: another script: %v", tc.name, err)
			}
		})
	}
}

func TestForgottenScriptsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Tools: newFakeTools(ready("s", "post")), Engine: slow, Patience: time.Second})
		defer g.Close(t.Context())
		var ids []string
		for range maxDetached + 3 {
			text, err := request(t.Context(), g, Anonymous(), "1", "")
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, idIn(t, text))
		}
		time.Sleep(time.Minute)
		known := 0
		for _, id := range ids {
			if _, err := request(t.Context(), g, Anonymous(), "", id); err == nil {
				known++
			}
		}
		if known != maxDetached {
			t.Errorf("%d are known", known)
		}
		if _, err := request(t.Context(), g, Anonymous(), "", ids[len(ids)-1]); err != nil {
			t.Errorf("the last one: %v", err)
		}
	})
}

// A session that ends takes the scripts with it that outlived their requests.
func TestSessionEndsScriptsThatGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Tools: newFakeTools(ready("s", "post")), Engine: slow, Patience: time.Second})
		defer g.Close(t.Context())
		x, err := g.launch(t.Context(), Anonymous(), backends.Peer{Session: "session"}, Request{Code: "100"}, func() {})
		if err != nil {
			t.Fatal(err)
		}
		if a, err := g.attend(t.Context(), x, attendant{}); err != nil || a.running == nil {
			t.Fatal(a.Text(), err)
		}
		g.sessions.end("another")
		synctest.Wait()
		select {
		case <-x.done:
			t.Fatal("another session ended it")
		default:
		}
		g.sessions.end("session")
		<-x.done
	})
}

func TestReports(t *testing.T) {
	for _, tc := range []struct{ name, code string }{
		{"what happens", "2"},
		{"the script's own count", "3 progress"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := New(Options{Tools: newFakeTools(ready("s", "post")), Engine: slow})
				defer g.Close(t.Context())
				x, err := g.launch(t.Context(), Anonymous(), backends.Peer{}, Request{Code: tc.code}, func() {})
				if err != nil {
					t.Fatal(err)
				}
				last, said := -1.0, 0
				a, err := g.attend(t.Context(), x, attendant{notify: func(_ context.Context, message string, progress, total float64) {
					if said++; progress <= last || message == "" || total != 0 && progress > total {
						t.Errorf("report %d: %q %v/%v after %v", said, message, progress, total, last)
					}
					last = progress
				}})
				if err != nil || a.running != nil || said < 2 {
					t.Errorf("%d reports, %s, %v", said, a.Text(), err)
				}
			})
		})
	}
}

func TestProgressReachesTheClient(t *testing.T) {
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			told := make(chan *mcp.ProgressNotificationParams, 16)
			hold := make(chan struct{})
			tools := newFakeTools(ready("s", "post"))
			tools.call = func(context.Context, bindery.Call) (bindery.Result, error) {
				<-hold
				return structured("1"), nil
			}
			g := start(t, Options{Tools: tools, Engine: engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
				_, _ = await(ctx, h, 1, "s", "post", `{}`)
				return sandbox.Outcome{Value: json.RawMessage("7")}
			})})
			client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
				ProgressNotificationHandler: func(_ context.Context, req *mcp.ProgressNotificationClientRequest) { told <- req.Params },
			})
			cs, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: serve(t, g) + "/mcp", MaxRetries: -1},
				&mcp.ClientSessionOptions{ProtocolVersion: version})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cs.Close() }()
			var once sync.Once
			release := func() { once.Do(func() { close(hold) }) }
			defer release()
			params := &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "x"}}
			params.SetProgressToken("token")
			go func() {
				p := <-told
				if p.ProgressToken != "token" || p.Message != "0 calls done, waiting for s.post (line 1)" || p.Progress <= 0 {
					t.Errorf("%+v", p)
				}
				release()
			}()
			res, err := cs.CallTool(t.Context(), params)
			if err != nil || res.Content[0].(*mcp.TextContent).Text != "7" {
				t.Errorf("%+v, %v", res, err)
			}
		})
	}
}
