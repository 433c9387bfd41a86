package backends

import (
	"math/rand/v2"
	"time"
)

// A failed server is tried again after firstDelay, then twice as long each
// time up to lastDelay, and after firstDelay again once it has been connected
// for stable.
const (
	firstDelay = 200 * time.Millisecond
	lastDelay  = 30 * time.Second
	stable     = time.Minute
)

// backoff counts failures in a row.
type backoff int

// next returns the time to wait, between half the nominal delay and all of it
// so that servers that failed together do not come back together.
func (b *backoff) next() time.Duration {
	d := lastDelay
	if *b < 8 {
		d = min(firstDelay<<*b, lastDelay)
	}
	*b++
	return d/2 + rand.N(d/2)
}

// after returns the time to wait after a connection that had served has failed,
// or one that never came about. The first loss of a connection costs no time:
// most servers that go away were restarted.
func (b *backoff) after(served bool) time.Duration {
	if served && *b == 0 {
		*b++
		return 0
	}
	return b.next()
}

// lasted notes how long a connection held.
func (b *backoff) lasted(d time.Duration) {
	if d >= stable {
		*b = 0
	}
}
