package streamable

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// closeGrace is how long a server may take over the request that ends a
// session. Nobody waits for anything of value then.
const closeGrace = time.Second

// Config says how to reach a server.
type Config struct {
	URL     string
	Headers map[string]string // sent to the host of URL and to no other
	// MaxMessage is the size of the longest message taken, in bytes, after
	// decompression.
	MaxMessage int64
	Session    session.Options
}

// Conn is an open session with a server.
type Conn struct {
	*session.Session
	rt     *roundTripper
	params paramHeaders
	done   chan struct{}
}

// Connect performs the handshake, which ctx bounds.
func Connect(ctx context.Context, c Config) (*Conn, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the URL is not an absolute http or https URL")
	}
	conn := &Conn{}
	conn.rt = newRoundTripper(u, c, &conn.params)
	t := &mcp.StreamableClientTransport{
		Endpoint:     c.URL,
		HTTPClient:   &http.Client{Transport: conn.rt, CheckRedirect: sameHost},
		MaxEventSize: int(c.MaxMessage) + 1, // of no effect: the round tripper is stricter
	}
	s, err := session.Open(ctx, t, c.Session)
	if err != nil {
		status := conn.rt.lastFailure()
		conn.rt.close()
		if ctx.Err() != nil {
			return nil, fmt.Errorf("no answer to the handshake: %w", context.Cause(ctx))
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

// Done is closed when the session is of no more use.
func (c *Conn) Done() <-chan struct{} { return c.done }

// because puts the status of the server's last refusal before err, which the
// SDK has reduced to a text.
func because(err error, status *StatusError) error {
	var se *StatusError
	if status == nil || errors.As(err, &se) {
		return err
	}
	return status
}

// Prepare notes which of the tool's arguments travel as headers too. The error
// is about a tool that the protocol says not to use (2026-07-28
// basic/transports/streamable-http, "Custom headers").
func (c *Conn) Prepare(t bindery.Tool) error {
	if c.Info().Protocol < firstModern {
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

// sameHost refuses redirects that leave the host or its encryption: a session
// and its arguments are not for whoever a server points to.
func sameHost(req *http.Request, via []*http.Request) error {
	from, to := via[0].URL, req.URL
	if !strings.EqualFold(from.Hostname(), to.Hostname()) || from.Scheme == "https" && to.Scheme != "https" {
		return fmt.Errorf("the server redirects to %s://%s; if that is right, put it into the configuration", to.Scheme, to.Host)
	}
	if len(via) >= 5 {
		return errors.New("the server redirects in a circle")
	}
	return nil
}
