package front

import (
	"context"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// WebSocket is the subprotocol "mcp": one message in each text frame, of both
// eras. Whoever mounts it has checked Origin.
func (e *Endpoint) WebSocket() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.enter() {
			closing(w)
			return
		}
		defer e.leave()
		c := e.connect(e.o.Identify(r), r.Header)
		if c == nil {
			busy(w)
			return
		}
		defer c.disconnect()
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"mcp"}, InsecureSkipVerify: true})
		if err != nil {
			return // it has answered
		}
		defer func() { _ = ws.CloseNow() }()
		ws.SetReadLimit(e.o.MaxBody)
		defer context.AfterFunc(e.ctx, func() { _ = ws.CloseNow() })()
		hangUp := func() { _ = ws.Close(websocket.StatusGoingAway, "") } // which ends in seconds, whatever the client does
		to := frame{ws, e.o.WriteTimeout}
		err = c.run(r.Context(), e.o.KeepAlive, to, func() error { return e.readFrames(ws, c) }, hangUp)
		if err != nil {
			e.o.Logger.Debug("a WebSocket has ended", "session", c.id, "error", err)
		}
		_ = ws.Close(websocket.StatusNormalClosure, "")
	})
}

func (e *Endpoint) readFrames(ws *websocket.Conn, c *conn) error {
	for {
		kind, data, err := ws.Read(context.Background()) // until it is closed
		if err != nil {
			return c.readError(err, websocket.CloseStatus(err) == websocket.StatusNormalClosure)
		}
		if kind != websocket.MessageText {
			_ = ws.Close(websocket.StatusUnsupportedData, "a message is a text frame")
			return nil
		}
		c.receive(data)
	}
}

// frame writes a message in each text frame.
type frame struct {
	ws      *websocket.Conn
	timeout time.Duration
}

func (f frame) write(_ int, data []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), f.timeout)
	defer cancel()
	return f.ws.Write(ctx, websocket.MessageText, data)
}

// idle asks whether the client is there still; it must answer in time.
func (f frame) idle() error {
	ctx, cancel := context.WithTimeout(context.Background(), f.timeout)
	defer cancel()
	return f.ws.Ping(ctx)
}
