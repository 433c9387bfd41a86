package gateway

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
)

// TestCloseHearsAnswers begins to end the gateway while a client is being asked:
// the answer counts still, of a client of either era, for a plain call and a
// script, and the server asks once more after it.
func TestCloseHearsAnswers(t *testing.T) {
	script := engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
		var texts []string
		for seq := range 2 {
			r, err := await(ctx, h, seq+1, "full", "ask", `{}`)
			if err != nil {
				return sandbox.Outcome{Failure: &sandbox.Failure{Message: err.Error()}}
			}
			texts = append(texts, r.Content[0].Text)
		}
		value, _ := json.Marshal(strings.Join(texts, "; "))
		return sandbox.Outcome{Value: value}
	})
	for era, version := range eras {
		for tool, want := range map[string]string{"full__ask": "accept red", "execute_code": "accept red; accept red"} {
			t.Run(era+" "+tool, func(t *testing.T) {
				set := openSet(t, false, map[string]*mcp.Server{"full": fullServer()})
				g := start(t, Options{Tools: set, Servers: set, Engine: script, Views: map[string]config.View{config.DefaultView: {Mode: config.Both}}})
				closed := make(chan struct{})
				asked := false
				c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
					ElicitationHandler: func(_ context.Context, _ *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
						if !asked {
							asked = true
							go func() { defer close(closed); g.Close(t.Context()) }()
							for !g.ending() {
								time.Sleep(time.Millisecond)
							}
						}
						return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"color": "red"}}, nil
					},
				})
				tr := &http.Transport{}
				t.Cleanup(tr.CloseIdleConnections)
				cs, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{
					Endpoint: serve(t, g) + "/mcp", HTTPClient: &http.Client{Transport: tr}, DisableStandaloneSSE: true,
				}, &mcp.ClientSessionOptions{ProtocolVersion: version})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = cs.Close() })
				res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: map[string]any{"code": "x"}})
				if err != nil {
					t.Fatal(err)
				}
				if text := res.Content[0].(*mcp.TextContent).Text; text != want {
					t.Errorf("the answer is %s", text)
				}
				<-closed
			})
		}
	}
}

// TestCloseTellsTheRest begins to end the gateway while a script goes on whose
// client will ask for the rest.
func TestCloseTellsTheRest(t *testing.T) {
	let := make(chan struct{})
	script := engine(func(context.Context, sandbox.Script, sandbox.Host) sandbox.Outcome {
		<-let
		return sandbox.Outcome{Value: json.RawMessage(`"the rest"`)}
	})
	g := start(t, Options{Tools: newFakeTools(), Engine: script, Patience: time.Millisecond})
	cs, err := dial(t, serve(t, g)+"/mcp?", eras["stateless"], "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cs.Close() }()
	execute := func(args map[string]any) string {
		t.Helper()
		res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: args})
		if err != nil {
			t.Fatal(err)
		}
		return res.Content[0].(*mcp.TextContent).Text
	}
	id := idIn(t, execute(map[string]any{"code": "x"}))
	closed := make(chan struct{})
	go func() { defer close(closed); g.Close(t.Context()) }()
	for !g.ending() {
		time.Sleep(time.Millisecond)
	}
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "x"}}); err == nil {
		t.Error("another script was begun")
	}
	if text := execute(map[string]any{"wait": id}); !strings.HasPrefix(text, "still running") {
		t.Errorf("the script, which goes on: %s", text)
	}
	close(let)
	for text := ""; text != "the rest"; {
		if text = execute(map[string]any{"wait": id}); !strings.HasPrefix(text, "still running") && text != "the rest" {
			t.Fatalf("the rest is %s", text)
		}
	}
	<-closed
	if _, err := g.Execute(t.Context(), Anonymous(), Request{Code: "x"}); bindery.CodeOf(err) != bindery.Unavailable {
		t.Errorf("a script after the end: %v", err)
	}
}

// TestGoneClientHoldsNothing has a client leave that was asked something: the
// gateway need not wait for its answer.
func TestGoneClientHoldsNothing(t *testing.T) {
	set := openSet(t, false, map[string]*mcp.Server{"full": fullServer()})
	g := start(t, Options{Tools: set, Servers: set, Engine: echo, Views: map[string]config.View{config.DefaultView: {Mode: config.Direct}}})
	in, say := io.Pipe()
	hear, out := io.Pipe()
	served := make(chan error, 1)
	go func() { served <- g.ServeStdio(t.Context(), "", in, out) }()
	const ask = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"full__ask","_meta":{` +
		`"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},` +
		`"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"form":{}}}}}}`
	if _, err := io.WriteString(say, ask+"\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(hear).ReadString('\n'); err != nil || !strings.Contains(line, `"input_required"`) {
		t.Fatalf("%s, %v", line, err)
	}
	_ = say.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
	g.Close(t.Context()) // which has no bound of its own
}

// TestGoneClientIsNotWaitedFor has a client leave whose script outlived its
// request: nobody can ask for the rest, so that nothing waits for that.
func TestGoneClientIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := engine(func(ctx context.Context, _ sandbox.Script, _ sandbox.Host) sandbox.Outcome {
			<-ctx.Done()
			return sandbox.Outcome{Failure: &sandbox.Failure{Message: "cancelled"}}
		})
		g := New(Options{Tools: newFakeTools(), Engine: script, Patience: time.Millisecond})
		in, say := io.Pipe()
		hear, out := io.Pipe()
		served := make(chan error, 1)
		go func() { served <- g.ServeStdio(t.Context(), "", in, out) }()
		const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"execute_code","arguments":{"code":"x"},"_meta":{` +
			`"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},` +
			`"io.modelcontextprotocol/clientCapabilities":{}}}}`
		if _, err := io.WriteString(say, call+"\n"); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(hear).ReadString('\n'); err != nil || !strings.Contains(line, "still running") {
			t.Fatalf("%s, %v", line, err)
		}
		start := time.Now()
		_ = say.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
		g.Close(t.Context())
		if took := time.Since(start); took >= time.Second {
			t.Errorf("the end took %s", took)
		}
	})
}
