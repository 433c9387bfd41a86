package stdio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Config says how to run a server.
type Config struct {
	Command string
	Args    []string
	// Env is added to the few variables that a server gets anyway; see environ.
	Env map[string]string
	Dir string // "" for the gateway's own
	// MaxMessage is the size of the longest message taken, in bytes.
	MaxMessage int64
	// Secrets removes values of Env from what the server writes.
	Secrets session.Redactor
	Session session.Options
}

// Conn is a running server with an open session.
type Conn struct {
	*session.Session
	p *process
	t *transport
}

// Connect starts the server and performs the handshake, which ctx bounds.
//
// It begins with initialize, against the order that the specification suggests
// (2026-07-28 basic/lifecycle): between two processes nothing is gained by
// having no session, and a server that speaks both eras can do more in the
// older one, for it may ask its client while it works. One that only speaks the
// current protocol says so, and is started again.
func Connect(ctx context.Context, c Config) (*Conn, error) {
	older := c
	older.Session.Legacy = true
	conn, err := connect(ctx, older)
	if err == nil || ctx.Err() != nil {
		return conn, err
	}
	if _, refused := session.ServerError(err); !refused {
		return nil, err
	}
	return connect(ctx, c)
}

func connect(ctx context.Context, c Config) (*Conn, error) {
	p, err := start(c)
	if err != nil {
		return nil, err
	}
	t := newTransport(p.stdout, p.stdin, int(c.MaxMessage), c.Secrets, c.Session)
	s, err := session.Open(ctx, t, t.in)
	if err == nil {
		return &Conn{Session: s, p: p, t: t}, nil
	}
	var exit error
	// A server that answered ends because its input does.
	if _, answered := session.ServerError(err); ctx.Err() == nil && !answered {
		exit = p.exitError(ctx)
		if e, ok := errors.AsType[*ExitError](exit); ok && e.Status == "" {
			exit = nil
		}
	}
	_ = t.Close()
	stopErr := p.stop(context.WithoutCancel(ctx))
	switch {
	case exit != nil:
		err = exit
	case ctx.Err() != nil:
		err = p.withStderr(fmt.Errorf("no answer to the handshake: %w", context.Cause(ctx)))
	default:
		err = p.withStderr(err)
	}
	return nil, errors.Join(err, stopErr)
}

// Request is [session.Session.Request], with the reason of a dying server's
// death.
func (c *Conn) Request(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	r, err := c.Session.Request(ctx, method, params)
	return r, c.explain(ctx, err)
}

func (c *Conn) explain(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil || !over(err) {
		return err
	}
	if errors.Is(err, session.ErrNotSent) {
		return fmt.Errorf("%w: %w", session.ErrNotSent, c.p.exitError(ctx))
	}
	return c.p.exitError(ctx)
}

// over reports whether err is what a request gets when the process or its
// pipes have ended.
func over(err error) bool {
	return session.Closed(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, errBroken)
}

// Err returns why the session ended. It is for after Done.
func (c *Conn) Err() error {
	if err := c.Session.Err(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return c.p.exitError(context.Background())
}

// PID returns the id of the server's process.
func (c *Conn) PID() int { return c.p.cmd.Process.Pid }

// Skipped returns how many lines of output were no messages, and the first ones.
func (c *Conn) Skipped() (count int, first []string) { return c.t.skipped.get() }

// Stderr returns the last lines of the server's standard error.
func (c *Conn) Stderr() []string { return c.p.stderr.last(tailLines) }

// Close ends the session and the process group, within two seconds; ctx ends
// the waiting, not the killing. It is idempotent.
func (c *Conn) Close(ctx context.Context) error {
	// The end of its input is how a stdio server learns that it is to leave,
	// and requests under way must not delay it.
	_ = c.p.stdin.Close()
	err := c.p.stop(ctx)
	_ = c.t.Close()
	_ = c.Session.Close()
	return err
}
