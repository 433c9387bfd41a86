package front

import (
	"sync"
	"time"
)

// crowd is the connections there are.
type crowd struct {
	limit int

	mu  sync.Mutex
	all int
	of  map[string]map[*conn]struct{} // by identity
}

func newCrowd(limit int) *crowd { return &crowd{limit: limit, of: map[string]map[*conn]struct{}{}} }

// join takes a connection in, and reports whether there is room. If there are as
// many as there may be, that of a client with fewer than another ends one of the
// other's; a client's own it does not end, for that would come back and end the
// next.
func (c *crowd) join(one *conn) bool {
	c.mu.Lock()
	var spare *conn
	if c.all >= c.limit {
		if spare = c.spareLocked(one.identity); spare == nil {
			c.mu.Unlock()
			return false
		}
		c.removeLocked(spare)
	}
	if c.of[one.identity] == nil {
		c.of[one.identity] = map[*conn]struct{}{}
	}
	c.of[one.identity][one] = struct{}{}
	c.all++
	c.mu.Unlock()
	if spare != nil {
		spare.cancel()
	}
	return true
}

// spareLocked returns the connection to end for a new one of identity: of those
// that the client with the most has and on which no request is under way, the one
// that heard of nothing for longest; nil if there is none.
func (c *crowd) spareLocked(identity string) *conn {
	var most map[*conn]struct{}
	for _, conns := range c.of {
		if len(conns) > len(most) {
			most = conns
		}
	}
	if len(most) <= len(c.of[identity])+1 {
		return nil
	}
	var spare *conn
	var since time.Time
	for one := range most {
		if heard, idle := one.idleSince(); idle && (spare == nil || heard.Before(since)) {
			spare, since = one, heard
		}
	}
	return spare
}

func (c *crowd) leave(one *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.removeLocked(one)
}

func (c *crowd) removeLocked(one *conn) {
	conns := c.of[one.identity]
	if _, there := conns[one]; !there {
		return // another took its place
	}
	c.all--
	if delete(conns, one); len(conns) == 0 {
		delete(c.of, one.identity)
	}
}
