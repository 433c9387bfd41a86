package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
)

// maxPending is how many bytes of answers may wait for a worker to read them
// before the gateway stops reading from it.
const maxPending = 16 << 20

// process is one worker, from its start to its death. It serves scripts of one
// owner, one at a time.
type process struct {
	cmd    *exec.Cmd
	conn   io.ReadWriteCloser
	out    *queue
	stderr *head
	born   time.Time

	// Whoever runs a script on it, or else the shelf it is on, has these.
	owner  string
	limits sandbox.Limits
	runs   int
	since  time.Time     // when it was put on the shelf
	spent  time.Duration // processor time when the script began

	ready  chan struct{} // closed when the worker said so
	gone   chan struct{} // closed when it cannot be talked to any more
	exited chan struct{} // closed when it was waited for
	wg     sync.WaitGroup

	mu      sync.Mutex
	isReady bool
	startup time.Duration // processor time
	err     error         // why gone
	run     *execution    // nil while idle
	bound   *binding      // sent last
}

// startProcess starts a worker with an empty environment; the caller must close
// it. onGone is called when it cannot be talked to any more.
func startProcess(command []string, onGone func()) (*process, error) {
	p := &process{
		cmd: exec.Command(command[0], command[1:]...), out: newQueue(), stderr: &head{}, born: time.Now(),
		ready: make(chan struct{}), gone: make(chan struct{}), exited: make(chan struct{}),
	}
	p.cmd.Env = []string{}
	p.cmd.Dir = string(os.PathSeparator)
	p.cmd.Stderr = p.stderr
	p.cmd.WaitDelay = time.Second
	var err error
	if p.conn, err = startCommand(p.cmd); err != nil {
		return nil, err
	}
	p.wg.Go(func() {
		defer onGone()
		p.read()
	})
	p.wg.Go(func() { p.out.run(p.conn) })
	p.wg.Go(func() {
		defer close(p.exited)
		_ = p.cmd.Wait() // how it ended is in ProcessState
	})
	return p, nil
}

// kill ends the worker, which close then need not wait for long.
func (p *process) kill() { p.cmd.Process.Kill() }

// close kills the worker and waits for it.
func (p *process) close() {
	p.kill()
	p.conn.Close()
	p.out.close()
	p.wg.Wait()
}

// read hands frames on until there are no more.
func (p *process) read() {
	defer close(p.gone)
	r := bufio.NewReaderSize(p.conn, 64<<10)
	for {
		f, err := readFrame(r, p.cap)
		if err == nil {
			err = p.handle(f)
		}
		if err != nil {
			p.mu.Lock()
			p.err = err
			p.mu.Unlock()
			return
		}
		p.out.room(maxPending)
	}
}

// cap returns how large a frame the worker may send now.
func (p *process) cap(k kind) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.run != nil:
		return p.run.cap(k)
	case !p.isReady && k == kindReady:
		return 1 << 10
	default:
		return 0
	}
}

// handle takes a frame that cap let through.
func (p *process) handle(f frame) error {
	p.mu.Lock()
	run := p.run
	p.mu.Unlock()
	if run != nil {
		return run.handle(f)
	}
	var h readyHead
	if err := f.parseHead(&h); err != nil {
		return err
	}
	if h.Version != version {
		return fmt.Errorf("worker speaks version %d of the protocol, not %d: was the program replaced while it runs?", h.Version, version)
	}
	p.mu.Lock()
	p.isReady, p.startup = true, time.Duration(max(h.CPU, 0))
	p.mu.Unlock()
	close(p.ready)
	return nil
}

// awaitReady waits until the worker is confined and warm.
func (p *process) awaitReady(ctx context.Context) error {
	select {
	case <-p.ready:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.gone:
	}
	// Its own words come with its end.
	p.awaitExit(deathWait)
	if said := p.stderr.String(); said != "" {
		return fmt.Errorf("worker ended at start: %s", firstLine(said))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Errorf("worker ended at start: %w", p.err)
}

// alive tells whether the worker can still be talked to.
func (p *process) alive() bool {
	select {
	case <-p.gone:
		return false
	default:
		return true
	}
}

// bind sends b unless the worker has it.
func (p *process) bind(b *binding) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b == nil || p.bound.same(b) {
		return
	}
	p.bound = b
	p.out.push(b.frame)
}

// start starts a script. If keep is set, the worker may offer to run another.
func (p *process) start(x *execution, s sandbox.Script, b *binding, keep bool) {
	p.bind(b)
	p.owner, p.limits = s.Owner, s.Limits
	p.mu.Lock()
	p.run, p.spent = x, p.startup
	p.mu.Unlock()
	if p.runs++; p.runs > 1 {
		p.spent = max(cpuTimeOf(p.cmd.Process.Pid), p.startup)
	}
	p.out.push(newFrame(kindStart, startHead{
		Language: s.Language, Source: len(s.Source), Bound: b != nil, Keep: keep, Limits: s.Limits,
	}, []byte(s.Source), s.Data))
}

// finish is the other end of start: from now on no frame is expected.
func (p *process) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.run = nil
}

// suits tells whether a worker that is kept can run s.
func (p *process) suits(s sandbox.Script, b *binding, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.limits == s.Limits && p.bound.same(b) && now.Sub(p.born) < maxAge
}

// usedCPU returns the processor time that the script used. Valid once exited.
func (p *process) usedCPU() time.Duration {
	return max(p.cmd.ProcessState.UserTime()+p.cmd.ProcessState.SystemTime()-p.spent, 0)
}

// cpuNow returns the processor time that the script has used so far; 0 if
// unknown.
func (p *process) cpuNow() time.Duration {
	select {
	case <-p.exited:
		return 0 // the id may be another process's by now
	default:
		return max(cpuTimeOf(p.cmd.Process.Pid)-p.spent, 0)
	}
}

// peak returns the largest size of a worker that is still there; 0 if unknown.
func (p *process) peak() int64 {
	select {
	case <-p.exited:
		return 0
	default:
		return peakRSS(p.cmd.Process.Pid)
	}
}

// awaitExit waits until the worker has exited on its own, for at most d, and
// tells whether it has.
func (p *process) awaitExit(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.exited:
		return true
	case <-t.C:
		return false
	}
}

// broke returns how the worker broke the protocol, nil if it did not: if the
// connection just ended, or is still up.
func (p *process) broke() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if errors.Is(p.err, io.EOF) || errors.Is(p.err, io.ErrUnexpectedEOF) ||
		errors.Is(p.err, syscall.ECONNRESET) || errors.Is(p.err, os.ErrClosed) {
		return nil
	}
	return p.err
}
