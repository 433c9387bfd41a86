package sse

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

// Config says how to reach a server: URL is that of the event stream.
type Config = web.Config

// Conn is an open session with a server.
type Conn struct {
	*session.Session
	t *transport
}

// Connect opens the stream and performs the handshake, both bounded by ctx.
func Connect(ctx context.Context, c Config) (*Conn, error) {
	server, err := c.Server("http", "https")
	if err != nil {
		return nil, err
	}
	c.Session.Legacy = true
	t := newTransport(server, int(c.MaxMessage))
	t.in = session.NewInbox(c.Session, t.reply)
	// The stream outlives ctx, which must be able to end the opening.
	stop := context.AfterFunc(ctx, t.cancel)
	defer stop()
	err = t.open()
	var s *session.Session
	if err == nil {
		s, err = session.Open(ctx, t, t.in)
	}
	if err != nil {
		t.in.Close()
		_ = t.Close()
		switch cause := t.lost(); {
		case ctx.Err() != nil:
			return nil, web.Unanswered(ctx)
		case cause != nil:
			return nil, cause
		}
		return nil, err
	}
	return &Conn{Session: s, t: t}, nil
}

// Request is [session.Session.Request].
func (c *Conn) Request(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	r, err := c.Session.Request(ctx, method, params)
	if err != nil && ctx.Err() == nil && errors.Is(err, io.EOF) {
		return nil, session.CutOff(err)
	}
	return r, err
}

// Err returns why the session ended. It is for after Done.
func (c *Conn) Err() error {
	if err := c.t.lost(); err != nil {
		return err
	}
	if err := c.Session.Err(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return errors.New("the server has ended the event stream")
}

// Close ends the session, which is all that its end takes. It is idempotent.
func (c *Conn) Close(context.Context) error {
	_ = c.t.Close()
	_ = c.Session.Close()
	return nil
}
