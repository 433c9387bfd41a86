package streamable

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// eventBody is the body of a server-sent event stream, of which it passes on
// whole events only, each within the limits and with valid JSON as its data.
// The SDK would give up the session at the first other one. Here that event
// ends the request it came for; where it came for none it is left out, unless
// it has no end.
type eventBody struct {
	io.Closer
	lines  *bufio.Reader
	max    int
	refuse func(error) // nil for a stream that answers no request of ours

	ready []byte // the rest of the event being handed out
	err   error
}

func newEventBody(body io.ReadCloser, max int, refuse func(error)) *eventBody {
	return &eventBody{Closer: body, lines: bufio.NewReaderSize(body, 4<<10), max: max, refuse: refuse}
}

// Read implements [io.Reader].
func (b *eventBody) Read(p []byte) (int, error) {
	for len(b.ready) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		event, err := b.next()
		b.err = err
		if event != nil {
			err = checkMessage(dataOf(event))
		}
		var tooLong *session.LimitError
		switch {
		case err == nil:
			b.ready = event
		case event == nil && !errors.As(err, &tooLong):
			// The stream broke: the SDK may know how to resume it.
		case b.refuse != nil:
			b.err = err
			b.refuse(err)
		}
	}
	n := copy(p, b.ready)
	b.ready = b.ready[n:]
	return n, nil
}

// next returns the lines of the next event with the empty one that ends it; the
// last event may come with the error that ended the stream. Lines without a
// colon mean nothing and would upset the SDK.
func (b *eventBody) next() ([]byte, error) {
	var event []byte
	size, start := 0, 0
	for {
		part, err := b.lines.ReadSlice('\n')
		if size += len(part); size > b.max {
			return nil, &session.LimitError{What: "size", Limit: int64(b.max), Unit: "bytes"}
		}
		event = append(event, part...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		line := bytes.TrimRight(event[start:], "\r\n")
		switch {
		case err != nil && len(event) == 0:
			return nil, err
		case err != nil: // a last event that lacks its empty line
			return append(event, "\n\n"...), err
		case len(line) == 0:
			return event, nil
		case !bytes.Contains(line, []byte(":")):
			event = event[:start]
		}
		start = len(event)
	}
}

// dataOf returns the data of an event: its data lines, joined.
func dataOf(event []byte) []byte {
	var data []byte
	for line := range bytes.Lines(event) {
		if rest, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r\n"), []byte("data:")); ok {
			data = append(append(data, rest...), '\n')
		}
	}
	return data
}
