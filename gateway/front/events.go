package front

import (
	"net/http"
	"strconv"
	"time"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// retryAfter is how soon a client whose stream broke should come back.
const retryAfter = "1000"

// events writes server-sent events.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	// stream is its part of event ids; "" for a stream without any.
	stream string
}

func newEvents(w http.ResponseWriter, timeout time.Duration, stream string) *events {
	return &events{w: w, control: http.NewResponseController(w), timeout: timeout, stream: stream}
}

// open writes the headers, and what there is to say before the first event.
func (e *events) open(first string) error {
	h := e.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache, no-transform")
	h.Set("X-Accel-Buffering", "no")
	e.w.WriteHeader(http.StatusOK)
	return e.put([]byte(first))
}

// prime is an event without data: it tells the client where to come back to
// before there is anything else (2025-11-25, basic/transports).
func (e *events) prime() string {
	return "id: " + e.stream + "-0\nretry: " + retryAfter + "\ndata: \n\n"
}

// hint is what an older client is told of coming back.
const hint = "retry: " + retryAfter + "\n: ok\n\n"

// write writes an event. Its id counts from 1, after the priming event.
func (e *events) write(number int, data []byte) error {
	head := make([]byte, 0, 64)
	if e.stream != "" {
		head = append(append(head, "id: "...), e.stream...)
		head = append(strconv.AppendInt(append(head, '-'), int64(number)+1, 10), '\n')
	}
	return e.put(append(head, "event: message\ndata: "...), jsonscan.Line(data), []byte("\n\n"))
}

func (e *events) idle() error { return e.put([]byte(": keep-alive\n\n")) }

// put writes and flushes, within the time a client has to read.
func (e *events) put(pieces ...[]byte) error {
	_ = e.control.SetWriteDeadline(time.Now().Add(e.timeout)) // not every server has one
	for _, p := range pieces {
		if _, err := e.w.Write(p); err != nil { //nolint:gosec // events are no HTML, and their type says so
			return err
		}
	}
	return e.control.Flush()
}

// done takes the deadline away from the connection, which others may use next.
func (e *events) done() { _ = e.control.SetWriteDeadline(time.Time{}) }
