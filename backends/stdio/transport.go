package stdio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/backends/internal/session"
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

	queue []jsonrpc.Message // read but not yet taken; of Read alone
	head  []byte            // start of the over-long line being skipped; of Read alone

	writing chan struct{} // holds a token while nobody writes
	broken  error         // a line was left unfinished; guarded by writing

	skipped skipped

	closeOnce sync.Once
	closed    chan struct{}
}

func newTransport(in io.ReadCloser, out io.WriteCloser, maxLine int, secrets session.Redactor) *transport {
	t := &transport{
		lines: newLineReader(in, maxLine), out: out, closeIn: in.Close,
		writing: make(chan struct{}, 1), closed: make(chan struct{}),
		skipped: skipped{secrets: secrets},
	}
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
		if len(t.queue) > 0 {
			m := t.queue[0]
			t.queue = t.queue[1:]
			return m, nil
		}
		l, err := t.lines.next()
		if err != nil {
			return nil, t.readError(err)
		}
		if l.start != nil || l.end != nil {
			t.overlong(l)
			continue
		}
		t.accept(l.text)
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
		if err := session.CheckDepth(text); err != nil {
			t.refuse(text, err)
			return
		}
		if text[0] == '{' {
			t.decode(text)
			return
		}
		// JSON-RPC batches belong to 2025-03-26 alone, but do no harm.
		var batch []json.RawMessage
		if err := json.Unmarshal(text, &batch); err != nil {
			t.skipped.add(text)
			return
		}
		for _, m := range batch {
			t.decode(m)
		}
	}
}

func (t *transport) decode(text []byte) {
	m, err := jsonrpc.DecodeMessage(text)
	if err != nil {
		t.refuse(text, errors.New("the server's answer is not valid JSON-RPC"))
		return
	}
	if r, ok := m.(*jsonrpc.Request); ok && !r.IsCall() && !wanted(r.Method) {
		return
	}
	t.queue = append(t.queue, m)
}

// wanted tells which notifications are passed on. The SDK queues them without
// a bound, and nothing here shows progress or foreign logs to anyone.
func wanted(method string) bool {
	switch method {
	case "notifications/tools/list_changed", "notifications/subscriptions/acknowledged", "notifications/cancelled":
		return true
	}
	return false
}

// overlong handles a line over the limit: the request it answers fails as soon
// as it is known which one that is.
func (t *transport) overlong(l line) {
	err := &session.LimitError{What: "size", Limit: int64(t.lines.max), Unit: "bytes"}
	if l.start != nil {
		t.skipped.add(l.start)
		t.head = l.start
		if id, ok := idIn(idAtStart, l.start); ok {
			t.head = nil
			t.fail(id, err)
		}
	}
	if l.end != nil && t.head != nil {
		if id, ok := idIn(idAtEnd, l.end); ok {
			t.fail(id, err)
		}
		t.head = nil
	}
}

// refuse skips a line that looked like a message.
func (t *transport) refuse(text []byte, err error) {
	t.skipped.add(text[:min(edge, len(text))])
	id, ok := idIn(idAtStart, text[:min(edge, len(text))])
	if !ok {
		id, ok = idIn(idAtEnd, text[max(0, len(text)-edge):])
	}
	if ok {
		t.fail(id, err)
	}
}

func (t *transport) fail(id int64, err error) {
	if rid, e := jsonrpc.MakeID(float64(id)); e == nil {
		t.queue = append(t.queue, &jsonrpc.Response{ID: rid, Error: err})
	}
}

// An id stands beside "jsonrpc", before or after the result, in what the known
// SDKs write. The SDK's own ids are whole numbers.
var (
	idAtStart = regexp.MustCompile(`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*,`)
	idAtEnd   = regexp.MustCompile(`,\s*"id"\s*:\s*(\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`)
)

func idIn(re *regexp.Regexp, text []byte) (int64, bool) {
	m := re.FindSubmatch(text)
	if m == nil {
		return 0, false
	}
	id, err := strconv.ParseInt(string(m[1]), 10, 64)
	return id, err == nil
}

// errBroken ends a session whose input stream stopped in the middle of a line.
var errBroken = errors.New("a message to the server could not be finished")

// Write implements [mcp.Connection]. A server that does not read its input
// must not hold up a caller that gives up waiting: Write returns when ctx ends,
// and if half a line was written by then, the session is over.
func (t *transport) Write(ctx context.Context, m jsonrpc.Message) error {
	if r, ok := m.(*jsonrpc.Request); ok {
		c := *r
		c.Method = session.WireMethod(r.Method)
		m = &c
	}
	text, err := jsonrpc.EncodeMessage(m)
	if err != nil {
		return fmt.Errorf("encode a message: %w", err)
	}
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
	x := session.ExchangeOf(ctx)
	x.MarkSent()
	n, err := t.writeUntil(ctx, append(text, '\n'))
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
