package backendtest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // RFC 6455 wants it
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
)

// WebSocket is a server that speaks over WebSockets (RFC 6455), as an
// http.Handler. Make one with [NewWebSocket].
type WebSocket struct {
	s *server

	mu    sync.Mutex
	conns map[net.Conn]bool
}

// NewWebSocket returns a server with the modes.
func NewWebSocket(modes ...Mode) *WebSocket {
	return &WebSocket{s: newServer(modes), conns: map[net.Conn]bool{}}
}

// Drop closes all connections, as a restart would.
func (h *WebSocket) Drop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.conns {
		_ = c.Close()
	}
}

// ServeHTTP implements [http.Handler].
func (h *WebSocket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Sec-Websocket-Key")
	if key == "" || !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		http.Error(w, "only WebSockets here", http.StatusUpgradeRequired)
		return
	}
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	h.mu.Lock()
	h.conns[conn] = true
	h.mu.Unlock()
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // RFC 6455 wants it
	_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+
		base64.StdEncoding.EncodeToString(sum[:])+"\r\nSec-WebSocket-Protocol: mcp\r\n\r\n")
	ctx, cancel := context.WithCancel(context.Background())
	var handlers sync.WaitGroup
	p := &socketPeer{conn: conn}
	for {
		text, err := readFrame(rw.Reader)
		if err != nil {
			break
		}
		var req request
		if text == nil || json.Unmarshal(text, &req) != nil {
			continue
		}
		if req.Method == "tools/call" && req.Params.Name == "die" {
			break
		}
		req.text = text
		handlers.Go(func() { h.s.handle(ctx, req, p) })
	}
	cancel()
	_ = conn.Close()
	handlers.Wait()
	h.mu.Lock()
	delete(h.conns, conn)
	h.mu.Unlock()
}

// readFrame returns the payload of a text frame, nil for another.
func readFrame(r *bufio.Reader) ([]byte, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := uint64(head[1] & 0x7f)
	switch n {
	case 126:
		var b [2]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return nil, err
		}
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return nil, err
		}
		n = binary.BigEndian.Uint64(b[:])
	}
	var mask [4]byte
	if _, err := io.ReadFull(r, mask[:]); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, r, int64(n)); err != nil {
		return nil, err
	}
	payload := b.Bytes()
	for i := range payload {
		payload[i] ^= mask[i%4]
	}
	switch head[0] & 0x0f {
	case 1:
		return payload, nil
	case 8:
		return nil, io.EOF
	}
	return nil, nil
}

// socketPeer writes a message as one text frame or, where the message comes in
// pieces, as fragments.
type socketPeer struct {
	conn net.Conn

	mu    sync.Mutex
	later bool // a fragment of the message has been sent
}

func (p *socketPeer) begin() io.Writer {
	p.mu.Lock()
	p.later = false
	return p
}

// Write sends one fragment.
func (p *socketPeer) Write(text []byte) (int, error) {
	opcode := byte(1)
	if p.later {
		opcode = 0
	}
	p.later = true
	return len(text), p.frame(opcode, text)
}

func (p *socketPeer) frame(opcode byte, text []byte) error {
	head := []byte{opcode, 127}
	_, err := p.conn.Write(append(binary.BigEndian.AppendUint64(head, uint64(len(text))), text...))
	return err
}

func (p *socketPeer) end() {
	if p.later {
		_ = p.frame(0x80, nil)
	}
	p.mu.Unlock()
}

func (p *socketPeer) notify(message string) {
	_, _ = io.WriteString(p.begin(), message)
	p.end()
}

func (p *socketPeer) push(message string) { p.notify(message) }
