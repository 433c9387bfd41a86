package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// ServeStdio speaks MCP on the two streams until the client closes its end or
// ctx is done, as the anonymous client: whoever started the process owns it.
// view is the name of the view; "" for the default.
func (g *Gateway) ServeStdio(ctx context.Context, view string, in io.ReadCloser, out io.WriteCloser) error {
	if view == "" {
		view = config.DefaultView
	}
	e := g.endpoints.of(view)
	if e == nil {
		return &bindery.Error{Code: bindery.NotFound, Op: "serve on stdio", Err: fmt.Errorf("there is no view %q", view)}
	}
	err := e.front.ServeStream(ctx, in, out)
	if err != nil && ctx.Err() == nil && !errors.Is(err, io.EOF) {
		return &bindery.Error{Code: bindery.Unavailable, Op: "serve on stdio", Err: err}
	}
	return nil // the client hung up, or was told to
}
