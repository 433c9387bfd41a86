package e2e

import (
	"bytes"
	"encoding/base64"
	be "encoding/binary" // binary is the program under test
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// recorder keeps every byte that a server is sent, by connection.
type recorder struct {
	mu      sync.Mutex
	streams []*stream
}

type stream struct {
	mu   sync.Mutex
	data []byte
}

// Write implements [io.Writer].
func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = append(s.data, p...)
	return len(p), nil
}

func (r *recorder) stream() *stream {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &stream{}
	r.streams = append(r.streams, s)
	return s
}

// bytes are those of all connections, with WebSocket's frames unmasked besides.
func (r *recorder) bytes() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []byte
	for _, s := range r.streams {
		s.mu.Lock()
		all = append(all, s.data...)
		if head, frames, ok := bytes.Cut(s.data, []byte("\r\n\r\n")); ok && bytes.Contains(bytes.ToLower(head), []byte("upgrade: websocket")) {
			all = append(all, unmasked(frames)...)
		}
		s.mu.Unlock()
	}
	return all
}

// unmasked returns what a client's frames carry (RFC 6455, section 5.2).
func unmasked(frames []byte) []byte {
	var all []byte
	for len(frames) >= 6 {
		size, at := int(frames[1]&0x7f), 2
		switch {
		case size == 126:
			size, at = int(be.BigEndian.Uint16(frames[2:])), 4
		case size == 127 && len(frames) >= 14:
			size, at = int(be.BigEndian.Uint64(frames[2:])), 10
		}
		if frames[1]&0x80 == 0 || len(frames) < at+4+size {
			return all
		}
		mask, payload := frames[at:at+4], frames[at+4:at+4+size]
		for i, c := range payload {
			all = append(all, c^mask[i%4])
		}
		frames = frames[at+4+size:]
	}
	return all
}

// recordedServer serves h behind a TCP proxy that records, and returns the
// address of the proxy. The bytes are those on the wire, whatever they mean.
func recordedServer(t *testing.T, h http.Handler) (addr string, r *recorder) {
	t.Helper()
	srv := httptest.NewServer(h)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r = &recorder{}
	var running sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	running.Go(func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", srv.Listener.Addr().String())
			if err != nil {
				_ = in.Close()
				continue
			}
			mu.Lock()
			open = append(open, in, out)
			mu.Unlock()
			record := r.stream()
			running.Go(func() {
				_, _ = io.Copy(out, io.TeeReader(in, record))
				_ = out.Close()
			})
			running.Go(func() {
				_, _ = io.Copy(in, out)
				_ = in.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		mu.Lock()
		for _, c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		running.Wait()
		srv.CloseClientConnections()
		srv.Close()
	})
	return ln.Addr().String(), r
}

// spellings are the ways in which a secret may stand in a stream of bytes.
func spellings(secret string) []string {
	all := []string{secret, url.QueryEscape(secret), hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret)))}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		// Where it begins within three bytes decides what base64 makes of it; the
		// first and the last characters depend on the neighbours.
		for shift := range 3 {
			text := enc.EncodeToString(append(make([]byte, shift), secret...))
			all = append(all, text[4:len(text)-4])
		}
	}
	return all
}

// holds returns the spelling of a secret that is in data, "" if none is.
func holds(data []byte, secret string) string {
	for _, s := range spellings(secret) {
		if bytes.Contains(data, []byte(s)) {
			return s
		}
	}
	return ""
}
