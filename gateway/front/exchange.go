package front

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// joined is up to which size an answer is copied into one write.
const joined = 16 << 10

var errNoStream = fmt.Errorf("%w: it accepts no event stream", ErrCannotAsk)

// exchange is one POST with requests in it, and its response: one JSON text
// if nothing has to be said before the answer and that comes soon, and an
// event stream otherwise.
type exchange struct {
	endpoint *Endpoint
	w        http.ResponseWriter
	r        *http.Request
	session  *webSession // nil in the modern era
	protocol string
	accept   accept
	gone     context.CancelFunc // called if the client cannot be written to; nil in a legacy session

	mu      sync.Mutex
	stream  *stream // nil while the response may still be JSON
	replay  *replay // the same, in a legacy session
	written chan struct{}
	over    bool
	timer   *time.Timer
}

// begin starts the clock.
func (x *exchange) begin() {
	if !x.accept.events {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.accept.json {
		x.openLocked()
		return
	}
	x.timer = time.AfterFunc(x.endpoint.o.Patience, func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		if !x.over {
			x.openLocked()
		}
	})
}

// send adds a message to the event stream, which it makes the response.
func (x *exchange) send(data []byte, i importance) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.accept.events {
		if i == lossy {
			return nil
		}
		return errNoStream
	}
	x.openLocked()
	return x.stream.push(data, i)
}

// openLocked makes the response an event stream. From here on one goroutine
// writes it, so that a client which does not read keeps nobody else.
func (x *exchange) openLocked() {
	if x.stream != nil {
		return
	}
	first, name := ": ok\n\n", ""
	if x.session != nil {
		x.replay = x.endpoint.sessions.open(x.session)
		x.stream, name = x.replay.stream, x.replay.id
	} else {
		x.stream = &stream{}
	}
	to := newEvents(x.w, x.endpoint.o.WriteTimeout, name)
	if x.session != nil {
		if first = hint; x.protocol >= priming {
			first = to.prime()
		}
	}
	x.written = make(chan struct{})
	x.endpoint.spawn(func() {
		defer close(x.written)
		defer to.done()
		err := to.open(first)
		if err == nil {
			err = x.stream.serve(x.r.Context(), 0, x.endpoint.o.KeepAlive, to)
		}
		if err != nil && x.gone != nil {
			x.gone()
		}
	})
}

// answer ends the exchange.
func (x *exchange) answer(a answer, status int) {
	x.mu.Lock()
	x.over = true
	streaming := x.stream != nil
	x.mu.Unlock()
	if x.timer != nil {
		x.timer.Stop()
	}
	if !streaming {
		writeJSON(x.w, status, a, x.endpoint.o.WriteTimeout)
		return
	}
	if a != nil {
		_ = x.stream.push(a.line(), must)
	}
	x.close()
}

// close ends the event stream, keeps it for a client that comes back, and
// waits for its writer.
func (x *exchange) close() {
	if x.replay != nil {
		x.endpoint.sessions.end(x.replay)
	} else {
		x.stream.end()
	}
	<-x.written
}

// writeJSON writes an answer as it is; a large one in its pieces, which are
// not copied.
func writeJSON(w http.ResponseWriter, status int, a answer, timeout time.Duration) {
	size := a.size()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(size))
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(timeout)) // not every server has one
	defer func() { _ = control.SetWriteDeadline(time.Time{}) }()
	w.WriteHeader(status)
	if size <= joined {
		whole := make([]byte, 0, size)
		for _, piece := range a {
			whole = append(whole, piece...)
		}
		a = answer{whole}
	}
	for _, piece := range a {
		if _, err := w.Write(piece); err != nil {
			return // the client has gone
		}
	}
}

// accept is what a client takes for an answer.
type accept struct{ json, events bool }

// accepts reads Accept. Clients in the field leave it out, or name one of the
// two kinds that the specification wants named both.
func accepts(h http.Header) accept {
	values := h["Accept"]
	if len(values) == 0 {
		return accept{json: true, events: true}
	}
	var a accept
	for _, value := range values {
		for kind := range splitMedia(value) {
			switch kind {
			case "application/json", "application/*":
				a.json = true
			case "text/event-stream", "text/*":
				a.events = true
			case "*/*":
				a.json, a.events = true, true
			}
		}
	}
	return a
}

// batchAnswer joins the answers to a batch.
func batchAnswer(answers []answer) answer {
	all := answer{[]byte("[")}
	for i, a := range answers {
		if i > 0 {
			all = append(all, []byte(","))
		}
		all = append(all, a...)
	}
	return append(all, []byte("]"))
}
