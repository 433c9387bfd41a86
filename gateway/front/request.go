package front

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Request is one request of a client.
type Request struct {
	*Caller
	// Sent is the header of the HTTP request that brought it, or that opened the
	// connection on which it came; nil on stdio.
	Sent http.Header
	// ID is unique, for logs.
	ID     string
	Method string
	Params json.RawMessage // an object, or nil
	Meta   json.RawMessage // its _meta, an object or nil
	// LogLevel is the lowest level of notifications/message that is wanted; ""
	// if none is. LogUnset says that the client has not said so: it is for the
	// server to decide what to send, and all of it is wanted (2025-11-25
	// server/utilities/logging).
	LogLevel string
	LogUnset bool

	call *call
}

// Notify sends a notification on the request's own stream. It never waits for
// the client: if that does not read, what is only of passing interest is
// dropped. A log message below LogLevel is dropped too, and everything once
// Handle has returned.
func (r *Request) Notify(ctx context.Context, method string, params json.RawMessage) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if params != nil && !isObject(params) {
		return fmt.Errorf("send %s to the client: its params are not an object", method)
	}
	if method == "notifications/message" && !reaches(r.LogLevel, params) {
		return nil
	}
	return r.call.send(notify(method, params), lossy)
}

// Ask sends the client a request on the request's own stream, and returns its
// result. It fails with [ErrCannotAsk] in the modern era, or if the client did
// not declare the capability or cannot be reached, and with an [*Error] if
// that is the client's answer. It waits as long as ctx lets it: a client that
// went away may come back for the question.
func (r *Request) Ask(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	if r.Modern() || !r.CanBeAsked(method, params) && method != "ping" {
		return nil, ErrCannotAsk
	}
	return r.call.session.ask(ctx, r.call, method, params)
}

// CanBeAsked reports whether the client declared what it takes to be asked this.
func (c *Caller) CanBeAsked(method string, params json.RawMessage) bool {
	return c.Can(Needed(method, params))
}

// Needed is the capability that a client must have declared to be asked.
func Needed(method string, params json.RawMessage) string {
	switch method {
	case "elicitation/create":
		if string(jsonscan.Member(params, "mode")) == `"url"` {
			return "elicitation.url"
		}
		return "elicitation.form"
	case "sampling/createMessage":
		return "sampling"
	case "roots/list":
		return "roots"
	}
	return method
}

// levels are those of RFC 5424, lowest first.
var levels = [...]string{"debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"}

// reaches reports whether a log message is of this level or a higher one.
func reaches(level string, params json.RawMessage) bool {
	least := slices.Index(levels[:], level)
	at := slices.Index(levels[:], strings.Trim(string(jsonscan.Member(params, "level")), `"`))
	return least >= 0 && at >= least
}

// outlet is where the messages that belong to a request go.
type outlet interface {
	send(data []byte, i importance) error
}

// call is a request under way.
type call struct {
	Request

	id        json.RawMessage
	session   *session // nil in the modern era over HTTP
	out       outlet
	cancel    context.CancelFunc
	withdrawn atomic.Bool // the client wants no answer

	mu   sync.Mutex
	over bool
}

func (c *call) send(a answer, i importance) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		return c.out.send(a.line(), i)
	}
	if i == must {
		return fmt.Errorf("%w: its request is answered", ErrCannotAsk)
	}
	return nil
}

// end is called once there is an answer: nothing may come after it.
func (c *call) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
}

func requestID(params json.RawMessage) json.RawMessage { return jsonscan.Member(params, "requestId") }
