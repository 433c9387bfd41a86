package streamable

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

// eventBody is the body of an event stream as the SDK gets it: answers, and the
// fields that it resumes streams by. Everything else is taken out, and what
// would make it give up the session ends the request that the stream is for, or
// is left out if there is none.
type eventBody struct {
	io.Closer
	events *web.Events
	in     *session.Inbox
	x      *session.Exchange // whose stream it is, nil for nobody's
	lastID string

	ready []byte // what is being handed out
	err   error
}

func newEventBody(body io.ReadCloser, max int, in *session.Inbox, x *session.Exchange) *eventBody {
	return &eventBody{Closer: body, events: web.NewEvents(body, max), in: in, x: x}
}

// Read implements [io.Reader].
func (b *eventBody) Read(p []byte) (int, error) {
	for len(b.ready) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		e, err := b.events.Next()
		var large *web.TooLargeError
		switch {
		case err == nil:
		case !errors.As(err, &large):
			b.err = err // the stream broke: the SDK may know how to resume it
			continue
		case b.x != nil:
			b.err = large.Limit
			b.x.Abort(b.err)
			continue
		default:
			continue
		}
		if e.ID != "" {
			b.lastID = e.ID
		}
		b.ready = resumption(e)
		if !e.IsMessage() {
			continue
		}
		messages, err := b.in.TakeAll(e.Data, b.x)
		if err != nil && b.x != nil {
			b.err = err
			b.x.Abort(err)
		}
		for _, m := range messages {
			b.ready = appendMessage(b.ready, m)
		}
	}
	n := copy(p, b.ready)
	b.ready = b.ready[n:]
	return n, nil
}

// resumption returns an event with nothing but the fields to resume by.
func resumption(e web.Event) []byte {
	var text []byte
	if e.ID != "" {
		text = fmt.Appendf(text, "id: %s\n", e.ID)
	}
	if e.Retry != "" {
		text = fmt.Appendf(text, "retry: %s\n", e.Retry)
	}
	if len(text) > 0 {
		text = append(text, '\n')
	}
	return text
}

// appendMessage appends an event with a message.
func appendMessage(text []byte, m jsonrpc.Message) []byte {
	data, err := jsonrpc.EncodeMessage(m)
	if err != nil || bytes.ContainsAny(data, "\r\n") {
		return text
	}
	return fmt.Appendf(text, "data: %s\n\n", data)
}
