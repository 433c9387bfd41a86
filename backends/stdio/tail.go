package stdio

import (
	"sync"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

const (
	tailLines = 20
	lineBytes = 500
)

// tail keeps the last lines of a text, made fit to be shown. It is an
// io.Writer that never fails and holds a bounded amount whatever is written.
type tail struct {
	secrets session.Redactor

	mu      sync.Mutex
	lines   []string
	partial []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range p {
		switch {
		case c == '\n':
			t.endLine()
		case len(t.partial) < 2*lineBytes: // room for escapes that will go
			t.partial = append(t.partial, c)
		}
	}
	return len(p), nil
}

func (t *tail) endLine() {
	if s := t.show(t.partial); s != "" {
		if len(t.lines) == tailLines {
			t.lines = t.lines[:copy(t.lines, t.lines[1:])]
		}
		t.lines = append(t.lines, s)
	}
	t.partial = t.partial[:0]
}

func (t *tail) show(line []byte) string {
	return session.PlainText(t.secrets.Clean(string(line)), lineBytes)
}

// last returns up to n last lines, the unfinished one included.
func (t *tail) last(n int) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := append([]string(nil), t.lines...)
	if s := t.show(t.partial); s != "" {
		lines = append(lines, s)
	}
	return lines[max(0, len(lines)-n):]
}
