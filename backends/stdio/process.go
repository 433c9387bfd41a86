package stdio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// A server has stdinGrace to leave after its input has ended and termGrace
// after it was told to; then its group is killed and has killGrace to be
// reaped. Together they stay below two seconds. drainTime is how long output
// that was already written may take to be read after the leader's death.
const (
	stdinGrace = 500 * time.Millisecond
	termGrace  = 600 * time.Millisecond
	killGrace  = 600 * time.Millisecond
	drainTime  = time.Second
)

// process is a child with its group and its three pipes. It owns them all:
// after stop nothing of it is left.
type process struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	stderr tail

	stderrPipe *os.File
	stderrDone chan struct{}

	exited chan struct{} // closed when the leader is reaped and its group killed
	status string        // how the leader ended; valid once exited is closed

	stopOnce sync.Once
	stopErr  error
}

// start runs the command of c.
func start(c Config) (*process, error) {
	env := environ(c.Env)
	path, err := lookPath(c.Command, c.Dir, env)
	if err != nil {
		return nil, &NotFoundError{Command: c.Command, Err: err}
	}
	p := &process{exited: make(chan struct{}), stderrDone: make(chan struct{})}
	p.stderr.secrets = c.Secrets
	p.cmd = exec.Command(path, c.Args...)
	p.cmd.Dir, p.cmd.Env = c.Dir, env
	p.cmd.SysProcAttr = ownGroup()

	theirs, err := p.openPipes()
	defer closeAll(theirs)
	if err != nil {
		closeAll([]*os.File{p.stdin, p.stdout, p.stderrPipe})
		return nil, fmt.Errorf("make pipes for %s: %w", c.Command, err)
	}
	started := make(chan error, 1)
	go p.own(started)
	if err := <-started; err != nil {
		closeAll([]*os.File{p.stdin, p.stdout, p.stderrPipe})
		return nil, fmt.Errorf("start %s: %w", c.Command, err)
	}
	go func() {
		defer close(p.stderrDone)
		_, _ = io.Copy(&p.stderr, p.stderrPipe) // ends with the pipe; there is nobody to tell
	}()
	return p, nil
}

// openPipes opens the pipes by hand: those of exec.Cmd are closed by Wait,
// before what a dying server wrote has been read.
func (p *process) openPipes() (theirs []*os.File, err error) {
	in, stdin, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stdin, p.stdin, theirs = in, stdin, append(theirs, in)
	stdout, out, err := os.Pipe()
	if err != nil {
		return theirs, err
	}
	p.cmd.Stdout, p.stdout, theirs = out, stdout, append(theirs, out)
	stderr, errw, err := os.Pipe()
	if err != nil {
		return theirs, err
	}
	p.cmd.Stderr, p.stderrPipe, theirs = errw, stderr, append(theirs, errw)
	return theirs, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		if f != nil {
			_ = f.Close()
		}
	}
}

// own starts the leader, waits for its end and reaps it, all on one thread:
// the kernel ties the parent-death signal to the thread that made the child
// (https://go.dev/issue/27505), so that thread must last as long as the child.
func (p *process) own(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.status = "exit status 0"
	if err := reap(p.cmd); err != nil {
		p.status = err.Error()
	}
	close(p.exited)

	// Whoever escaped from the group may still hold the pipes open.
	deadline := time.Now().Add(drainTime)
	for _, f := range []*os.File{p.stdout, p.stderrPipe} {
		if f.SetReadDeadline(deadline) != nil {
			_ = f.Close()
		}
	}
}

// stop ends the process group: end of input, then the termination signal,
// then kill. It is idempotent, takes less than two seconds, and less if ctx
// ends, which skips the waiting and not the killing.
func (p *process) stop(ctx context.Context) error {
	p.stopOnce.Do(func() {
		_ = p.stdin.Close()
		if !p.gone(ctx, stdinGrace) {
			terminateGroup(p.cmd.Process)
			if !p.gone(ctx, termGrace) {
				killGroup(p.cmd.Process)
				if !p.gone(context.Background(), killGrace) {
					p.stopErr = fmt.Errorf("process %d is still there after it was killed", p.cmd.Process.Pid)
				}
			}
		}
		closeAll([]*os.File{p.stdout, p.stderrPipe})
		<-p.stderrDone
	})
	return p.stopErr
}

// gone waits for the exit for at most d.
func (p *process) gone(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.exited:
		return true
	case <-ctx.Done():
	case <-t.C:
	}
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// NotFoundError is a command that is not there to be run.
type NotFoundError struct {
	Command string
	Err     error
}

func (e *NotFoundError) Error() string {
	if filepath.Base(e.Command) != e.Command {
		return fmt.Sprintf("command %q cannot be run: %v", e.Command, cause(e.Err))
	}
	return fmt.Sprintf("command %q was not found in PATH", e.Command)
}

// Unwrap returns the cause.
func (e *NotFoundError) Unwrap() error { return e.Err }

func cause(err error) error {
	if e, ok := errors.AsType[*exec.Error](err); ok {
		return e.Err
	}
	return err
}

// ExitError is a server that ended, or closed its output, by itself.
type ExitError struct {
	// Status is as os/exec spells it: "exit status 3", "signal: killed"; or
	// empty for a server that runs on without an output.
	Status string
}

func (e *ExitError) Error() string {
	if e.Status == "" {
		return "the server closed its output"
	}
	return "the server ended (" + e.Status + ")"
}

// exitError describes the end of the process. It waits a moment for it: the
// pipes of a dying process close before its status is known.
func (p *process) exitError(ctx context.Context) error {
	e := &ExitError{}
	if p.gone(ctx, time.Second) {
		e.Status = p.status
		select {
		case <-p.stderrDone:
		case <-time.After(drainTime):
		}
	}
	return p.withStderr(e)
}
