package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// fullServer offers one of everything.
func fullServer() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "full", Version: "1"}, &mcp.ServerOptions{
		Instructions: "Ask nicely.",
		CompletionHandler: func(_ context.Context, req *mcp.CompleteRequest) (*mcp.CompleteResult, error) {
			return &mcp.CompleteResult{Completion: mcp.CompletionResultDetails{Values: []string{req.Params.Argument.Value + "!", req.Params.Ref.Name + req.Params.Ref.URI}}}, nil
		},
		SubscribeHandler:   func(context.Context, *mcp.SubscribeRequest) error { return nil },
		UnsubscribeHandler: func(context.Context, *mcp.UnsubscribeRequest) error { return nil },
	})
	object := json.RawMessage(`{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"integer","maximum":9007199254740993}}}`)
	s.AddTool(&mcp.Tool{Name: "echo", InputSchema: object, Meta: mcp.Meta{"k": "v"}}, func(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{
			Content:           []mcp.Content{&mcp.TextContent{Text: string(req.Params.Arguments)}, &mcp.ImageContent{Data: []byte("png"), MIMEType: "image/png"}},
			StructuredContent: req.Params.Arguments, Meta: mcp.Meta{"seen": req.Params.Meta["mine"]},
		}, nil
	})
	s.AddTool(&mcp.Tool{Name: "fail", InputSchema: object}, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: "no"}}}, nil
	})
	s.AddTool(&mcp.Tool{Name: "work", InputSchema: object}, func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		for i := range 3 {
			if t := req.Params.GetProgressToken(); t != nil {
				_ = req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: t, Progress: float64(i + 1), Total: 3, Message: "step"})
			}
		}
		//nolint:staticcheck // deprecated in the protocol, and passed on as long as servers use it
		_ = req.Session.Log(ctx, &mcp.LoggingMessageParams{Level: "warning", Logger: "full", Data: "careful"})
		return &mcp.CallToolResult{}, nil
	})
	s.AddTool(&mcp.Tool{Name: "ask", InputSchema: object}, func(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		a, ok := req.Params.InputResponses["color"]
		if !ok {
			return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"color": &mcp.ElicitParams{
				Message: "Which color?", RequestedSchema: json.RawMessage(`{"type":"object","properties":{"color":{"type":"string"}}}`),
			}}}, nil
		}
		e, ok := a.(*mcp.ElicitResult)
		if !ok {
			return nil, fmt.Errorf("the answer is a %T", a)
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: fmt.Sprint(e.Action, " ", e.Content["color"])}}}, nil
	})
	s.AddResource(&mcp.Resource{URI: "note://one", Name: "one"}, func(_ context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: req.Params.URI, Text: `{"n": 1}`}}}, nil
	})
	s.AddResourceTemplate(&mcp.ResourceTemplate{URITemplate: "note://{id}/text", Name: "text"}, func(_ context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: req.Params.URI, Text: "text of " + req.Params.URI}}}, nil
	})
	s.AddPrompt(&mcp.Prompt{Name: "greet", Arguments: []*mcp.PromptArgument{{Name: "who"}}}, func(_ context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{{Role: "user", Content: &mcp.TextContent{Text: "Hello " + req.Params.Arguments["who"]}}}}, nil
	})
	return s
}

// serverEras are the ways in which a server can be spoken to.
var serverEras = map[string]bool{"sessions": false, "stateless": true}

// openSet connects to each server by its name.
func openSet(t *testing.T, stateless bool, servers map[string]*mcp.Server) *backends.Set {
	t.Helper()
	var specs []backends.Spec
	for name, s := range servers {
		ts := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, &mcp.StreamableHTTPOptions{Stateless: stateless}))
		t.Cleanup(ts.Close)
		t.Cleanup(ts.CloseClientConnections)
		specs = append(specs, backends.Spec{Name: name, URL: ts.URL})
	}
	slices.SortFunc(specs, func(a, b backends.Spec) int { return strings.Compare(a.Name, b.Name) })
	set, err := backends.Open(t.Context(), specs, backends.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = set.Close(context.Background()) })
	if err := set.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, s := range set.Status() {
		if s.State != backends.Ready {
			t.Fatalf("%s is %s: %v", s.Name, s.State, s.Cause)
		}
	}
	return set
}

// heardBy collects what a client is told.
type heardBy struct {
	progress, logs chan string
	changed        chan string
}

// change waits until the client has heard that something is another one.
func (h *heardBy) change(t *testing.T, want string) {
	t.Helper()
	for {
		select {
		case got := <-h.changed:
			if got == want {
				return
			}
		case <-t.Context().Done():
			t.Fatalf("never heard of %s", want)
		}
	}
}

func dialFull(t *testing.T, url, version string) (*mcp.ClientSession, *heardBy) {
	t.Helper()
	h := &heardBy{progress: make(chan string, 16), logs: make(chan string, 16), changed: make(chan string, 16)}
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
		Capabilities: &mcp.ClientCapabilities{Elicitation: &mcp.ElicitationCapabilities{Form: &mcp.FormElicitationCapabilities{}}},
		ElicitationHandler: func(_ context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"color": "blue, " + req.Params.Message}}, nil
		},
		ProgressNotificationHandler: func(_ context.Context, req *mcp.ProgressNotificationClientRequest) {
			h.progress <- fmt.Sprint(req.Params.ProgressToken, " ", req.Params.Progress, "/", req.Params.Total, " ", req.Params.Message)
		},
		//nolint:staticcheck // as above
		LoggingMessageHandler: func(_ context.Context, req *mcp.LoggingMessageRequest) {
			h.logs <- fmt.Sprint(req.Params.Level, " ", req.Params.Data)
		},
		ResourceUpdatedHandler: func(_ context.Context, req *mcp.ResourceUpdatedNotificationRequest) {
			h.changed <- req.Params.URI
		},
		ToolListChangedHandler:     func(context.Context, *mcp.ToolListChangedRequest) { h.changed <- "tools" },
		PromptListChangedHandler:   func(context.Context, *mcp.PromptListChangedRequest) { h.changed <- "prompts" },
		ResourceListChangedHandler: func(context.Context, *mcp.ResourceListChangedRequest) { h.changed <- "resources" },
	})
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	cs, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: tr}, MaxRetries: -1}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cs.Close() })
	return cs, h
}

// TestNothingIsLost asks for one of everything, a client of each era of a server
// of each era.
func TestNothingIsLost(t *testing.T) {
	for clientEra, version := range eras {
		for serverEra, stateless := range serverEras {
			t.Run(clientEra+" to "+serverEra, func(t *testing.T) {
				server := fullServer()
				set := openSet(t, stateless, map[string]*mcp.Server{"full": server})
				g := start(t, Options{Tools: set, Servers: set, Engine: echo, Views: map[string]config.View{"one": {Mode: config.Direct, Servers: []string{"full"}}}})
				cs, heard := dialFull(t, serve(t, g)+"/mcp/one", version)
				if cs.InitializeResult().ProtocolVersion != version || cs.InitializeResult().Instructions != "Ask nicely." {
					t.Errorf("handshake %+v", cs.InitializeResult())
				}
				checkCalls(t, cs, heard)
				checkItems(t, cs)
				checkChanges(t, cs, heard, server)
			})
		}
	}
}

func checkCalls(t *testing.T, cs *mcp.ClientSession, heard *heardBy) {
	t.Helper()
	list, err := cs.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
	}
	if slices.Sort(names); !slices.Equal(names, []string{"ask", "echo", "fail", "work"}) {
		t.Errorf("tools %q", names)
	}
	res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "echo", Arguments: json.RawMessage(`{"z":"x","a":9007199254740993}`), Meta: mcp.Meta{"mine": "yes"}})
	if err != nil {
		t.Fatal(err)
	}
	if text := res.Content[0].(*mcp.TextContent).Text; text != `{"z":"x","a":9007199254740993}` || len(res.Content) != 2 || res.StructuredContent == nil || res.Meta["seen"] != "yes" {
		t.Errorf("echo gave %+v, %s", res, text)
	}
	if res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "fail"}); err != nil || !res.IsError {
		t.Errorf("fail gave %+v, %v", res, err)
	}
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "none"}); err == nil || !strings.Contains(err.Error(), "unknown tool") {
		t.Errorf("an unknown tool: %v", err)
	}
	if cs.InitializeResult().ProtocolVersion < modernEra {
		if err := cs.SetLoggingLevel(t.Context(), &mcp.SetLoggingLevelParams{Level: "info"}); err != nil { //nolint:staticcheck // deprecated, and what older clients have
			t.Fatal(err)
		}
	}
	params := &mcp.CallToolParams{Name: "work", Meta: mcp.Meta{"io.modelcontextprotocol/logLevel": "info"}}
	params.SetProgressToken("mine")
	if _, err := cs.CallTool(t.Context(), params); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"mine 1/3 step", "mine 2/3 step", "mine 3/3 step"} {
		if got := <-heard.progress; got != want {
			t.Errorf("progress %q, want %q", got, want)
		}
	}
	if got := <-heard.logs; got != "warning careful" {
		t.Errorf("log %q", got)
	}
	res, err = cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "ask"})
	if err != nil {
		t.Fatal(err)
	}
	if text := res.Content[0].(*mcp.TextContent).Text; text != "accept blue, Which color?" {
		t.Errorf("ask gave %q", text)
	}
}

func checkItems(t *testing.T, cs *mcp.ClientSession) {
	t.Helper()
	if list, err := cs.ListResources(t.Context(), nil); err != nil || len(list.Resources) != 1 || list.Resources[0].URI != "note://one" {
		t.Errorf("resources %+v, %v", list, err)
	}
	if list, err := cs.ListResourceTemplates(t.Context(), nil); err != nil || len(list.ResourceTemplates) != 1 {
		t.Errorf("templates %+v, %v", list, err)
	}
	for uri, want := range map[string]string{"note://one": `{"n": 1}`, "note://7/text": "text of note://7/text"} {
		if res, err := cs.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}); err != nil || res.Contents[0].Text != want {
			t.Errorf("%s is %+v, %v", uri, res, err)
		}
	}
	if _, err := cs.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "note://none"}); err == nil {
		t.Error("a resource that is not there was read")
	}
	if list, err := cs.ListPrompts(t.Context(), nil); err != nil || len(list.Prompts) != 1 || list.Prompts[0].Name != "greet" {
		t.Errorf("prompts %+v, %v", list, err)
	}
	res, err := cs.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "greet", Arguments: map[string]string{"who": "Ann"}})
	if err != nil || res.Messages[0].Content.(*mcp.TextContent).Text != "Hello Ann" {
		t.Errorf("prompt %+v, %v", res, err)
	}
	for _, ref := range []*mcp.CompleteReference{{Type: "ref/prompt", Name: "greet"}, {Type: "ref/resource", URI: "note://{id}/text"}} {
		res, err := cs.Complete(t.Context(), &mcp.CompleteParams{Ref: ref, Argument: mcp.CompleteParamsArgument{Name: "who", Value: "A"}})
		if err != nil || !slices.Equal(res.Completion.Values, []string{"A!", ref.Name + ref.URI}) {
			t.Errorf("completion %+v, %v", res, err)
		}
	}
}

func checkChanges(t *testing.T, cs *mcp.ClientSession, heard *heardBy, server *mcp.Server) {
	t.Helper()
	if err := cs.Subscribe(t.Context(), &mcp.SubscribeParams{URI: "note://one"}); err != nil {
		t.Fatal(err)
	}
	wait := func(want string) {
		t.Helper()
		heard.change(t, want)
	}
	if err := server.ResourceUpdated(t.Context(), &mcp.ResourceUpdatedNotificationParams{URI: "note://one"}); err != nil {
		t.Fatal(err)
	}
	wait("note://one")
	server.AddPrompt(&mcp.Prompt{Name: "more"}, func(context.Context, *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) { return nil, nil })
	wait("prompts")
	server.AddTool(&mcp.Tool{Name: "more", InputSchema: json.RawMessage(`{"type":"object"}`)}, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{}, nil
	})
	wait("tools")
	if list, err := cs.ListPrompts(t.Context(), nil); err != nil || len(list.Prompts) != 2 {
		t.Errorf("prompts %+v, %v", list, err)
	}
	if res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "more"}); err != nil || res.IsError {
		t.Errorf("the new tool: %+v, %v", res, err)
	}
}

// TestLostCalls holds that a client is told when nobody knows what became of its
// call, and only then.
func TestLostCalls(t *testing.T) {
	for _, tc := range []struct {
		err  bindery.Error
		want bool
	}{
		{bindery.Error{Code: bindery.Timeout}, true},
		{bindery.Error{Code: bindery.Unavailable}, true},
		{bindery.Error{Code: bindery.Unavailable, Unsent: true}, false},
		{bindery.Error{Code: bindery.Denied}, false},
		{bindery.Error{Code: bindery.Upstream}, false},
	} {
		tools := newFakeTools(ready("s", "create"))
		tools.call = func(context.Context, bindery.Call) (bindery.Result, error) { return bindery.Result{}, &tc.err }
		g := start(t, Options{Tools: tools, Engine: echo, Views: map[string]config.View{"one": {Mode: config.Direct, Servers: []string{"s"}}}})
		cs, _ := dialFull(t, serve(t, g)+"/mcp/one", "2025-11-25")
		res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "create"})
		if err != nil || !res.IsError {
			t.Fatalf("%+v, %v", res, err)
		}
		if text := res.Content[0].(*mcp.TextContent).Text; strings.Contains(text, "may have taken effect") != tc.want {
			t.Errorf("%s, unsent %v: %s", tc.err.Code, tc.err.Unsent, text)
		}
	}
}

// A client of 2026-07-28, which knows no error for it, is told in the result which
// page its user has to open before a call; one of before gets the error itself.
func TestPageToOpen(t *testing.T) {
	s := mcp.NewServer(&mcp.Implementation{Name: "s", Version: "1"}, nil)
	s.AddTool(&mcp.Tool{Name: "books", InputSchema: json.RawMessage(`{"type":"object"}`)}, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return nil, &jsonrpc.Error{Code: backends.CodeURLWanted, Message: "log in first", Data: json.RawMessage(`{"elicitations":[{"mode":"url","elicitationId":"1","url":"https://a.example/login","message":"Log in"}]}`)}
	})
	set := openSet(t, false, map[string]*mcp.Server{"s": s})
	g := start(t, Options{Tools: set, Servers: set, Engine: echo, Views: map[string]config.View{config.DefaultView: {Mode: config.Direct}}})
	url := serve(t, g) + "/mcp"
	for protocol, want := range map[string]string{modernEra: "the user has to open https://a.example/login (Log in)", "2025-11-25": "-32042"} {
		c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
		cs, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, MaxRetries: -1}, &mcp.ClientSessionOptions{ProtocolVersion: protocol})
		if err != nil {
			t.Fatal(err)
		}
		defer cs.Close()
		res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "s__books"})
		got := ""
		if e, ok := errors.AsType[*jsonrpc.Error](err); ok {
			got = fmt.Sprint(e.Code, string(e.Data))
		} else if err == nil && res.IsError {
			got = res.Content[0].(*mcp.TextContent).Text
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %q, %v, want %q", protocol, got, err, want)
		}
	}
}
