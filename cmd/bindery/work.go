package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// refresh is how often the line of a work is written anew.
const refresh = 200 * time.Millisecond

// work is something long that a command does, as a terminal shows it.
type work struct {
	what  string
	since time.Time

	mu          sync.Mutex
	step        string
	done, total int64
}

// begin shows what is being done, on a terminal, until the returned function
// is called.
func begin(w io.Writer, what string) (_ *work, stop func()) {
	b := &work{what: what, since: time.Now()}
	return b, showLine(w, refresh, b.line)
}

// tell says how far it is: done of total, 0 if nobody knows.
func (b *work) tell(step string, done, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.step, b.done, b.total = step, done, total
}

// line is what is shown once it has taken longer than a user waits.
func (b *work) line(now time.Time) string {
	d := now.Sub(b.since)
	if d < patience {
		return ""
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	text := b.what
	if b.total > 0 {
		const width = 24
		full := int(min(b.done, b.total) * width / b.total)
		text = fmt.Sprintf("%s [%s%s]", text, strings.Repeat("#", full), strings.Repeat(".", width-full))
	}
	if b.step != "" {
		text += " " + b.step
	}
	return fmt.Sprintf("%s (%d s)", text, wholeSeconds(d))
}
