package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds whatever a test waits for. All of it takes a second or two
// on a quiet machine, and some of it a minute on a busy one.
const patience = 2 * time.Minute

// inOwnGroup puts a command and what it starts into a process group of its
// own, and makes cancelling its context end all of them. It waits no longer
// than a few seconds for pipes that a stray grandchild holds open.
func inOwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = ownGroup()
	cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
	cmd.WaitDelay = 5 * time.Second
}

// process is a program that runs until the test ends, and says on its
// standard error when it is ready.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed once it has ended; err is set before
	// awaited says that the test has looked at how it ended.
	awaited bool

	mu     sync.Mutex
	stderr bytes.Buffer
	err    error
}

// start starts a program and returns it with the first submatch of ready in a
// line of its standard error. When the test ends it is asked to stop, and has
// to exit with status 0 if clean is set.
func start(t *testing.T, cmd *exec.Cmd, ready *regexp.Regexp, clean bool) (p *process, match string) {
	t.Helper()
	p = &process{cmd: cmd, done: make(chan struct{})}
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.SysProcAttr = ownGroup()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found := make(chan string, 1)
	go p.follow(pipe, ready, found)
	t.Cleanup(func() { p.stop(t, clean) })
	select {
	case match = <-found:
	case <-p.done:
		t.Fatalf("%s ended before it was ready: %v\n%s", cmd.Path, p.err, p.output())
	case <-time.After(patience):
		t.Fatalf("%s is not ready after %s:\n%s", cmd.Path, patience, p.output())
	}
	return p, match
}

// follow keeps what the program writes to standard error, and waits for it.
func (p *process) follow(pipe io.Reader, ready *regexp.Regexp, found chan<- string) {
	defer close(p.done)
	lines := bufio.NewReader(pipe)
	for {
		line, err := lines.ReadString('\n')
		p.mu.Lock()
		p.stderr.WriteString(line)
		p.mu.Unlock()
		if m := ready.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
			select {
			case found <- m[1]:
			default:
			}
		}
		if err != nil {
			break
		}
	}
	p.err = p.cmd.Wait()
}

func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

// signal sends the program a signal.
func (p *process) signal(t *testing.T, sig os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// wait waits for the end that the test has brought about, and returns how the
// program ended.
func (p *process) wait(t *testing.T) error {
	t.Helper()
	p.awaited = true
	select {
	case <-p.done:
	case <-time.After(patience):
		t.Fatalf("%s has not ended after %s:\n%s", p.cmd.Path, patience, p.output())
	}
	return p.err
}

func (p *process) stop(t *testing.T, clean bool) {
	t.Helper()
	// An error means that it has ended already, which done tells as well.
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(patience):
		t.Errorf("%s did not stop within %s of SIGTERM:\n%s", p.cmd.Path, patience, p.output())
		if err := killGroup(p.cmd.Process.Pid); err != nil {
			t.Error(err)
		}
		<-p.done
	}
	if clean && !p.awaited && p.err != nil {
		t.Errorf("%s: %v\n%s", p.cmd.Path, p.err, p.output())
	}
}

// outcome is what a program that ran to its end left behind.
type outcome struct {
	Stdout, Stderr string
	Code           int
}

// finish runs a program to its end, without a terminal.
func finish(t *testing.T, cmd *exec.Cmd) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v\n%s", cmd.Path, err, &stderr)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// command is bindery with a scratch home: its caches, and nobody's settings.
func command(t *testing.T, home string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir = home
	cmd.Env = environment(home)
	inOwnGroup(cmd)
	return cmd
}

// environment is all that the programs under test find in theirs.
func environment(home string) []string {
	return []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}
}
