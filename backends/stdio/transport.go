package stdio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// transport carries a session over a pair of streams, one JSON-RPC message a
// line (2026-07-28 basic/transports, "stdio"). Unlike the SDK's own it survives
// whatever else a server writes: text that is no message is skipped and
// counted, and a message that is too long, too deep or broken fails the one
// request that it answers. It is its own connection, used once.
type transport struct {
	lines *lineReader
	out   io.WriteCloser
	// closeIn unblocks a pending read.
	closeIn func() error

	arrived session.Arrivals
	writing chan struct{} // holds a token while nobody writes
	broken  error         // a line was left unfinished; guarded by writing

	in      *session.Inbox
	skipped skipped

	closeOnce sync.Once
	closed    chan struct{}
}

func newTransport(in io.ReadCloser, out io.WriteCloser, maxLine int, secrets session.Redactor, o session.Options) *transport {
	t := &transport{
		lines: newLineReader(in, maxLine), out: out, closeIn: in.Close,
		writing: make(chan struct{}, 1), closed: make(chan struct{}),
		skipped: skipped{secrets: secrets},
	}
	t.in = session.NewInbox(o, func(ctx context.Context, text []byte) error { return t.send(ctx, text, nil) })
	t.writing <- struct{}{}
	return t
}

// Connect implements [mcp.Transport].
func (t *transport) Connect(context.Context) (mcp.Connection, error) { return t, nil }

// SessionID implements [mcp.Connection]; there is none.
func (t *transport) SessionID() string { return "" }

// Close implements [mcp.Connection].
func (t *transport) Close() error {
	t.closeOnce.Do(func() {
		close(t.closed)
		_ = t.out.Close()
		_ = t.closeIn()
	})
	return nil
}

// Read implements [mcp.Connection].
func (t *transport) Read(context.Context) (jsonrpc.Message, error) {
	for {
		if m := t.arrived.Next(); m != nil {
			return m, nil
		}
		l, err := t.lines.next()
		if err != nil {
			return nil, t.readError(err)
		}
		if l.start != nil || l.end != nil {
			t.skip(l)
		} else {
			t.accept(l.text)
		}
	}
}

func (t *transport) readError(err error) error {
	select {
	case <-t.closed:
		return io.EOF
	default:
	}
	if errors.Is(err, os.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded) {
		return io.EOF
	}
	return err
}

// accept queues the messages of one line.
func (t *transport) accept(text []byte) {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	switch {
	case len(text) == 0:
	case text[0] != '{' && text[0] != '[':
		t.skipped.add(text)
	default:
		if t.arrived.Take(t.in, text) != nil {
			t.skipped.add(text[:min(session.Edge, len(text))])
		}
	}
}

// skip handles what is known of a line over the limit.
func (t *transport) skip(l line) {
	if l.start != nil {
		t.skipped.add(l.start)
	}
	t.arrived.Skip(l.start, l.end, &session.LimitError{What: "size", Limit: int64(t.lines.max), Unit: "bytes"})
}

// errBroken ends a session whose input stream stopped in the middle of a line.
var errBroken = errors.New("a message to the server could not be finished")

// Write implements [mcp.Connection].
func (t *transport) Write(ctx context.Context, m jsonrpc.Message) error {
	text, x, err := t.in.Encode(ctx, m)
	if err != nil {
		return err
	}
	return t.send(ctx, text, x)
}

// send writes one line, whatever lines a client has made of its arguments: each
// would be a message of its own, which nobody has allowed. A server that does not read its input must not hold up
// a caller that gives up waiting: send returns when ctx ends, and if half a line
// was written by then, the session is over.
func (t *transport) send(ctx context.Context, text []byte, x *session.Exchange) error {
	select {
	case <-t.writing:
	case <-ctx.Done():
		return ctx.Err()
	case <-t.closed:
		return io.ErrClosedPipe
	}
	defer func() { t.writing <- struct{}{} }()
	if t.broken != nil {
		return t.broken
	}
	x.MarkSent()
	n, err := t.writeUntil(ctx, append(jsonscan.Line(text), '\n'))
	if err == nil {
		return nil
	}
	if n == 0 {
		x.MarkUnsent()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	t.broken = fmt.Errorf("%w: %w", errBroken, err)
	_ = t.Close()
	return t.broken
}
