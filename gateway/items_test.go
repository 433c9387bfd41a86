package gateway

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
)

// What nobody sees is taken out of all that is listed, and out of instructions,
// but for what has to be sent back as it is.
func TestListsHaveNoHiddenText(t *testing.T) {
	const hidden = "\u202e\u200b\U000e0041\x1b[31m"
	s := mcp.NewServer(&mcp.Implementation{Name: "s", Version: "1"}, &mcp.ServerOptions{Instructions: "Read " + hidden + "slowly."})
	s.AddResource(&mcp.Resource{URI: "note://one\u200b", Name: "one", Description: "A " + hidden + "note."}, nil)
	s.AddResourceTemplate(&mcp.ResourceTemplate{URITemplate: "note://{id}", Name: "any", Description: "Any " + hidden + "note."}, nil)
	s.AddPrompt(&mcp.Prompt{Name: "greet", Description: "Says " + hidden + "hello."}, nil)
	set := openSet(t, false, map[string]*mcp.Server{"s": s})
	lists := engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
		resources, _ := await(ctx, h, 1, sandbox.Builtin, "resources.list", `{}`)
		prompts, _ := await(ctx, h, 2, sandbox.Builtin, "prompts.list", `{}`)
		return sandbox.Outcome{Value: append(append(resources.Structured, ','), prompts.Structured...)}
	})
	g := start(t, Options{Tools: set, Servers: set, Engine: lists, Views: map[string]config.View{config.DefaultView: {Mode: config.Direct}}})

	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	cs, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: serve(t, g) + "/mcp", MaxRetries: -1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer cs.Close()
	if got := cs.InitializeResult().Instructions; got != "Read slowly." {
		t.Errorf("instructions %q", got)
	}
	if list, err := cs.ListResources(t.Context(), nil); err != nil || list.Resources[0].Description != "A note." || list.Resources[0].URI != "note://one\u200b" {
		t.Errorf("resources %+v, %v", list, err)
	}
	if list, err := cs.ListResourceTemplates(t.Context(), nil); err != nil || list.ResourceTemplates[0].Description != "Any note." {
		t.Errorf("templates %+v, %v", list, err)
	}
	if list, err := cs.ListPrompts(t.Context(), nil); err != nil || list.Prompts[0].Description != "Says hello." {
		t.Errorf("prompts %+v, %v", list, err)
	}
	a, err := g.Execute(t.Context(), Anonymous(), Request{Code: "lists"})
	for _, want := range []string{`"A note."`, `"Any note."`, `"Says hello."`} {
		if err != nil || !strings.Contains(string(a.Outcome.Value), want) {
			t.Errorf("a script finds %s, %v", a.Outcome.Value, err)
		}
	}
}

// Templates that two servers have alike are both there, and what is put into them
// reaches its server as it was put.
func TestTemplatesAlike(t *testing.T) {
	set := openSet(t, false, map[string]*mcp.Server{"a": fullServer(), "b": fullServer()})
	g := start(t, Options{Tools: set, Servers: set, Engine: echo, Views: map[string]config.View{config.DefaultView: {Mode: config.Direct}}})
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	cs, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: serve(t, g) + "/mcp", MaxRetries: -1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer cs.Close()
	list, err := cs.ListResourceTemplates(t.Context(), nil)
	if err != nil || len(list.ResourceTemplates) != 2 {
		t.Fatalf("templates %+v, %v", list, err)
	}
	for i, want := range []string{"bindery://servers/a//note://{id}/text", "bindery://servers/b//note://{id}/text"} {
		template := list.ResourceTemplates[i].URITemplate
		if template != want {
			t.Errorf("template %q, want %q", template, want)
		}
		uri := strings.Replace(template, "{id}", "7%2F8", 1)
		if res, err := cs.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}); err != nil || res.Contents[0].Text != "text of note://7%2F8/text" {
			t.Errorf("%s is %+v, %v", uri, res, err)
		}
		ref := &mcp.CompleteReference{Type: "ref/resource", URI: template}
		res, err := cs.Complete(t.Context(), &mcp.CompleteParams{Ref: ref, Argument: mcp.CompleteParamsArgument{Name: "id", Value: "7"}})
		if err != nil || !slices.Contains(res.Completion.Values, "note://{id}/text") {
			t.Errorf("completion %+v, %v", res, err)
		}
	}
}
