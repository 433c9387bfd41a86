package worker

import (
	"runtime/debug"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/confine"
)

const (
	// maxCarry is how much more memory a worker may hold after a script than
	// before its first and still serve another. The heap of small scripts
	// grows to half of that before it is collected.
	maxCarry = 32 << 20
	// restAfter is how long a worker waits for its owner's next script before
	// it gives back the memory of the last.
	restAfter = time.Second
)

// confined is the process of a worker after [confine.Apply]: the host of a
// [server]. The gateway starts a worker's scripts one after another, all with
// the same limits.
type confined struct {
	// mapped is what the process had mapped when it was confined; no script is
	// charged for it.
	mapped  int64
	budget  *memoryBudget // nil before the first script
	spent   time.Duration // processor time before the first script
	resting *time.Timer   // nil before the first rest
}

func confineSelf() (*confined, error) {
	mapped, err := confine.Mapped()
	if err != nil {
		return nil, err
	}
	if err := confine.Apply(confine.Limits{Files: maxFiles}); err != nil {
		return nil, err
	}
	return &confined{mapped: mapped}, nil
}

// begin implements [host]. The kernel enforces one memory limit for the life
// of the process, since what a script leaves behind is the next one's to use,
// and a processor time limit that is set anew for each script. A process that
// may be kept can live for twice that limit, and is not kept once it has used
// half of its life: each script then gets the whole of its own.
func (c *confined) begin(l sandbox.Limits, keep bool) (func() bool, error) {
	if c.resting != nil {
		c.resting.Stop()
	}
	set := confine.Limits{CPU: l.CPU}
	if keep {
		set.Life = 2*l.CPU + time.Second
	}
	if c.budget == nil {
		c.budget, c.spent = limitMemory(l.Memory), cpuTime()
		// The runtime's last words are clearer if it is not the system that
		// refuses memory, so that gets its turn a little later.
		set.Memory = c.mapped + l.Memory + l.Memory/8
		if keep {
			set.Memory += maxCarry
		}
	}
	if err := confine.Lower(set); err != nil {
		return nil, err
	}
	unwatch := c.budget.watch()
	return func() bool {
		unwatch()
		return c.budget.grown() <= maxCarry && cpuTime()-c.spent <= l.CPU
	}, nil
}

// rest implements [host].
func (c *confined) rest() {
	if c.resting == nil {
		c.resting = time.AfterFunc(restAfter, debug.FreeOSMemory)
		return
	}
	c.resting.Reset(restAfter)
}
