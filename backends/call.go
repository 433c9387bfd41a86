package backends

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Call implements [bindery.Caller]. A call to a server that is still
// connecting waits for it; one to a server that has failed fails at once. A
// call that was sent is never sent again, whatever becomes of it.
func (s *Set) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	op := "call " + c.Tool.String()
	srv := s.byName[c.Tool.Server]
	if srv == nil {
		return bindery.Result{}, &bindery.Error{
			Code: bindery.NotFound, Op: op, Unsent: true, Err: fmt.Errorf("there is no server %q", c.Tool.Server),
		}
	}
	args := bytes.TrimSpace(c.Args)
	if len(args) > 0 && (args[0] != '{' || session.CheckDepth(args) != nil || !json.Valid(args)) {
		return bindery.Result{}, &bindery.Error{
			Code: bindery.Invalid, Op: op, Unsent: true, Err: errors.New("the arguments are not a JSON object"),
		}
	}
	r, err := srv.call(ctx, c.Tool.Name, args)
	if err != nil {
		return bindery.Result{}, srv.explainCall(ctx, op, err)
	}
	return r, nil
}

// caller is a connection as far as calls go.
type caller interface {
	// Call returns the result of one tools/call, as it came and within the
	// limits.
	Call(ctx context.Context, tool string, args json.RawMessage) (json.RawMessage, error)
	// Done is closed when the session is of no more use.
	Done() <-chan struct{}
}

func (s *server) call(ctx context.Context, tool string, args json.RawMessage) (bindery.Result, error) {
	conn, attempts, err := s.await(ctx, tool)
	if err != nil {
		return bindery.Result{}, &unsentError{err}
	}
	raw, err := s.send(ctx, conn, tool, args)
	if errors.Is(err, session.ErrNotSent) && s.left(ctx, conn, attempts) {
		// The server did not see the call, so that this is not a second one.
		if conn, _, err = s.await(ctx, tool); err != nil {
			return bindery.Result{}, &unsentError{err}
		}
		raw, err = s.send(ctx, conn, tool, args)
	}
	if err != nil {
		return bindery.Result{}, err
	}
	return decodeResult(raw)
}

// send makes one call, bounded by the call timeout and the life of the set.
func (s *server) send(ctx context.Context, conn caller, tool string, args json.RawMessage) (json.RawMessage, error) {
	limit := timeoutError{"the call timeout", s.spec.callTimeout()}
	ctx, cancel := context.WithTimeoutCause(ctx, s.spec.callTimeout(), limit)
	defer cancel()
	ctx, abort := context.WithCancelCause(ctx)
	defer abort(nil)
	stop := context.AfterFunc(s.ctx, func() { abort(errClosed) })
	defer stop()
	raw, err := conn.Call(ctx, tool, args)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return raw, err
}

// await returns the connection once there is one, if the server offers tool.
// attempts counts the attempts to connect so far.
func (s *server) await(ctx context.Context, tool string) (conn caller, attempts int, err error) {
	limit := timeoutError{"the start timeout", s.spec.startTimeout()}
	ctx, cancel := context.WithTimeoutCause(ctx, s.spec.startTimeout(), limit)
	defer cancel()
	for {
		s.mu.Lock()
		state, changed := s.state, s.changed
		conn, attempts = s.conn, s.attempts
		cause, next, offered := s.cause, s.nextTry, s.offer.names[tool]
		s.mu.Unlock()
		switch state {
		case Ready:
			if !offered {
				return nil, 0, &bindery.Error{Code: bindery.NotFound, Err: fmt.Errorf("server %q has no tool %q", s.spec.Name, tool)}
			}
			return conn, attempts, nil
		case Failed:
			return nil, 0, &downError{cause, time.Until(next)}
		case Closed:
			return nil, 0, errClosed
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, 0, context.Cause(ctx)
		}
	}
}

// left waits for a connection that seems broken to be given up, and for one
// attempt at the next one to end. It returns false if that does not happen.
func (s *server) left(ctx context.Context, conn caller, attempts int) bool {
	grace := time.NewTimer(time.Second)
	defer grace.Stop()
	select {
	case <-conn.Done():
	case <-grace.C:
		return false
	case <-ctx.Done():
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, s.spec.startTimeout())
	defer cancel()
	for {
		s.mu.Lock()
		over, changed := s.attempts > attempts || s.state == Closed, s.changed
		s.mu.Unlock()
		if over {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}
