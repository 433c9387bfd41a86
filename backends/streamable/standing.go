package streamable

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// A standing stream that breaks is opened again after firstPause, then twice
// as long each time, up to lastPause.
const (
	firstPause = time.Second
	lastPause  = 30 * time.Second
)

// standing opens the stream on which a server of the older protocol sends
// notifications when nobody asked anything. It is of use for list changes
// alone, so that no trouble with it may cost the session: the SDK ends one when
// the stream cannot be opened, or has been closed five times, as idle ones are
// by any proxy. A server that does not offer the stream, or does not get round
// to it, is reported as one that does not (405).
func (rt *roundTripper) standing(req *http.Request) (*http.Response, error) {
	resp, err := rt.send(req, headerTime)
	if err == nil && resp.StatusCode == http.StatusOK && mediaType(resp) == "text/event-stream" {
		resp.Body = &standingBody{rt: rt, req: req, now: newEventBody(resp.Body, int(rt.max), nil)}
		return resp, nil
	}
	if err == nil {
		_ = resp.Body.Close()
	}
	return &http.Response{
		StatusCode: http.StatusMethodNotAllowed, Status: "405 Method Not Allowed",
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, Request: req,
	}, nil
}

// errForgotten ends a standing stream whose session is unknown to the server.
var errForgotten = errors.New("the server has forgotten the session")

// standingBody is a stream that opens itself again when it breaks.
type standingBody struct {
	rt    *roundTripper
	req   *http.Request
	now   *eventBody // nil while broken
	pause time.Duration
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
			b.now = nil
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
	resp, err := b.rt.send(b.req.Clone(b.req.Context()), headerTime)
	if err != nil {
		if isDial(err) && b.req.Context().Err() == nil {
			b.rt.lose(err)
			return err
		}
		return nil
	}
	if resp.StatusCode == http.StatusOK && mediaType(resp) == "text/event-stream" {
		b.now = newEventBody(resp.Body, int(b.rt.max), nil)
		return nil
	}
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		b.rt.lose(errForgotten)
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
