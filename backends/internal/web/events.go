package web

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Events reads server-sent events and holds at most max bytes of one
// (https://html.spec.whatwg.org/multipage/server-sent-events.html). Comments,
// unknown fields and lines without a colon mean nothing to it.
type Events struct {
	lines *bufio.Reader
	max   int

	skipping bool // inside an event that is too large
	fresh    bool // at the start of one of its lines
	dropped  int  // bytes of it
	tail     []byte
}

// edge is how much of an event that is too large is kept from its start and
// from its end, with the field's name.
const edge = session.Edge + 64

// droppable is how many bytes of an event are read in vain before the stream is
// given up: one without an end leaves no room for another, and would keep a
// processor busy for good.
const droppable = 256 << 20

var errEndless = errors.New("the server sends an event without end")

// TooLargeError is an event over the limit. It is reported when that shows, with the
// start of its data, and again at its end, with the end. The stream goes on.
type TooLargeError struct {
	Limit      *session.LimitError
	Start, End []byte
}

func (e *TooLargeError) Error() string { return e.Limit.Error() }

// Unwrap returns the limit.
func (e *TooLargeError) Unwrap() error { return e.Limit }

// NewEvents returns a reader of the events of one body.
func NewEvents(body io.Reader, max int) *Events {
	return &Events{lines: bufio.NewReaderSize(body, 4<<10), max: max}
}

// Event is one event.
type Event struct {
	Name string // "" stands for "message"
	Data []byte
	// ID and Retry are the fields for whoever resumes a stream.
	ID, Retry string
}

// IsMessage reports whether the event carries a message of the protocol.
func (e Event) IsMessage() bool { return len(e.Data) > 0 && (e.Name == "" || e.Name == "message") }

// Next returns the next event that says anything. The last one may lack the
// empty line at its end; after it comes the error of the stream. For an event that
// is too large there is a [*TooLargeError] instead.
func (r *Events) Next() (Event, error) {
	for {
		text, err := r.read()
		if err != nil && !errors.Is(err, io.EOF) {
			text = nil // an event that was cut off is none
		}
		if len(text) > 0 {
			if e := parse(text); e.Name != "" || len(e.Data) > 0 || e.ID != "" || e.Retry != "" {
				return e, nil
			}
		}
		if err != nil {
			return Event{}, err
		}
	}
}

// read returns the lines of one event.
func (r *Events) read() ([]byte, error) {
	if r.skipping {
		return nil, r.skip()
	}
	var event []byte
	start := 0
	for {
		part, err := r.lines.ReadSlice('\n')
		event = append(event, part...)
		full := errors.Is(err, bufio.ErrBufferFull)
		if err == nil && len(bytes.TrimRight(event[start:], "\r\n")) == 0 {
			return event, nil
		}
		if len(event) > r.max {
			r.skipping, r.fresh, r.dropped, r.tail = true, !full, len(event), session.KeepLast(nil, event, edge)
			_, data, _ := bytes.Cut(event[:min(edge, len(event))], []byte("data:"))
			return nil, &TooLargeError{r.limit(), bytes.TrimSpace(data), nil}
		}
		if full {
			continue
		}
		if err != nil {
			return event, err
		}
		start = len(event)
	}
}

func (r *Events) limit() *session.LimitError {
	return &session.LimitError{What: "size", Limit: int64(r.max), Unit: "bytes"}
}

// skip reads the rest of an event that is too large.
func (r *Events) skip() error {
	for {
		part, err := r.lines.ReadSlice('\n')
		full := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !full {
			r.skipping = false
			return err
		}
		if r.fresh && len(bytes.TrimRight(part, "\r\n")) == 0 {
			r.skipping = false
			return &TooLargeError{r.limit(), nil, bytes.TrimSpace(r.tail)}
		}
		r.fresh = !full
		r.tail = session.KeepLast(r.tail, part, edge)
		if r.dropped += len(part); r.dropped > r.max+droppable {
			return errEndless
		}
	}
}

func parse(text []byte) Event {
	var e Event
	for line := range bytes.Lines(text) {
		name, value, found := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(":"))
		if !found {
			continue
		}
		switch value = bytes.TrimPrefix(value, []byte(" ")); string(name) {
		case "event":
			e.Name = strings.TrimSpace(string(value))
		case "id":
			e.ID = strings.TrimSpace(string(value))
		case "retry":
			e.Retry = strings.TrimSpace(string(value))
		case "data":
			if e.Data == nil {
				e.Data = slices.Clip(value) // a part of text, which most events have one of
			} else {
				e.Data = append(append(e.Data, '\n'), value...)
			}
		}
	}
	return e
}
