package python

import (
	"errors"
	"math"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
)

// console collects what a script prints, up to a number of bytes.
type console struct {
	host    sandbox.Host
	room    int64
	lines   []sandbox.Line
	dropped int
}

// add takes one line.
func (c *console) add(f frame) error {
	switch f.head.Level {
	case "log", "warn", "error":
	default:
		return errors.New("a line of an unknown level")
	}
	line := sandbox.Line{Level: f.head.Level, Text: printable(string(f.body))}
	// A line end counts too, or empty lines would be free.
	if int64(len(line.Text))+1 > c.room {
		c.room = 0
		c.dropped++
		return nil
	}
	c.room -= int64(len(line.Text)) + 1
	c.lines = append(c.lines, line)
	c.host.Log(line)
	return nil
}

// betweenProgress is how often a script can tell its progress. A loop that
// tells of each step costs no more than one that does not.
const betweenProgress = 50 * time.Millisecond

// tell passes on how far the script says it is.
func (s *session) tell(f frame) {
	p := sandbox.Progress{Message: printable(clip(string(f.body), maxMessage)), Done: finite(f.head.Done), Total: finite(f.head.Total)}
	now := time.Now()
	if last := p.Total > 0 && p.Done >= p.Total; last || now.Sub(s.told) >= betweenProgress {
		s.told = now
		s.host.Log(p.Line())
	}
}

func finite(f float64) float64 {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return 0
	}
	return f
}
