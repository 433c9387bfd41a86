// Command conformanceclient is a client for the protocol's conformance suite
// made of bindery's own connections to servers. The suite runs it once for each
// scenario, and looks at what it sends.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/oauth"
)

func main() {
	if err := run(context.Background(), os.Getenv("MCP_CONFORMANCE_SCENARIO"), os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// client is connected to the one server there is.
type client struct {
	set    *backends.Set
	server backends.Server
	who    person
}

const name = "server"

func run(ctx context.Context, scenario, url string) error {
	dir, err := os.MkdirTemp("", "conformance-tokens-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	who := person{known(url), oauth.Folder(dir)}
	set, err := backends.Open(ctx, []backends.Spec{{Name: name, URL: url, OAuth: who.config}}, backends.Options{Tokens: who.tokens})
	if err != nil {
		return err
	}
	defer func() { _ = set.Close(ctx) }()
	if err := who.connect(ctx, set); err != nil {
		return err
	}
	c := client{set, set.Catalogue().Servers[0], who}
	if c.server.State != backends.Ready {
		return c.server.Cause
	}
	ctx = backends.WithPeer(ctx, &backends.Peer{Capabilities: json.RawMessage(`{"elicitation":{"form":{}}}`), Ask: answer})
	switch scenario {
	case "tools_call":
		return c.call(ctx, "add_numbers", json.RawMessage(`{"a":5,"b":3}`))
	case "elicitation-sep1034-client-defaults":
		return c.call(ctx, "test_client_elicitation_defaults", nil)
	case "sse-retry":
		return c.call(ctx, "test_reconnection", nil)
	case "json-schema-2020-12-preservation":
		return c.echo(ctx)
	case "sep-2322-client-request-state":
		// Some of these must fail, and no other call must suffer from it.
		for _, tool := range []string{"test_mrtr_echo_state", "test_mrtr_no_state", "test_mrtr_unrelated", "test_mrtr_no_result_type"} {
			_ = c.call(ctx, tool, nil)
		}
	case "http-standard-headers":
		return c.each(ctx)
	case "http-custom-headers":
		return c.told(ctx)
	case "http-invalid-tool-headers":
		for _, tool := range c.server.Tools {
			_ = c.call(ctx, tool.ID.Name, json.RawMessage(`{"region":"us-west1"}`))
		}
	default: // connecting is all there is to it, or it is not known here
		if len(c.server.Tools) > 0 {
			return c.patiently(ctx, c.server.Tools[0].ID.Name)
		}
	}
	return nil
}

// answer is what a person says who leaves everything as it is.
func answer(_ context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	var question struct {
		RequestedSchema struct {
			Properties map[string]struct{ Default json.RawMessage }
		}
	}
	if err := json.Unmarshal(params, &question); err != nil || method != "elicitation/create" {
		return nil, errors.New("only forms are answered")
	}
	content := map[string]any{"confirmed": true}
	for key, p := range question.RequestedSchema.Properties {
		if p.Default != nil {
			content[key] = p.Default
		}
	}
	return json.Marshal(map[string]any{"action": "accept", "content": content})
}

func (c client) call(ctx context.Context, tool string, args json.RawMessage) error {
	_, err := c.set.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: name, Name: tool}, Args: args})
	return err
}

// echo sends the schema of a tool back as it came.
func (c client) echo(ctx context.Context) error {
	for _, tool := range c.server.Tools {
		if tool.ID.Name == "json_schema_2020_12_tool" {
			return c.call(ctx, "json_schema_echo", json.RawMessage(`{"schema":`+string(tool.Input)+"}"))
		}
	}
	return errors.New("the tool with the schema is not there")
}

// each makes one request of every kind that names something.
func (c client) each(ctx context.Context) error {
	errs := []error{c.call(ctx, c.server.Tools[0].ID.Name, nil)}
	for kind, use := range map[backends.Kind][2]string{
		backends.Resources: {"resources/read", "uri"}, backends.Prompts: {"prompts/get", "name"},
	} {
		items, err := c.set.List(ctx, name, kind)
		if err == nil && len(items) > 0 {
			params, _ := json.Marshal(map[string]string{use[1]: items[0].Name})
			_, err = c.set.Do(ctx, name, use[0], params)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// told makes the calls that the suite wants.
func (c client) told(ctx context.Context) error {
	var want struct {
		ToolCalls []struct {
			Name      string
			Arguments json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(os.Getenv("MCP_CONFORMANCE_CONTEXT")), &want); err != nil {
		return err
	}
	var errs []error
	for _, call := range want.ToolCalls {
		errs = append(errs, c.call(ctx, call.Name, call.Arguments))
	}
	return errors.Join(errs...)
}
