package stdio

import (
	"sync"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

const firstSkipped = 5

// skipped counts the lines on a server's output that were no messages, and
// keeps the first ones.
type skipped struct {
	secrets session.Redactor

	mu    sync.Mutex
	count int
	first []string
}

func (s *skipped) add(text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	if len(s.first) < firstSkipped {
		s.first = append(s.first, session.PlainText(s.secrets.Clean(string(text[:min(len(text), 2*lineBytes)])), lineBytes))
	}
}

func (s *skipped) get() (count int, first []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count, append([]string(nil), s.first...)
}
