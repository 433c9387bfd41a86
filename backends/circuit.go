package backends

import "time"

// A circuit opens after tripAfter failures in a row, for firstOpen, and twice
// as long each time up to lastOpen until a request succeeds.
const (
	tripAfter = 5
	firstOpen = time.Second
	lastOpen  = 30 * time.Second
)

// circuit holds requests back from a server that is connected and does not do
// its work. After a while it lets a single one through, to see.
//
// The zero value is closed. It has no lock of its own.
type circuit struct {
	failures int       // in a row
	openings int       // in a row, 0 while closed
	until    time.Time // no request before then
	trial    bool      // the single one is under way
}

// admit reports whether a request may go, and else when to ask again. Trial is
// set for the single one. A request that may go must be told of with settle.
func (c *circuit) admit(now time.Time) (ok, trial bool, wait time.Duration) {
	switch {
	case c.openings == 0:
		return true, false, 0
	case now.Before(c.until):
		return false, false, c.until.Sub(now)
	case c.trial:
		return false, false, firstOpen
	}
	c.trial = true
	return true, true, 0
}

// verdict is what a request says of its server.
type verdict uint8

const (
	neither verdict = iota // nothing: it was the caller's affair
	good                   // an answer, if only that something is wrong with the request
	bad                    // no answer, or one that is none
)

// settle takes the outcome of a request and reports whether the circuit has
// opened because of it.
func (c *circuit) settle(v verdict, trial bool, now time.Time) (opened bool) {
	if v == good {
		*c = circuit{}
		return false
	}
	if trial {
		c.trial = false
	}
	if v == neither {
		return false
	}
	c.failures++
	if c.failures < tripAfter || c.openings > 0 && !trial {
		return false
	}
	c.until = now.Add(min(firstOpen<<min(c.openings, 8), lastOpen))
	c.openings++
	return true
}

// open reports whether all requests are held back now.
func (c *circuit) open(now time.Time) bool { return now.Before(c.until) }
