package worker

import (
	"strings"
	"sync"
)

// maxStderr is how much of a worker's standard error is kept: the beginning,
// where a dying Go program says why, before its stack traces.
const maxStderr = 2 << 10

// head is an io.Writer that keeps the beginning of what is written.
type head struct {
	mu  sync.Mutex
	buf []byte
}

// Write never fails, so that the worker is never held up.
func (h *head) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.buf = append(h.buf, b[:min(len(b), maxStderr-len(h.buf))]...)
	return len(b), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.buf)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
