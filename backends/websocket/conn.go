package websocket

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/coder/websocket"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

// Config says how to reach a server: URL is ws, wss, http or https.
type Config = web.Config

// Conn is an open session with a server.
type Conn struct {
	*session.Session
	t *transport
}

// Connect opens the WebSocket and performs the handshake, both bounded by ctx.
func Connect(ctx context.Context, c Config) (*Conn, error) {
	server, err := c.Server("ws", "wss", "http", "https")
	if err != nil {
		return nil, err
	}
	base := web.NewTransport()
	ws, resp, err := websocket.Dial(ctx, c.URL, &websocket.DialOptions{ //nolint:bodyclose // the library does that
		HTTPClient: server.Client(base), Subprotocols: []string{"mcp"},
	})
	if err != nil {
		base.CloseIdleConnections()
		switch {
		case ctx.Err() != nil:
			return nil, web.Unanswered(ctx)
		case resp != nil && resp.StatusCode != http.StatusSwitchingProtocols:
			return nil, &web.StatusError{Status: resp.StatusCode}
		}
		return nil, &web.StatusError{Err: innermost(err)}
	}
	t := newTransport(ws, base, int(c.MaxMessage))
	t.in = session.NewInbox(c.Session, t.reply)
	s, err := session.Open(ctx, t, t.in)
	if err != nil {
		t.in.Close()
		_ = t.Close()
		t.running.Wait()
		if ctx.Err() != nil {
			return nil, web.Unanswered(ctx)
		}
		return nil, err
	}
	return &Conn{Session: s, t: t}, nil
}

// innermost returns the cause that the library and net/http wrap with texts
// that have the whole URL.
func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil || web.IsDial(err) && !web.IsDial(inner) {
			return err
		}
		err = inner
	}
}

// Request is [session.Session.Request].
func (c *Conn) Request(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	r, err := c.Session.Request(ctx, method, params)
	if err != nil && ctx.Err() == nil && (errors.Is(err, io.EOF) || errors.Is(err, errGone)) {
		return nil, session.CutOff(err)
	}
	return r, err
}

// Err returns why the session ended. It is for after Done.
func (c *Conn) Err() error {
	if err := c.Session.Err(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return errors.New("the server has closed the WebSocket")
}

// Close ends the session. It is idempotent.
func (c *Conn) Close(context.Context) error {
	_ = c.t.Close()
	_ = c.Session.Close()
	c.t.running.Wait()
	return nil
}
