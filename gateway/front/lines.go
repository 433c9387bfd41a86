package front

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// ServeStream is stdio: one message in each line, of both eras. It returns
// when in ends and the requests under way have been answered, or when ctx ends
// or the endpoint closes. It closes in and out to end a read and a write
// that go on, and does not return before they have: closing must have that
// effect. At the end of in, out stays open.
func (e *Endpoint) ServeStream(ctx context.Context, in io.ReadCloser, out io.WriteCloser) error {
	if !e.enter() {
		return errClosed
	}
	defer e.leave()
	c := e.connect("", nil)
	if c == nil {
		return errors.New("too many clients are connected")
	}
	defer c.disconnect()
	defer context.AfterFunc(c.ctx, func() { _ = out.Close() })() // a write that goes on ends too
	read := func() error { return e.readLines(in, c) }
	const never = 24 * time.Hour // a line has no comments
	return c.run(ctx, never, lines{out}, read, func() { _ = in.Close() })
}

var errClosed = errors.New("the endpoint is closed")

// readLines reads lines within bounds. What is too long is answered with an
// error, skipped, and forgotten.
func (e *Endpoint) readLines(in io.Reader, c *conn) error {
	r := bufio.NewReaderSize(in, 64<<10)
	var line []byte
	skipping := false
	for {
		part, err := r.ReadSlice('\n')
		if skipping = skipping || int64(len(line)+len(part)) > e.o.MaxBody+1; skipping {
			line = nil
		} else {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if skipping {
			c.reply(fail(nil, refuse(CodeInvalidRequest, "a message may have %d bytes", e.o.MaxBody)))
		} else if message := bytes.TrimSpace(line); len(message) > 0 {
			c.receive(message)
		}
		line, skipping = nil, false
		if err != nil {
			return c.readError(err, errors.Is(err, io.EOF))
		}
	}
}

// lines writes a message in each line.
type lines struct{ out io.Writer }

func (l lines) write(_ int, data []byte) error {
	_, err := l.out.Write(append(jsonscan.Line(data), '\n')) // a line has the room
	return err
}

func (l lines) idle() error { return nil }
