package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/sandbox"
)

// labelled is a server with a tool for each end of a leak.
func labelled() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "full", Version: "1"}, &mcp.ServerOptions{CompletionHandler: completes})
	addGreet(s)
	for _, name := range []string{"secret", "web", "post", "wipe"} {
		s.AddTool(&mcp.Tool{Name: name, InputSchema: json.RawMessage(`{"type":"object"}`)}, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: name + " done"}}}, nil
		})
	}
	s.AddResource(&mcp.Resource{URI: "note://one", Name: "one"}, func(_ context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: req.Params.URI, Text: "a note"}}}, nil
	})
	return s
}

// addGreet adds a prompt whose argument can be completed.
func addGreet(s *mcp.Server) {
	s.AddPrompt(&mcp.Prompt{Name: "greet", Arguments: []*mcp.PromptArgument{{Name: "whom"}}}, func(context.Context, *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{{Role: "user", Content: &mcp.TextContent{Text: "hello"}}}}, nil
	})
}

func completes(context.Context, *mcp.CompleteRequest) (*mcp.CompleteResult, error) {
	return &mcp.CompleteResult{Completion: mcp.CompletionResultDetails{Values: []string{"world"}}}, nil
}

// complete has a client complete the argument of the prompt that addGreet adds.
func complete(ctx context.Context, cs *mcp.ClientSession, name string) error {
	_, err := cs.Complete(ctx, &mcp.CompleteParams{
		Ref: &mcp.CompleteReference{Type: "ref/prompt", Name: name}, Argument: mcp.CompleteParamsArgument{Name: "whom", Value: "w"},
	})
	return err
}

func rules(t *testing.T) *policy.Policy {
	t.Helper()
	p, err := policy.Compile(config.Policy{
		Labels: map[string][]config.ToolPattern{
			config.LabelPrivate: {"s.secret", "s.resources/read"}, config.LabelUntrusted: {"s.web"}, config.LabelEgress: {"s.post"},
		},
		Rules: []config.Rule{{Name: "no-wipe", Tools: []config.ToolPattern{"s.wipe"}, Effect: config.EffectDeny, Reason: "Wiping cannot be undone."}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// callsOf is a script that makes the calls in its text, one after another, and
// returns what each gave. Names with a dot are the host's functions.
var callsOf = engine(func(ctx context.Context, s sandbox.Script, h sandbox.Host) sandbox.Outcome {
	var got []string
	for i, name := range strings.Fields(s.Source) {
		server, args := "s", "{}"
		switch name {
		case "resources.read":
			server, args = sandbox.Builtin, `{"uri":"note://one"}`
		case "store.set":
			server, args = sandbox.Builtin, `{"key":"k","value":1}`
		case "store.get", "store.keys", "results.list":
			server, args = sandbox.Builtin, `{"key":"k"}`
		}
		r, err := await(ctx, h, i+1, server, name, args)
		switch {
		case err != nil:
			got = append(got, err.Error())
		case len(r.Content) > 0:
			got = append(got, r.Content[0].Text)
		default:
			got = append(got, string(r.Structured))
		}
	}
	value, _ := json.Marshal(strings.Join(got, "; "))
	return sandbox.Outcome{Value: value}
})

func TestPolicy(t *testing.T) {
	for clientEra, version := range eras {
		for serverEra, stateless := range serverEras {
			t.Run(clientEra+" to "+serverEra, func(t *testing.T) {
				set := openSet(t, stateless, map[string]*mcp.Server{"s": labelled()})
				g := start(t, Options{Tools: set, Servers: set, Engine: callsOf, Policy: rules(t), Views: map[string]config.View{"default": {Mode: config.Both, Tools: map[string]config.Override{"s.wipe": {Name: "clean"}}}}})
				url := serve(t, g)
				answering := func(action string) *mcp.ClientSession {
					c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
						ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
							return &mcp.ElicitResult{Action: action, Content: map[string]any{"allow": true}}, nil
						},
					})
					cs, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url + "/mcp", MaxRetries: -1}, &mcp.ClientSessionOptions{ProtocolVersion: version})
					if err != nil {
						t.Fatal(err)
					}
					t.Cleanup(func() { _ = cs.Close() })
					return cs
				}
				run := func(cs *mcp.ClientSession, code string) string {
					res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": code}})
					if err != nil {
						t.Fatal(err)
					}
					return res.Content[0].(*mcp.TextContent).Text
				}
				call := func(cs *mcp.ClientSession, name string) string {
					res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "s__" + name})
					if err != nil {
						return err.Error()
					}
					return res.Content[0].(*mcp.TextContent).Text
				}
				yes, no := answering("accept"), answering("decline")
				for _, tc := range []struct {
					name, got, want, not string
				}{
					{"a denied call, under its name in the view", run(yes, "clean"), "no-wipe", "wipe done"},
					{"a flow that is accepted", run(yes, "secret web post"), "secret done; web done; post done", ""},
					{"a flow that is declined", run(no, "secret web post"), "secret done; web done; ", "post done"},
					{"half a flow", run(no, "web post"), "web done; post done", ""},
					{"a resource counts", run(no, "resources.read web post"), "web done; ", "post done"},
					{"what one script kept", run(no, "secret web store.set"), "web done", ""},
					{"taints the next", run(no, "store.get post"), "1; ", "post done"},
					{"whose keys can say as much", run(no, "store.keys post"), "[\"k\"]; ", "post done"},
					{"as types can", run(no, "results.list post"), "[]; ", "post done"},
					{"a denied direct call", call(yes, "clean"), "no-wipe", "wipe done"},
					{"direct calls of a session", fmt.Sprint(call(no, "secret"), call(no, "web"), call(no, "post")), "web done", "post done"},
				} {
					if !strings.Contains(tc.got, tc.want) || tc.not != "" && strings.Contains(tc.got, tc.not) {
						t.Errorf("%s: %s", tc.name, tc.got)
					}
				}
				// Without sessions a client is one execution, whoever answers for it.
				if got := call(yes, "post"); got != "post done" {
					t.Errorf("a direct call that is accepted: %s", got)
				}
			})
		}
	}
}
