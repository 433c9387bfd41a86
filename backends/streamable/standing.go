package streamable

import (
	"io"
	"net/http"
	"time"

	"github.com/bindery-mcp/bindery/backends/internal/web"
)

// A standing stream that breaks is opened again after firstPause, then twice
// as long each time, up to lastPause.
const (
	firstPause = time.Second
	lastPause  = 30 * time.Second
)

// standing opens the stream on which a server of the older protocol sends
// notifications when nobody asked anything. It is of use for list changes
// and log messages alone, so that no trouble with it may cost the session: the SDK ends one when
// the stream cannot be opened, or has been closed five times, as idle ones are
// by any proxy. A server that does not offer the stream, or does not get round
// to it, is reported as one that does not (405).
func (rt *roundTripper) standing(req *http.Request) (*http.Response, error) {
	resp, err := rt.send(req, headerTime)
	if err == nil && resp.StatusCode == http.StatusOK && web.MediaType(resp) == "text/event-stream" {
		resp.Body = &standingBody{rt: rt, req: req, now: newEventBody(resp.Body, int(rt.max), rt.in, nil)}
		return resp, nil
	}
	if err == nil {
		_ = resp.Body.Close()
	}
	return response(req, http.StatusMethodNotAllowed, nil), nil
}

// standingBody is a stream that opens itself again when it breaks.
type standingBody struct {
	rt    *roundTripper
	req   *http.Request
	now   *eventBody // nil while broken
	pause time.Duration
	// lastID is where a server that can is to go on.
	lastID string
}

// Read implements [io.Reader].
func (b *standingBody) Read(p []byte) (int, error) {
	for {
		if b.now != nil {
			n, err := b.now.Read(p)
			if n > 0 {
				b.pause = 0
			}
			if err == nil {
				return n, nil
			}
			_ = b.now.Close()
			b.lastID, b.now = b.now.lastID, nil
		}
		if err := b.wait(); err != nil {
			return 0, err
		}
		if err := b.reopen(); err != nil {
			return 0, err
		}
	}
}

func (b *standingBody) wait() error {
	b.pause = min(max(2*b.pause, firstPause), lastPause)
	t := time.NewTimer(b.pause)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-b.req.Context().Done():
		return b.req.Context().Err()
	case <-b.rt.ctx.Done():
		return b.rt.ctx.Err()
	}
}

// reopen tries to open the stream and leaves it broken if it cannot. The error
// is for a server or a session that is no longer there.
func (b *standingBody) reopen() error {
	req := b.req.Clone(b.req.Context())
	if b.lastID != "" {
		req.Header.Set("Last-Event-ID", b.lastID)
	}
	resp, err := b.rt.send(req, headerTime)
	if err != nil {
		if web.IsDial(err) && b.req.Context().Err() == nil {
			b.rt.lose(&web.StatusError{Err: err})
			return err
		}
		return nil
	}
	if resp.StatusCode == http.StatusOK && web.MediaType(resp) == "text/event-stream" {
		b.now = newEventBody(resp.Body, int(b.rt.max), b.rt.in, nil)
		return nil
	}
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		b.rt.lose(&web.StatusError{Err: errForgotten})
		return io.EOF
	}
	return nil
}

// Close implements [io.Closer].
func (b *standingBody) Close() error {
	if b.now == nil {
		return nil
	}
	return b.now.Close()
}
