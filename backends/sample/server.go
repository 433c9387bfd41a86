package sample

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Latency is how long every tool takes to answer.
const Latency = 40 * time.Millisecond

// Names returns the names of the sample servers.
func Names() []string { return []string{"tracker", "monitor"} }

// Serve runs the named sample server on stdio until its client hangs up.
func Serve(ctx context.Context, name string) error {
	server, err := New(name)
	if err != nil {
		return err
	}
	return server.Run(ctx, &mcp.StdioTransport{})
}

// New returns the named sample server.
func New(name string) (*mcp.Server, error) {
	server := mcp.NewServer(&mcp.Implementation{Name: "bindery-sample-" + name, Version: "1"}, nil)
	switch name {
	case "tracker":
		return server, addTracker(server, &tracker{issues: issues()})
	case "monitor":
		return server, addMonitor(server, monitor{faults: faults()})
	default:
		return nil, fmt.Errorf("start sample server: there is no %q; there are %s", name, strings.Join(Names(), ", "))
	}
}

// add adds a tool that answers after [Latency], as if over a network.
func add[In, Out any](server *mcp.Server, t mcp.Tool, run func(In) (Out, error)) error {
	output, err := jsonschema.For[Out](nil)
	if err != nil {
		return fmt.Errorf("schema of %s: %w", t.Name, err)
	}
	dropNull(output)
	t.OutputSchema = output
	mcp.AddTool(server, &t, func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, Out, error) {
		select {
		case <-ctx.Done():
			var none Out
			return nil, none, ctx.Err()
		case <-time.After(Latency):
		}
		out, err := run(in)
		return nil, out, err
	})
	return nil
}

// dropNull takes back the null that inference allows for every Go slice:
// these servers never send one.
func dropNull(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if len(s.Types) == 2 && s.Types[0] == "null" {
		s.Type, s.Types = s.Types[1], nil
	}
	dropNull(s.Items)
	for _, p := range s.Properties {
		dropNull(p)
	}
}

func reading(name, title, description string) mcp.Tool {
	return mcp.Tool{
		Name: name, Title: title, Description: description,
		Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true},
	}
}
