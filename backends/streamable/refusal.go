package streamable

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

// errForgotten ends a session that the server does not know.
var errForgotten = errors.New("the server has forgotten the session")

// refusal handles a status that is not 2xx.
func (rt *roundTripper) refusal(req *http.Request, resp *http.Response, x *session.Exchange) (*http.Response, error) {
	defer resp.Body.Close()
	failure := &web.StatusError{Status: resp.StatusCode}
	rt.note(failure)
	body, err := io.ReadAll(io.LimitReader(resp.Body, errorBody))
	if err != nil {
		body = nil
	}
	if x == nil {
		if _, err := session.Parse(body); err != nil {
			body = nil // it would upset the SDK
		}
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return resp, nil
	}
	if forgotten(req, resp, body) {
		// The server has not looked at the request.
		x.MarkUnsent()
		rt.lose(&web.StatusError{Err: errForgotten})
		return nil, failure
	}
	if out, err := rt.taken(resp, body, x); err == nil {
		return out, nil // an error of the protocol: those have a status too
	}
	if resp.StatusCode == http.StatusUnauthorized {
		// Nobody has looked at the request. Whether it is the session that is of
		// no more use, or the one tool that may not be used, is for others to find
		// out.
		x.MarkUnsent()
	}
	return nil, failure
}

// forgotten reports whether a refusal says that the server does not know the
// session: 404 by the protocol (2025-11-25 basic/transports, "Session
// Management"), 400 with a word about it in much that was built on the examples
// of the TypeScript SDK.
func forgotten(req *http.Request, resp *http.Response, body []byte) bool {
	if req.Header.Get(sessionHeader) == "" {
		return false
	}
	return resp.StatusCode == http.StatusNotFound ||
		resp.StatusCode == http.StatusBadRequest && bytes.Contains(bytes.ToLower(body), []byte("session"))
}

// replyTime bounds the sending of one answer to a question.
const replyTime = 30 * time.Second

// reply sends an answer to a question of the server.
func (c *Conn) reply(ctx context.Context, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, replyTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.rt.server.URL.String(), bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	c.rt.mu.Lock()
	for name, v := range c.rt.session {
		req.Header.Set(name, v)
	}
	c.rt.mu.Unlock()
	resp, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("answer a question: %w", &web.StatusError{Status: resp.StatusCode})
	}
	return nil
}

// StatusError is an HTTP request that the server refused.
type StatusError = web.StatusError
