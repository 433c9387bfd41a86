package gateway

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/sandbox"
)

// feed is what a running script lets see of itself. It is safe for concurrent
// use, and never blocks the script.
type feed struct {
	mu     sync.Mutex
	ledger *execution.Ledger // nil until the script has begun
	lines  []sandbox.Line
	events int
	own    sandbox.Progress // what the script told last
	told   bool
	line   string // the last line of output; "" if a call was the last to happen
}

// follow has the feed tell of the calls in the ledger.
func (f *feed) follow(l *execution.Ledger) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ledger = l
}

// log takes a line of the script's output or progress.
func (f *feed) log(l sandbox.Line) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events++
	if p, ok := l.Progress(); ok {
		f.own, f.told = p, true
	} else if l.Level != sandbox.ProgressLevel {
		f.lines = append(f.lines, l)
		f.line = clip(l.Text, maxProgressText)
	}
}

// called notes that a call began or ended.
func (f *feed) called() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events++
	f.line = ""
}

// status returns how far the script is, and its output so far.
func (f *feed) status() (status, []sandbox.Line) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var s status
	if f.ledger != nil {
		s.ended, s.underway = f.ledger.Progress()
	}
	if f.told {
		s.progress = progressText(f.own)
	}
	return s, slices.Clip(f.lines)
}

// maxProgressText is how long the message of a notification is at most, in
// bytes.
const maxProgressText = 200

// news returns what is to be told now: the script's own words if it has any,
// or else its last line or its calls; and its own count, or else that of what
// happened.
func (f *feed) news() (message string, own sandbox.Progress, events int) {
	s, _ := f.status()
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.told && f.own.Message != "":
		message = f.own.Message
	case f.line != "":
		message = f.line
	default:
		message = clip(s.calls(), maxProgressText)
	}
	return message, f.own, f.events
}

func progressText(p sandbox.Progress) string {
	var count string
	if p.Done != 0 || p.Total != 0 {
		count = strconv.FormatFloat(p.Done, 'f', -1, 64)
		if p.Total > 0 {
			count += "/" + strconv.FormatFloat(p.Total, 'f', -1, 64)
		}
	}
	switch {
	case count == "":
		return p.Message
	case p.Message == "":
		return count
	default:
		return fmt.Sprintf("%s (%s)", p.Message, count)
	}
}
