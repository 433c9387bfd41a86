package streamable

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

// closeGrace is how long a server may take over the request that ends a
// session. Nobody waits for anything of value then.
const closeGrace = time.Second

// Config says how to reach a server.
type Config = web.Config

// Conn is an open session with a server.
type Conn struct {
	*session.Session
	rt     *roundTripper
	client *http.Client
	params paramHeaders
	done   chan struct{}
}

// Connect performs the handshake, which ctx bounds.
func Connect(ctx context.Context, c Config) (*Conn, error) {
	server, err := c.Server("http", "https")
	if err != nil {
		return nil, err
	}
	conn := &Conn{}
	conn.rt = newRoundTripper(server, c.MaxMessage, &conn.params)
	conn.rt.in = session.NewInbox(c.Session, conn.reply)
	conn.client = &http.Client{Transport: conn.rt, CheckRedirect: web.SameHost}
	t := &mcp.StreamableClientTransport{
		Endpoint:     c.URL,
		HTTPClient:   conn.client,
		MaxEventSize: int(c.MaxMessage) + 1, // of no effect: the round tripper is stricter
	}
	s, err := session.Open(ctx, t, conn.rt.in)
	if err != nil {
		status := conn.rt.lastFailure()
		conn.rt.close()
		if ctx.Err() != nil {
			return nil, web.Unanswered(ctx)
		}
		return nil, because(err, status)
	}
	conn.Session = s
	conn.done = make(chan struct{})
	go conn.watch()
	return conn, nil
}

// watch closes done when the session has ended or the server cannot be
// reached. It ends with the session, which Close ends.
func (c *Conn) watch() {
	defer close(c.done)
	select {
	case <-c.Session.Done():
	case <-c.rt.lost:
	}
}

// Transport names the kind of the connection.
func (c *Conn) Transport() string { return "http" }

// DropIdle has the next request open a TCP connection of its own.
func (c *Conn) DropIdle() { c.rt.base.CloseIdleConnections() }

// Done is closed when the session is of no more use.
func (c *Conn) Done() <-chan struct{} { return c.done }

// because puts the status of the server's last refusal before err, which the
// SDK has reduced to a text.
func because(err error, status *web.StatusError) error {
	var se *web.StatusError
	if status == nil || errors.As(err, &se) {
		return err
	}
	return status
}

// Prepare notes which of the tool's arguments travel as headers too. The error
// is about a tool that the protocol says not to use (2026-07-28
// basic/transports/streamable-http, "Custom headers").
func (c *Conn) Prepare(t bindery.Tool) error {
	if !session.Modern(c.Info().Protocol) {
		return nil
	}
	return c.params.learn(t.ID.Name, t.Input)
}

// Err returns why the session ended. It is for after Done.
func (c *Conn) Err() error {
	err := c.Session.Err()
	if status := c.rt.lastFailure(); status != nil {
		return because(err, status)
	}
	if err == nil {
		err = errors.New("the session ended")
	}
	return err
}

// Close ends the session, within closeGrace. It is idempotent.
func (c *Conn) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, closeGrace)
	defer cancel()
	stop := context.AfterFunc(ctx, c.rt.close)
	defer stop()
	// A server that does not confirm the end of a session that we leave is no
	// failure of anything.
	_ = c.Session.Close()
	c.rt.close()
	<-c.done
	return nil
}
