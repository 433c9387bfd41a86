package websocket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/backends/internal/web"
)

const (
	// pingEvery and pingTime are how often the other side is asked whether it is
	// there, and how long it may take to say so: a half-open connection shows
	// in no other way.
	pingEvery = 30 * time.Second
	pingTime  = 20 * time.Second
	// writeTime bounds the sending of one message.
	writeTime = 30 * time.Second
	// droppable is how many bytes of a message over the limit are read in vain.
	droppable = 256 << 20
)

// errGone ends a session whose WebSocket is no more.
var errGone = errors.New("the WebSocket is closed")

// transport is its own connection, used once.
type transport struct {
	ws   *websocket.Conn
	base *http.Transport
	max  int
	in   *session.Inbox

	ctx     context.Context // ends with the connection
	cancel  context.CancelFunc
	running sync.WaitGroup
	rest    *rest // of a message over the limit; of Read alone

	arrived   session.Arrivals
	closeOnce sync.Once
}

func newTransport(ws *websocket.Conn, base *http.Transport, max int) *transport {
	ws.SetReadLimit(-1) // Read has its own, which costs a message and not the session
	t := &transport{ws: ws, base: base, max: max}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.running.Go(t.ping)
	return t
}

// ping closes the connection when nobody is there.
func (t *transport) ping() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-t.ctx.Done():
			return
		}
		ctx, cancel := context.WithTimeout(t.ctx, pingTime)
		err := t.ws.Ping(ctx)
		cancel()
		if err != nil {
			_ = t.Close()
			return
		}
	}
}

// Connect implements [mcp.Transport].
func (t *transport) Connect(context.Context) (mcp.Connection, error) { return t, nil }

// SessionID implements [mcp.Connection]; there is none.
func (t *transport) SessionID() string { return "" }

// Close implements [mcp.Connection]. The end of the TCP connection says enough:
// a farewell would have to be waited for.
func (t *transport) Close() error {
	t.closeOnce.Do(func() {
		t.cancel()
		_ = t.ws.CloseNow()
		t.base.CloseIdleConnections()
	})
	return nil
}

// Read implements [mcp.Connection].
func (t *transport) Read(context.Context) (jsonrpc.Message, error) {
	for {
		if m := t.arrived.Next(); m != nil {
			return m, nil
		}
		if t.rest != nil {
			if err := t.drop(); err != nil {
				return nil, t.readError(err)
			}
			continue
		}
		kind, r, err := t.ws.Reader(t.ctx)
		if err != nil {
			return nil, t.readError(err)
		}
		text, err := t.message(r)
		if err != nil {
			return nil, t.readError(err)
		}
		if kind == websocket.MessageText && text != nil {
			_ = t.arrived.Take(t.in, text) // what is no message is nobody's
		}
	}
}

func (t *transport) readError(err error) error {
	if t.ctx.Err() != nil || websocket.CloseStatus(err) == websocket.StatusNormalClosure || errors.Is(err, io.EOF) {
		return io.EOF
	}
	return fmt.Errorf("%w: %w", errGone, err)
}

// message reads one message, nil if it is over the limit.
func (t *transport) message(r io.Reader) ([]byte, error) {
	start := &rest{from: r}
	text, ok, err := web.ReadBody(io.TeeReader(r, start), -1, int64(t.max))
	if err != nil || ok {
		return text, err
	}
	t.rest = start
	t.skip(start.first, nil)
	return nil, nil
}

// skip handles what is known of a message over the limit.
func (t *transport) skip(start, end []byte) {
	t.arrived.Skip(start, end, &session.LimitError{What: "size", Limit: int64(t.max), Unit: "bytes"})
}

// rest is what is still to be read of a message over the limit. As a writer it
// keeps the first bytes and the last.
type rest struct {
	from        io.Reader
	first, last []byte
}

// Write implements [io.Writer].
func (r *rest) Write(p []byte) (int, error) {
	r.first = append(r.first, p[:min(len(p), session.Edge-len(r.first))]...)
	r.last = session.KeepLast(r.last, p, session.Edge)
	return len(p), nil
}

// drop reads to the end of a message over the limit.
func (t *transport) drop() error {
	r := t.rest
	n, err := io.Copy(r, io.LimitReader(r.from, droppable+1))
	if err != nil {
		return err
	}
	if n > droppable {
		return errors.New("the server sends a message without end")
	}
	t.skip(nil, r.last)
	t.rest = nil
	return nil
}

// Write implements [mcp.Connection].
func (t *transport) Write(ctx context.Context, m jsonrpc.Message) error {
	text, x, err := t.in.Encode(ctx, m)
	if err != nil {
		return err
	}
	return t.send(text, x)
}

func (t *transport) reply(_ context.Context, text []byte) error { return t.send(text, nil) }

// send is not the caller's to cancel: coder/websocket closes the connection,
// which others share, when the context ends while a frame is being written.
func (t *transport) send(text []byte, x *session.Exchange) error {
	if t.ctx.Err() != nil {
		return errGone
	}
	ctx, cancel := context.WithTimeout(t.ctx, writeTime)
	defer cancel()
	x.MarkSent()
	if err := t.ws.Write(ctx, websocket.MessageText, text); err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	return nil
}
