package backends

import (
	"context"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/stdio"
	"github.com/bindery-mcp/bindery/backends/streamable"
)

// connection is one open session with a server.
type connection interface {
	lister
	caller
	// Err says why Done was closed.
	Err() error
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
