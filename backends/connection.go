package backends

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
	"github.com/bindery-mcp/bindery/backends/sse"
	"github.com/bindery-mcp/bindery/backends/stdio"
	"github.com/bindery-mcp/bindery/backends/streamable"
	"github.com/bindery-mcp/bindery/backends/websocket"
)

// connection is one open session with a server.
type connection interface {
	Info() session.Info
	// Request sends one request, on behalf of the [Peer] in ctx, and returns its
	// result as it came and within the limits.
	Request(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error)
	// Done is closed when the session is of no more use, for the reason Err.
	Done() <-chan struct{}
	Err() error
	// Close is idempotent and takes less than two seconds.
	Close(ctx context.Context) error
}

// connect opens a connection. notice gets what the server says that belongs to
// no request: notifications/*/list_changed, notifications/resources/updated and
// notifications/elicitation/complete. It must not block.
func connect(ctx context.Context, spec Spec, o Options, auth web.Authorizer, notice func(method string, params json.RawMessage)) (connection, error) {
	so := session.Options{ClientName: o.ClientName, ClientVersion: o.ClientVersion, Notice: notice, Ask: spec.Ask, Roots: spec.Roots}
	if spec.transport() != "stdio" {
		return connectURL(ctx, spec, auth, o.MaxMessage, so)
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

// connectURL opens a connection over the network. Without a transport named it
// finds out which one the server speaks: Streamable HTTP, whose handshake tells
// the era, or else HTTP+SSE (2025-11-25 basic/transports, "Backwards
// Compatibility").
func connectURL(ctx context.Context, spec Spec, auth web.Authorizer, max int64, so session.Options) (connection, error) {
	at := web.Config{URL: spec.URL, Headers: spec.Headers, Auth: auth, MaxMessage: max, Session: so}
	switch spec.transport() {
	case "websocket":
		return opened(websocket.Connect(ctx, at))
	case "sse":
		return opened(sse.Connect(ctx, at))
	}
	c, err := opened(streamable.Connect(ctx, at))
	if err == nil || spec.transport() == "http" || !perhapsSSE(err) {
		return c, err
	}
	if c, sseErr := opened(sse.Connect(ctx, at)); sseErr == nil {
		return c, nil
	}
	return nil, err
}

// opened keeps a nil pointer from becoming a connection.
func opened[C connection](c C, err error) (connection, error) {
	if err != nil {
		return nil, err
	}
	return c, nil
}

// perhapsSSE reports whether a server that refused Streamable HTTP may be one of
// the transport before it.
func perhapsSSE(err error) bool {
	var status *streamable.StatusError
	if _, ok := session.ServerError(err); ok || !errors.As(err, &status) {
		return false
	}
	return status.Status == 400 || status.Status == 404 || status.Status == 405
}
