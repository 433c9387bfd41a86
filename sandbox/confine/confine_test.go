//go:build linux && (amd64 || arm64)

package confine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/sandbox/confine"
)

// probe is the path of the built probe, which confines itself.
var probe string

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(build{m})
}

// build builds the probe before the tests run.
type build struct{ *testing.M }

func (b build) Run() int {
	dir, err := os.MkdirTemp("", "confine")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	probe = filepath.Join(dir, "probe")
	if out, err := exec.Command("go", "build", "-o", probe, "./internal/probe").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build probe: %v\n%s", err, out)
		return 1
	}
	return b.M.Run()
}

func TestEverythingIsRefused(t *testing.T) {
	if !confine.Support().Seccomp {
		t.Skip("this kernel has no seccomp")
	}
	out, err := exec.Command(probe).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]string
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) < 110 {
		t.Errorf("only %d attempts were made", len(got))
	}
	// The C library is to believe that there is no clone3, and the file that
	// was open already may not grow.
	special := map[string]string{"clone3": "ENOSYS", "write file": "EFBIG"}
	for name, end := range got {
		want := "EPERM"
		if s, ok := special[name]; ok {
			want = s
		}
		if end != want {
			t.Errorf("%s: %s, want %s", name, end, want)
		}
	}
}

func TestRuntimeStillWorks(t *testing.T) {
	for _, cgo := range []string{"0", "1"} {
		t.Run("CGO_ENABLED="+cgo, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), "probe")
			build := exec.Command("go", "build", "-o", program, "./internal/probe")
			build.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
			if out, err := build.CombinedOutput(); err != nil {
				t.Skipf("cannot build so: %v\n%s", err, out)
			}
			out, err := exec.Command(program, "threads").CombinedOutput()
			if got := strings.TrimSpace(string(out)); err != nil || got != "42" {
				t.Errorf("threads: %q, %v", got, err)
			}
			checkThreads(t, program)
		})
	}
}

// checkThreads checks what the kernel tells of each thread of a confined
// process. Not everybody who runs the tests has a capability to lose.
func checkThreads(t *testing.T, program string) {
	t.Helper()
	cmd := exec.Command(program, "wait")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("wait: %v", err)
		}
	}()
	if _, err := io.ReadFull(out, make([]byte, len("42\n"))); err != nil {
		t.Fatal(err)
	}
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", cmd.Process.Pid))
	if err != nil || len(threads) < 2 {
		t.Fatalf("threads: %q, %v", threads, err)
	}
	want := []string{"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1"}
	if confine.Support().Seccomp {
		want = append(want, "Seccomp:\t2")
	}
	for _, name := range threads {
		status, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		for _, line := range want {
			if !strings.Contains(string(status), line+"\n") {
				t.Errorf("%s does not say %q", name, line)
			}
		}
	}
}

func TestLower(t *testing.T) {
	for _, test := range []struct {
		name string
		ok   func(*exec.ExitError) bool
	}{
		{"memory", func(e *exec.ExitError) bool {
			return e.ExitCode() == 2 && strings.Contains(string(e.Stderr), "out of memory")
		}},
		{"cpu", func(e *exec.ExitError) bool {
			status, ok := e.Sys().(syscall.WaitStatus)
			return ok && status.Signal() == syscall.SIGKILL && e.UserTime()+e.SystemTime() < 10e9
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := exec.Command(probe, test.name).Output()
			exit, ok := errors.AsType[*exec.ExitError](err)
			if !ok || !test.ok(exit) {
				t.Errorf("probe %s: %v", test.name, err)
			}
		})
	}
}

// A budget that is used up can be followed by another, until the process's life
// is over.
func TestLife(t *testing.T) {
	out, err := exec.Command(probe, "life").Output()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		t.Fatalf("probe life: %v", err)
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	if !ok || status.Signal() != syscall.SIGKILL {
		t.Errorf("probe life ended so: %v", exit)
	}
	if n := strings.Count(string(out), "used up\n"); n < 2 {
		t.Errorf("%d budgets were used up within one life, want 2 at least", n)
	}
	if used := exit.UserTime() + exit.SystemTime(); used > 10*time.Second {
		t.Errorf("it lived for %v of processor time, want 5 s or 6", used)
	}
}

// Numbers of the x32 convention reach the same calls by other names.
func TestOtherConventionEndsTheProcess(t *testing.T) {
	if runtime.GOARCH != "amd64" || !confine.Support().Seccomp {
		t.Skip("only amd64 has x32, and only seccomp sees it")
	}
	out, err := exec.Command(probe, "x32").Output()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		t.Fatalf("probe x32: %v, %s", err, out)
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGSYS {
		t.Errorf("probe x32 ended so: %v, %s", exit, out)
	}
}

func TestSupport(t *testing.T) {
	r := confine.Support()
	if !r.Rlimits || (r.Landlock == 0) == (len(r.Missing) == 0 && r.Seccomp) {
		t.Errorf("report contradicts itself: %+v", r)
	}
	for _, m := range r.Missing {
		if m.Feature == "" || m.Meaning == "" || m.Remedy == "" {
			t.Errorf("incomplete: %+v", m)
		}
	}
	t.Logf("%+v", r)
}
