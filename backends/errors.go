package backends

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/stdio"
	"github.com/bindery-mcp/bindery/backends/streamable"
)

// maxMessageText is how much of a server's own error text is kept, in bytes.
const maxMessageText = 2000

var errClosed = errors.New("the gateway is closing its connections")

// timeoutError is one of our own deadlines.
type timeoutError struct {
	name string
	d    time.Duration
}

func (e timeoutError) Error() string { return fmt.Sprintf("no answer within %s of %v", e.name, e.d) }

// downError is a call to a server that has failed and waits to be tried again.
type downError struct {
	cause *bindery.Error
	next  time.Duration
}

func (e *downError) Error() string {
	return fmt.Sprintf("the server is down: %v; next try in %v", e.cause.Err, max(0, e.next).Round(100*time.Millisecond))
}

func (e *downError) Unwrap() error { return e.cause }

// unsentError is a call that its server has certainly not seen.
type unsentError struct{ err error }

func (e *unsentError) Error() string { return e.err.Error() }

func (e *unsentError) Unwrap() error { return e.err }

// begunError is what went wrong after a server had begun with a call, though a
// request that went on with it was not sent.
type begunError struct{ err error }

func (e *begunError) Error() string { return e.err.Error() }

func (e *begunError) Unwrap() error { return e.err }

func unsent(err error) bool {
	if _, begun := errors.AsType[*begunError](err); begun {
		return false
	}
	var e *unsentError
	return errors.As(err, &e) || errors.Is(err, session.ErrNotSent)
}

// explainCall makes the error of a call. What ctx says comes first: it is why
// a caller stops waiting, whatever else happened meanwhile.
func (s *server) explainCall(ctx context.Context, op string, err error) *bindery.Error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return &bindery.Error{Code: bindery.Cancelled, Op: op, Unsent: unsent(err), Err: context.Canceled}
	case ctx.Err() != nil && !isCrowded(err):
		return &bindery.Error{Code: bindery.Timeout, Op: op, Unsent: unsent(err), Err: errors.New("no answer before the caller's deadline")}
	}
	e := s.explainTo(PeerOf(ctx), op, err)
	e.Unsent = unsent(err)
	if e.Code == bindery.Limit && e.Hint == "" {
		e.Hint = "ask for less: a filter, a page, fewer fields"
	}
	return e
}

// explain makes the error of anything else. Scripts and models see its text,
// so that the user's home folder, and with it the user's name, is "~" there.
// Other paths stay: without them "no such file" helps nobody.
func (s *server) explain(op string, err error) *bindery.Error { return s.explainTo(nil, op, err) }

func (s *server) explainTo(p *Peer, op string, err error) *bindery.Error {
	var inner *bindery.Error
	if errors.As(err, &inner) && inner.Op != "" && inner.Code == bindery.Internal {
		// list names what it was doing, and leaves the rest to this function.
		op, err = inner.Op, inner.Err
	}
	out := &bindery.Error{Op: op}
	out.Code, out.Hint = classify(err)
	if errors.As(err, &inner) && inner.Code == bindery.NotFound {
		out.Err = inner.Err
		return out
	}
	shown := err.Error()
	if e, ok := session.ServerError(err); ok {
		shown = fmt.Sprintf("%s (code %d)", session.PlainText(e.Message, maxMessageText), e.Code)
		if e.Code == CodeURLWanted && out.Hint == "" {
			out.Hint = hideHome(s.hide(p, s.secrets.Clean(toOpen(e.Data))), s.home)
		}
		err = &ServerError{Code: int(e.Code), Message: s.hide(p, s.secrets.Clean(e.Message)), Data: e.Data, err: err}
	}
	out.Err = err
	shown = hideHome(s.hide(p, s.secrets.Clean(shown)), s.home)
	if shown != err.Error() {
		out.Err = &shownError{shown, err}
	}
	return out
}

// shownError is an error whose own text is not fit to be shown.
type shownError struct {
	text string
	err  error
}

func (e *shownError) Error() string { return e.text }

// Is and As reach the cause; Unwrap would show it to whoever prints the chain.
func (e *shownError) Is(target error) bool { return errors.Is(e.err, target) }

// As is described at Is.
func (e *shownError) As(target any) bool { return errors.As(e.err, target) }

// hideHome returns text with "~" for the folder home.
func hideHome(text, home string) string {
	if !filepath.IsAbs(home) || filepath.Dir(home) == home {
		return text
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, home)
		b.WriteString(before)
		switch {
		case !found:
			return b.String()
		case inName(lastByte(before)), after != "" && inName(after[0]):
			b.WriteString(home) // another folder, whose name only has this one's in it
		default:
			b.WriteByte('~')
		}
		text = after
	}
}

func lastByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[len(s)-1]
}

// inName reports whether c, next to a path, would make it another path.
func inName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80 || strings.IndexByte("_-~+", c) >= 0
}

func classify(err error) (bindery.Code, string) {
	var (
		timeout  timeoutError
		limit    *session.LimitError
		down     *downError
		notFound *stdio.NotFoundError
		exit     *stdio.ExitError
		status   *streamable.StatusError
		inner    *bindery.Error
		netErr   net.Error
	)
	if code, hint, ok := ownFailure(err); ok {
		return code, hint
	}
	switch {
	case errors.As(err, &down):
		return bindery.Unavailable, down.cause.Hint
	case errors.As(err, &timeout), errors.Is(err, context.DeadlineExceeded):
		return bindery.Timeout, ""
	case errors.As(err, &limit):
		return bindery.Limit, ""
	case errors.As(err, &inner):
		return inner.Code, inner.Hint
	case errors.As(err, &notFound):
		return bindery.Unavailable, "install the command, or write its full path into the configuration"
	case errors.As(err, &exit), errors.Is(err, errClosed):
		return bindery.Unavailable, ""
	}
	if e, ok := session.ServerError(err); ok {
		if e.Code == jsonrpc.CodeInvalidParams || e.Code == jsonrpc.CodeMethodNotFound {
			return bindery.Upstream, "check the name and the arguments against what the server says of them"
		}
		return bindery.Upstream, ""
	}
	if errors.As(err, &status) && status.Status != 0 {
		return statusCode(status.Status)
	}
	if errors.As(err, &netErr) || session.Closed(err) || errors.Is(err, session.ErrCutOff) || errors.Is(err, io.EOF) || status != nil {
		return bindery.Unavailable, ""
	}
	return bindery.Upstream, ""
}

func statusCode(status int) (bindery.Code, string) {
	switch status {
	case 401, 403:
		return bindery.Unavailable, "check the server's headers in the configuration: the server does not accept them"
	case 400, 404, 405:
		return bindery.Unavailable, "check the server's URL in the configuration: it is no Streamable HTTP endpoint of a running server"
	case 429, 502, 503, 504:
		return bindery.Unavailable, "the server is busy or down; try again later"
	}
	return bindery.Upstream, ""
}
