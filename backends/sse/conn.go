package sse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

// Config says how to reach a server.
type Config struct {
	URL     string            // of the event stream
	Headers map[string]string // sent to the host of URL and to no other
	Auth    web.Authorizer    // gives requests to URL their Authorization; nil for none
	// MaxMessage is the size of the longest message taken, in bytes, after
	// decompression.
	MaxMessage int64
	Session    session.Options
}

// Conn is an open session with a server.
type Conn struct {
	*session.Session
	t *transport
}

// Connect opens the stream and performs the handshake, both bounded by ctx.
func Connect(ctx context.Context, c Config) (*Conn, error) {
	u, err := web.ParseURL(c.URL, "http", "https")
	if err != nil {
		return nil, err
	}
	c.Session.Legacy = true
	t := newTransport(web.Server{URL: u, Headers: c.Headers, Auth: c.Auth, Agent: c.Session.ClientName + "/" + c.Session.ClientVersion}, int(c.MaxMessage))
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
		reason := session.ErrCutOff
		if errors.Is(err, session.ErrNotSent) {
			return nil, fmt.Errorf("%w: %w", session.ErrNotSent, reason)
		}
		return nil, reason
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
