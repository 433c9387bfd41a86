package worker_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// hang is a Caller whose calls end with their context; each sends on began
// when it begins and on ended when it ends.
type hang struct{ began, ended chan struct{} }

func (h hang) Call(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
	h.began <- struct{}{}
	<-ctx.Done()
	h.ended <- struct{}{}
	return bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Err: ctx.Err()}
}

func TestHostile(t *testing.T) {
	p := newPool(t, worker.Options{})
	short := func(l *sandbox.Limits) { l.Wall = 500 * time.Millisecond }
	for _, test := range []struct {
		name, source string
		edit         func(*sandbox.Limits)
		code         bindery.Code
		failure      string
	}{
		{"wait", "wait", short, bindery.Timeout, "time limit of 0.5 s exceeded (limits.wall)"},
		{"spin", "spin", short, bindery.Timeout, "time limit of 0.5 s exceeded (limits.wall)"},
		{"loop", "loop", short, bindery.Timeout, "time limit of 0.5 s exceeded (limits.wall)"},
		{"stopped process", "sigstop loop", short, bindery.Timeout, "time limit of 0.5 s exceeded (limits.wall)"},
		{"cpu", "spin", func(l *sandbox.Limits) { l.CPU = time.Second }, bindery.Limit, "CPU limit of 1 s exceeded (limits.cpu)"},
		{"cpu deaf", "loop", func(l *sandbox.Limits) { l.CPU = time.Second }, bindery.Limit, "CPU limit of 1 s exceeded (limits.cpu)"},
		{
			"memory, slowly", "alloc", func(l *sandbox.Limits) { l.Memory = 128 << 20 },
			bindery.Limit, "memory limit of 128 MiB exceeded (limits.memory)",
		},
		{"memory, at once", "huge=40", nil, bindery.Limit, "memory limit of 256 MiB exceeded (limits.memory)"},
		{"stack", "recurse", nil, bindery.Limit, "stack limit exceeded"},
		{"panic", "panic", nil, bindery.Internal, "worker ended unexpectedly (exit status 2)"},
		{"exit", "exit=0", nil, bindery.Internal, "worker ended unexpectedly (exit status 0)"},
		{"kill", "sigkill loop", nil, bindery.Internal, "worker was ended from outside by a signal (killed)"},
		{
			"endless calls", "shed", func(l *sandbox.Limits) { l.Calls = 10 },
			bindery.Limit, "call limit of 10 exceeded (limits.calls), and the script went on calling",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := sandbox.Script{Source: "log=3 " + test.source, Bindings: bindings(), Limits: limits()}
			if test.edit != nil {
				test.edit(&s.Limits)
			}
			out := runScript(t, p, s, answering(bindery.Result{}))
			checkFailure(t, out.Failure, test.code, test.failure)
			// Only an engine that ended in time knows where the script was.
			if clean := test.name == "wait" || test.name == "spin"; clean != (out.Failure != nil && out.Failure.Line == 7) {
				t.Errorf("failure = %+v, want line 7: %t", out.Failure, clean)
			}
			if len(out.Logs) != 3 {
				t.Errorf("%d log lines survived, want 3", len(out.Logs))
			}
			if out.Usage.MaxRSS > 400<<20 {
				t.Errorf("worker used %d MiB", out.Usage.MaxRSS>>20)
			}
			t.Logf("usage: wall %v, CPU %v, RSS %d MiB", out.Usage.Wall, out.Usage.CPU, out.Usage.MaxRSS>>20)
		})
	}
}

// What ends a worker from outside, while it runs or at rest, costs one script
// at most.
func TestWorkerKilled(t *testing.T) {
	p := newPool(t, worker.Options{Size: 1})
	for _, test := range []struct {
		signal  unix.Signal
		code    bindery.Code
		failure string
	}{
		{unix.SIGKILL, bindery.Internal, "worker was ended from outside by a signal (killed)"},
		{unix.SIGTERM, bindery.Internal, "worker was ended from outside by a signal (terminated)"},
		{unix.SIGSTOP, bindery.Timeout, "time limit of 0.5 s exceeded (limits.wall)"},
	} {
		t.Run(test.signal.String(), func(t *testing.T) {
			s := sandbox.Script{Source: "pid loop", Limits: limits()}
			s.Limits.Wall = 500 * time.Millisecond
			if test.signal != unix.SIGSTOP {
				s.Limits.Wall = time.Minute
			}
			d := sandbox.NewDispatcher(answering(bindery.Result{}), nil, s.Limits, func(l sandbox.Line) {
				pid, err := strconv.Atoi(l.Text)
				if err == nil {
					err = unix.Kill(pid, test.signal)
				}
				if err != nil {
					t.Errorf("signal the worker %q: %v", l.Text, err)
				}
			})
			defer d.Close()
			out, err := p.Run(t.Context(), s, d)
			if err != nil {
				t.Fatal(err)
			}
			checkFailure(t, out.Failure, test.code, test.failure)
			out = runScript(t, p, sandbox.Script{Source: "echo", Data: json.RawMessage("1"), Limits: limits()}, nil)
			if string(out.Value) != "1" {
				t.Errorf("the next script gave %+v", out)
			}
		})
	}
}

func TestForgedFrames(t *testing.T) {
	p := newPool(t, worker.Options{})
	for name, data := range worker.Forged(t) {
		t.Run(name, func(t *testing.T) {
			out := runScript(t, p, rawScript(t, "raw loop", data), answering(bindery.Result{}))
			checkFailure(t, out.Failure, bindery.Internal, "worker broke protocol and was stopped")
		})
	}
	t.Run("half a frame", func(t *testing.T) {
		s := rawScript(t, "raw loop", worker.DoneTwice(t)[:11])
		s.Limits.Wall = 300 * time.Millisecond
		out := runScript(t, p, s, answering(bindery.Result{}))
		checkFailure(t, out.Failure, bindery.Timeout, "time limit of 0.3 s exceeded (limits.wall)")
	})
	t.Run("hang up", func(t *testing.T) {
		// The worker itself notices, or else the gateway kills it.
		out := runScript(t, p, rawScript(t, "hangup loop", nil), answering(bindery.Result{}))
		if out.Failure == nil || out.Failure.Code != bindery.Internal {
			t.Errorf("failure = %+v", out.Failure)
		}
	})
	t.Run("done twice", func(t *testing.T) {
		out := runScript(t, p, rawScript(t, "raw loop", worker.DoneTwice(t)), answering(bindery.Result{}))
		if out.Failure != nil || string(out.Value) != "1" {
			t.Errorf("value %s, failure %+v; want the first value", out.Value, out.Failure)
		}
	})
	t.Run("after an offer to go on", func(t *testing.T) {
		s := rawScript(t, "raw loop", worker.OffersAgain(t))
		s.Owner = "rogue"
		if out := runScript(t, p, s, answering(bindery.Result{})); out.Failure != nil || string(out.Value) != "1" {
			t.Errorf("value %s, failure %+v; want the value", out.Value, out.Failure)
		}
		s.Source, s.Owner = "echo", "another"
		if out := runScript(t, p, s, answering(bindery.Result{})); out.Failure != nil || string(out.Value) != string(s.Data) {
			t.Errorf("another's script gave %s, failure %+v", out.Value, out.Failure)
		}
	})
	t.Run("unknown tool", func(t *testing.T) {
		called := bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
			t.Error("the call reached the caller")
			return bindery.Result{}, nil
		})
		s := rawScript(t, "raw loop", worker.UnknownTool(t))
		s.Limits.Wall = 300 * time.Millisecond
		runScript(t, p, s, called)
	})
}

// FuzzRogueWorker lets a worker send what it likes and then exit: at worst the
// script is lost. FuzzGateway tries more of it in the same time, without the
// process.
func FuzzRogueWorker(f *testing.F) {
	for _, b := range worker.Forged(f) {
		if len(b) < 4<<10 {
			f.Add(b)
		}
	}
	f.Add(worker.DoneTwice(f))
	f.Add(worker.UnknownTool(f))
	f.Add(worker.OffersAgain(f))
	p := newPool(f, worker.Options{Size: 4, Logger: slog.New(slog.DiscardHandler)})
	caller := bindery.CallerFunc(func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		if c.Tool.Server != "srv" || len(c.Tool.Name) != 2 || c.Args != nil && !json.Valid(c.Args) {
			f.Errorf("call of %s with %q", c.Tool, c.Args)
		}
		return bindery.Result{Structured: c.Args}, nil
	})
	f.Fuzz(func(t *testing.T, in []byte) {
		s := rawScript(t, "raw exit=0", in)
		s.Owner = "rogue"
		d := sandbox.NewDispatcher(caller, s.Bindings, s.Limits, nil)
		defer d.Close()
		out, err := p.Run(t.Context(), s, d)
		switch {
		case err != nil && (bindery.CodeOf(err) > bindery.Script || err.Error() == ""):
			t.Errorf("error %v", err)
		case err == nil && out.Failure == nil && out.Value != nil && !json.Valid(out.Value):
			t.Errorf("value %q", out.Value)
		case err == nil && out.Failure != nil && out.Failure.Code > bindery.Script:
			t.Errorf("failure %+v", out.Failure)
		}
		out = runScript(t, p, sandbox.Script{Source: "echo", Data: json.RawMessage("1"), Owner: "another", Limits: s.Limits}, nil)
		if out.Failure != nil || string(out.Value) != "1" {
			t.Errorf("another's script gave %s, failure %+v", out.Value, out.Failure)
		}
		if st := p.Stats(); st.Running != 0 || st.Queued != 0 {
			t.Errorf("afterwards: %+v", st)
		}
	})
}

func rawScript(t testing.TB, source string, data []byte) sandbox.Script {
	t.Helper()
	b, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	return sandbox.Script{Source: source, Data: b, Bindings: bindings(), Limits: limits()}
}

func TestConfined(t *testing.T) {
	// A file that the gateway itself inherited, open for writing.
	f, err := os.Create(filepath.Join(t.TempDir(), "inherited"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := unix.FcntlInt(f.Fd(), unix.F_SETFD, 0); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BINDERY_TEST_SECRET", "s3cret")
	p := newPool(t, worker.Options{Size: 1})
	for p.Stats().Idle == 0 { // one that is started for a script gets an argument more
		time.Sleep(time.Millisecond)
	}
	out := runScript(t, p, sandbox.Script{Source: "look", Limits: limits()}, answering(bindery.Result{}))
	if out.Failure != nil {
		t.Fatalf("failure: %+v", out.Failure)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Value, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"environ": 0.0, "args": 2.0, "writable": nil,
		"open":        "open /etc/passwd: operation not permitted",
		"socket":      "operation not permitted",
		"connect":     "operation not permitted",
		"exec":        "open /dev/null: operation not permitted",
		"fork":        "operation not permitted",
		"ptrace":      "operation not permitted",
		"kill":        "operation not permitted",
		"own environ": "open /proc/self/environ: operation not permitted",
		"own cmdline": "open /proc/self/cmdline: operation not permitted",
		"own files":   "open /proc/self/fd: operation not permitted",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What the system tells of a worker holds nothing of the gateway's.
func TestWorkerHoldsNoSecret(t *testing.T) {
	const secret = "s3cret-of-the-gateway"
	t.Setenv("BINDERY_TEST_SECRET", secret)
	file, err := os.Create(filepath.Join(t.TempDir(), secret))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := unix.FcntlInt(file.Fd(), unix.F_SETFD, 0); err != nil {
		t.Fatal(err)
	}
	p := newPool(t, worker.Options{Size: 1})
	for p.Stats().Idle == 0 {
		time.Sleep(time.Millisecond)
	}
	pids := children(t)
	if len(pids) != 1 {
		t.Fatalf("%d child processes, want the one worker", len(pids))
	}
	proc := fmt.Sprintf("/proc/%d/", pids[0])
	for name, want := range map[string]string{"environ": "", "cmdline": program + "\x00" + worker.Arg + "\x00"} {
		got, err := os.ReadFile(proc + name)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s of the worker is %q, want %q", name, got, want)
		}
	}
	if cwd, err := os.Readlink(proc + "cwd"); err != nil || cwd != "/" {
		t.Errorf("the worker is in %q, %v", cwd, err)
	}
	fds, err := os.ReadDir(proc + "fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		name, err := os.Readlink(proc + "fd/" + fd.Name())
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(name, ":")
		wants := map[string]string{"0": "/dev/null", "1": "/dev/null", "2": "pipe", "3": "socket"}
		want, known := wants[fd.Name()]
		if !known {
			want = "anon_inode" // of the runtime
		}
		if kind != want {
			t.Errorf("file %s of the worker is %s, want %s", fd.Name(), name, want)
		}
	}
}

func TestCancel(t *testing.T) {
	p := newPool(t, worker.Options{})
	h := hang{make(chan struct{}), make(chan struct{}, 3)}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for range 3 {
			<-h.began
		}
		cancel()
	}()
	s := sandbox.Script{Source: "log=2 calls=3", Bindings: bindings(), Limits: limits()}
	d := sandbox.NewDispatcher(h, s.Bindings, s.Limits, nil)
	out, err := p.Run(ctx, s, d)
	if err != nil {
		t.Fatal(err)
	}
	checkFailure(t, out.Failure, bindery.Cancelled, "the run was cancelled")
	if len(out.Logs) != 2 {
		t.Errorf("%d log lines survived, want 2", len(out.Logs))
	}
	for range 3 { // the end of the run cancels them, before Close does
		<-h.ended
	}
	d.Close()
}

func TestQueue(t *testing.T) {
	p := newPool(t, worker.Options{Size: -1, MaxRunning: 1, MaxQueued: 1})
	h := hang{make(chan struct{}), make(chan struct{}, 1)}
	s := sandbox.Script{Source: "calls=1", Bindings: bindings(), Limits: limits()}
	run := func(ctx context.Context, c bindery.Caller) <-chan error {
		done := make(chan error, 1)
		go func() {
			d := sandbox.NewDispatcher(c, s.Bindings, s.Limits, nil)
			defer d.Close()
			out, err := p.Run(ctx, s, d)
			if err == nil && out.Failure != nil {
				err = errors.New(out.Failure.Code.String())
			}
			done <- err
		}()
		return done
	}
	ctx, endFirst := context.WithCancel(t.Context())
	first := run(ctx, h)
	<-h.began

	ctx, endWait := context.WithCancel(t.Context())
	gaveUp := run(ctx, answering(bindery.Result{}))
	for p.Stats().Queued == 0 {
		time.Sleep(time.Millisecond)
	}
	if _, err := p.Run(t.Context(), s, nil); bindery.CodeOf(err) != bindery.Limit {
		t.Errorf("third script: %v, want it refused", err)
	}
	endWait()
	if err := <-gaveUp; err == nil || err.Error() != "cancelled" {
		t.Errorf("cancelled while waiting: %v", err)
	}
	waited := run(t.Context(), answering(bindery.Result{}))
	endFirst()
	if err := <-first; err == nil || err.Error() != "cancelled" {
		t.Errorf("first script: %v", err)
	}
	if err := <-waited; err != nil {
		t.Errorf("script that waited: %v", err)
	}
}

func TestQueueIsFair(t *testing.T) {
	const scripts = 6
	p := newPool(t, worker.Options{MaxRunning: 1})
	s := sandbox.Script{Source: "calls=1", Bindings: bindings(), Limits: limits()}
	begin := make(chan struct{})
	order := make(chan int, scripts)
	var wg sync.WaitGroup
	for i := range scripts {
		wg.Go(func() {
			runScript(t, p, s, bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
				order <- i
				<-begin
				return bindery.Result{}, nil
			}))
		})
		for st := p.Stats(); st.Queued < i || st.Running == 0; st = p.Stats() {
			time.Sleep(time.Millisecond)
		}
	}
	close(begin)
	wg.Wait()
	for want := range scripts {
		if got := <-order; got != want {
			t.Errorf("script %d ran in place %d", got, want)
		}
	}
}

func TestClose(t *testing.T) {
	p := newPool(t, worker.Options{})
	h := hang{make(chan struct{}), make(chan struct{}, 1)}
	s := sandbox.Script{Source: "calls=1", Bindings: bindings(), Limits: limits()}
	outs := make(chan sandbox.Outcome, 1)
	go func() { outs <- runScript(t, p, s, h) }()
	<-h.began
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkFailure(t, (<-outs).Failure, bindery.Cancelled, "the run was cancelled: the sandbox is shutting down")
	if _, err := p.Run(t.Context(), s, nil); bindery.CodeOf(err) != bindery.Unavailable {
		t.Errorf("Run after Close: %v", err)
	}
	if st := p.Stats(); st.Idle != 0 || st.Running != 0 {
		t.Errorf("after Close: %+v", st)
	}
}

func TestSpawnFails(t *testing.T) {
	for name, command := range map[string][]string{
		"missing":         {"/nonexistent/worker"},
		"ends":            {"/bin/false"},
		"other program":   {"/bin/sh", "-c", "echo hello, gateway >&3; exec sleep 60"},
		"silent":          {"/bin/sh", "-c", "exec 3>&-; exec sleep 60"},
		"says why on end": {"/bin/sh", "-c", "echo no such engine >&2; exit 1"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := worker.NewPool(worker.Options{Command: command})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close(t.Context())
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			_, err = p.Run(ctx, sandbox.Script{Source: "echo", Limits: limits()}, nil)
			if bindery.CodeOf(err) != bindery.Unavailable || err == nil {
				t.Errorf("err = %v", err)
			}
			t.Log(err)
		})
	}
}

func TestIdleWorkerReplaced(t *testing.T) {
	p := newPool(t, worker.Options{Size: 1})
	for p.Stats().Idle == 0 {
		time.Sleep(time.Millisecond)
	}
	for _, pid := range children(t) {
		_ = unix.Kill(pid, unix.SIGKILL)
	}
	for s := p.Stats(); s.Broken == 0 || s.Idle == 0; s = p.Stats() {
		time.Sleep(time.Millisecond)
	}
	out := runScript(t, p, sandbox.Script{Source: "echo", Data: json.RawMessage("1"), Limits: limits()}, nil)
	if string(out.Value) != "1" {
		t.Errorf("outcome = %+v", out)
	}
}

// children returns the processes that this one started and has not waited for.
func children(t testing.TB) []int {
	t.Helper()
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, name := range tasks {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // the thread has ended
		}
		for f := range bytes.FieldsSeq(b) {
			pid, err := strconv.Atoi(string(f))
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestGatewayKilled(t *testing.T) {
	cmd := exec.Command(program, "gateway")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid := strings.TrimSpace(line)
	cmd.Process.Kill()
	_ = cmd.Wait()
	deadline := time.Now().Add(20 * time.Second)
	for {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || bytes.Contains(stat, []byte(") Z ")) {
			return // gone, or waiting for whoever inherited it
		}
		if time.Now().After(deadline) {
			t.Fatalf("worker %s outlives its gateway: %s", pid, stat)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestNothingLeaks(t *testing.T) {
	p := newPool(t, worker.Options{Size: 1})
	s := sandbox.Script{Source: "log=1 calls=3", Bindings: bindings(), Limits: limits()}
	settled := func() int {
		for p.Stats().Idle == 0 {
			time.Sleep(time.Millisecond)
		}
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(fds)
	}
	runScript(t, p, s, answering(bindery.Result{}))
	before := settled()
	for i := range 100 {
		if i%10 == 0 {
			runScript(t, p, sandbox.Script{Source: "panic", Limits: limits()}, nil)
		}
		runScript(t, p, s, answering(bindery.Result{}))
	}
	// The last worker may still be on its way out.
	after, procs := settled(), len(children(t))
	for end := time.Now().Add(time.Minute); (after > before+2 || procs > 2) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
		after, procs = settled(), len(children(t))
	}
	if after > before+2 || procs > 2 {
		t.Errorf("%d open files before 110 runs, %d after, and %d child processes", before, after, procs)
	}
}
