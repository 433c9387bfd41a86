package backends

import (
	"context"
	"encoding/json"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/stdio"
	"github.com/bindery-mcp/bindery/backends/streamable"
)

// connection is one open session with a server.
type connection interface {
	Info() session.Info
	// List returns one page of tools/list, Call the result of one tools/call,
	// both as they came and within the limits.
	List(ctx context.Context, cursor string) (json.RawMessage, error)
	Call(ctx context.Context, tool string, args json.RawMessage) (json.RawMessage, error)
	// Prepare is told of every tool before it is called first.
	Prepare(bindery.Tool) error
	// Done is closed when the session is of no more use, and Err says why.
	Done() <-chan struct{}
	Err() error
	Skipped() (count int, first []string)
	Stderr() []string
	// Close is idempotent and takes less than two seconds.
	Close(ctx context.Context) error
}

// connect opens a connection. toolsChanged must not block.
func connect(ctx context.Context, spec Spec, o Options, toolsChanged func()) (connection, error) {
	so := session.Options{ClientName: o.ClientName, ClientVersion: o.ClientVersion, ToolsChanged: toolsChanged}
	if spec.URL != "" {
		c, err := streamable.Connect(ctx, streamable.Config{
			URL: spec.URL, Headers: spec.Headers, MaxMessage: o.MaxMessage, Session: so,
		})
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	c, err := stdio.Connect(ctx, stdio.Config{
		Command: spec.Command, Args: spec.Args, Env: spec.Env, Dir: spec.Dir, MaxMessage: o.MaxMessage,
		Secrets: session.NewRedactor(spec.secrets()), Session: so,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}
