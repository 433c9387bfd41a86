package backends

import "sync"

// crew owns goroutines. The zero value takes them until it is dismissed.
type crew struct {
	mu        sync.Mutex
	dismissed bool
	running   sync.WaitGroup
}

// run runs f in a goroutine, and reports whether it does.
func (c *crew) run(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dismissed {
		return false
	}
	c.running.Go(f)
	return true
}

// dismiss takes no more goroutines and waits for those there are.
func (c *crew) dismiss() {
	c.mu.Lock()
	c.dismissed = true
	c.mu.Unlock()
	c.running.Wait()
}
