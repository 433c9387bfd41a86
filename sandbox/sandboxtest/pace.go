package sandboxtest

import (
	"sync"
	"time"
)

// pace watches this process while something else happens.
type pace struct {
	end  chan struct{}
	work sync.WaitGroup
	// late is the longest that this process waited for its turn, memory the
	// largest resident size seen, in bytes.
	late   time.Duration
	memory int64
}

func watch() *pace {
	p := &pace{end: make(chan struct{})}
	p.work.Go(func() {
		const every = 5 * time.Millisecond
		for n := 0; ; n++ {
			if n%10 == 0 {
				p.memory = max(p.memory, resident())
			}
			begin := time.Now()
			select {
			case <-time.After(every):
			case <-p.end:
				return
			}
			p.late = max(p.late, time.Since(begin)-every)
		}
	})
	return p
}

// stop ends the watch; its fields may then be read.
func (p *pace) stop() *pace {
	close(p.end)
	p.work.Wait()
	p.memory = max(p.memory, resident())
	return p
}
