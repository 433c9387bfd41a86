package sse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

const (
	// replyTime bounds the sending of one answer to a question.
	replyTime = 30 * time.Second
	// maxEndpoint bounds the URL that a server names.
	maxEndpoint = 8 << 10
	// ignored is how much of the answer to a POST is read, which says nothing.
	ignored = 64 << 10
)

// transport is its own connection, used once.
type transport struct {
	server web.Server
	base   *http.Transport
	client *http.Client
	max    int
	in     *session.Inbox

	ctx    context.Context // ends everything when the connection is closed
	cancel context.CancelFunc
	body   io.Closer
	events *web.Events
	post   *url.URL // where messages go

	arrived   session.Arrivals
	closeOnce sync.Once
	mu        sync.Mutex
	reason    error // why the session is of no more use, if the server told
}

func newTransport(server web.Server, max int) *transport {
	t := &transport{server: server, base: web.NewTransport(), max: max}
	t.client = server.Client(t.base)
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// open opens the event stream and waits for the event that says where messages
// go (2024-11-05 basic/transports, "HTTP with SSE").
func (t *transport) open() error {
	req, err := http.NewRequestWithContext(t.ctx, http.MethodGet, t.server.URL.String(), http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := t.client.Do(req) //nolint:bodyclose // Close closes it, with the connection
	if err != nil {
		if ue, ok := errors.AsType[*url.Error](err); ok {
			err = ue.Err // the text of the other has the whole URL
		}
		return &web.StatusError{Err: err}
	}
	t.body, t.events = resp.Body, web.NewEvents(resp.Body, t.max)
	if resp.StatusCode != http.StatusOK {
		return &web.StatusError{Status: resp.StatusCode}
	}
	if kind := web.MediaType(resp); kind != "text/event-stream" {
		return fmt.Errorf("the server answered with %q instead of an event stream", session.PlainText(kind, 80))
	}
	for {
		e, err := t.events.Next()
		if err != nil {
			return fmt.Errorf("wait for the event that names the endpoint: %w", err)
		}
		if e.Name != "endpoint" {
			continue
		}
		if t.post, err = endpoint(resp.Request.URL, e.Data); err != nil {
			return err
		}
		return nil
	}
}

// endpoint returns the URL that the server names. It must be of the stream's
// own origin: headers with secrets and all arguments go there.
func endpoint(stream *url.URL, data []byte) (*url.URL, error) {
	if len(data) > maxEndpoint {
		return nil, &session.LimitError{What: "endpoint", Limit: maxEndpoint, Unit: "bytes"}
	}
	u, err := stream.Parse(string(bytes.TrimSpace(data)))
	if err != nil {
		return nil, errors.New("the server names an endpoint that is no URL")
	}
	if !web.SameOrigin(stream, u) {
		return nil, fmt.Errorf("the server names an endpoint at %s://%s, which is not where its stream is", u.Scheme, u.Host)
	}
	return u, nil
}

// Connect implements [mcp.Transport].
func (t *transport) Connect(context.Context) (mcp.Connection, error) { return t, nil }

// SessionID implements [mcp.Connection]; there is none.
func (t *transport) SessionID() string { return "" }

// Close implements [mcp.Connection].
func (t *transport) Close() error {
	t.closeOnce.Do(func() {
		t.cancel()
		if t.body != nil {
			_ = t.body.Close()
		}
		t.base.CloseIdleConnections()
	})
	return nil
}

func (t *transport) lose(reason error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.reason == nil {
		t.reason = reason
		t.cancel() // Read ends
	}
}

func (t *transport) lost() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reason
}

// Read implements [mcp.Connection].
func (t *transport) Read(context.Context) (jsonrpc.Message, error) {
	for {
		if m := t.arrived.Next(); m != nil {
			return m, nil
		}
		e, err := t.events.Next()
		var large *web.TooLargeError
		switch {
		case errors.As(err, &large):
			t.arrived.Skip(large.Start, large.End, large.Limit)
		case err != nil && t.ctx.Err() != nil, errors.Is(err, io.ErrUnexpectedEOF):
			return nil, io.EOF
		case err != nil:
			return nil, err
		case e.IsMessage():
			_ = t.arrived.Take(t.in, e.Data) // what is no message is nobody's
		}
	}
}

// Write implements [mcp.Connection].
func (t *transport) Write(ctx context.Context, m jsonrpc.Message) error {
	text, x, err := t.in.Encode(ctx, m)
	if err != nil {
		return err
	}
	return t.send(ctx, text, x)
}

func (t *transport) reply(ctx context.Context, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, replyTime)
	defer cancel()
	return t.send(ctx, text, nil)
}

var errForgotten = errors.New("the server has forgotten the session")

// send posts one message. What goes wrong with it is an error of this message
// alone, unless there is nobody to take another.
func (t *transport) send(ctx context.Context, text []byte, x *session.Exchange) error {
	if t.ctx.Err() != nil {
		return io.ErrClosedPipe
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(t.ctx, cancel)()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.post.String(), bytes.NewReader(text))
	if err != nil {
		return session.Rejected(err)
	}
	req.Header.Set("Content-Type", "application/json")
	x.MarkSent()
	resp, err := t.client.Do(req)
	if err != nil {
		if web.IsDial(err) {
			x.MarkUnsent()
			if ctx.Err() == nil {
				t.lose(&web.StatusError{Err: errors.Unwrap(err)})
			}
		}
		if e, ok := errors.AsType[*web.CredentialError](err); ok && !e.Forbidden {
			x.MarkUnsent()
		}
		if ue, ok := errors.AsType[*url.Error](err); ok {
			err = ue.Err
		}
		return session.Rejected(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, ignored)) // so that the connection can be used again
	failure := &web.StatusError{Status: resp.StatusCode}
	switch status := resp.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusNotFound || status == http.StatusGone:
		x.MarkUnsent()
		t.lose(&web.StatusError{Err: errForgotten})
	case status == http.StatusUnauthorized:
		x.MarkUnsent()
		t.lose(failure)
	case status < 500:
		x.MarkUnsent() // refused unread
	}
	return session.Rejected(failure)
}
