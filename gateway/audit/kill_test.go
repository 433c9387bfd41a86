package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
)

var kills = flag.Int("kills", 60, "how often TestKill kills a process under load")

// loadUntilKilled makes calls through a log from 16 goroutines, and tells a file
// of each that its tool saw, as the tool sees it.
func loadUntilKilled(dir string) {
	fail := func(err error) {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	l, err := Open(filepath.Join(dir, "log"), Options{RotateBytes: 16 << 10, Patience: time.Minute})
	if err != nil {
		fail(err)
	}
	seen, err := os.OpenFile(filepath.Join(dir, "seen"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		fail(err)
	}
	tool := bindery.CallerFunc(func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		_, err := seen.Write(append([]byte(c.Tool.Name), '\n'))
		return bindery.Result{Raw: json.RawMessage(`{}`)}, err
	})
	ctx := context.Background()
	for w := range 16 {
		go func() {
			for n := 0; ; n++ {
				trail, err := l.Execution(ctx, Execution{ID: fmt.Sprint(os.Getpid(), "-", w, "-", n), Client: "c", Script: "s"})
				if err != nil {
					fail(err)
				}
				layer := trail.Layer(tool)
				for i := range 3 {
					name := fmt.Sprint(os.Getpid(), "-", w, "-", n, "-", i)
					if _, err := layer.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "s", Name: name}}); err != nil {
						fail(err)
					}
				}
				trail.End(Outcome{Code: OK})
			}
		}()
	}
	if _, err := os.Stdout.WriteString("up\n"); err != nil {
		fail(err)
	}
	select {}
}

// A process is killed again and again while it writes. Every call that a tool
// saw has its begin record, the chain holds, and nothing is counted twice.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	last, cuts := uint64(0), 0
	for i := range *kills {
		cmd := exec.CommandContext(t.Context(), exe)
		cmd.Env = append(os.Environ(), "AUDIT_TEST_DIR="+dir)
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(out, make([]byte, 3)); err != nil {
			t.Fatalf("round %d: %v\n%s", i, err, said.Bytes())
		}
		time.Sleep(rand.N(40 * time.Millisecond)) // the point it is killed at is chance on purpose
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed
		if said.Len() > 0 {
			t.Fatalf("round %d: %s", i, said.Bytes())
		}
		if i%10 != 9 && i != *kills-1 {
			continue
		}
		// What the next process does is what this one does here.
		l, err := Open(log, Options{})
		if err != nil {
			t.Fatalf("round %d: %v", i, err)
		}
		if l.Health().Cut > 0 {
			cuts++
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		report := verified(t, log)
		if report.Last <= last || report.Open != 0 {
			t.Fatalf("round %d: %+v after record %d", i, report, last)
		}
		last = report.Last
	}
	begun := make(map[string]int)
	for l, err := range Read(log, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if l.Kind == CallBegin {
			begun[l.Tool]++
		}
	}
	seen, err := os.ReadFile(filepath.Join(dir, "seen"))
	if err != nil {
		t.Fatal(err)
	}
	calls := strings.Split(strings.TrimSuffix(string(seen), "\n"), "\n")
	for _, name := range calls {
		if begun[name] != 1 {
			t.Errorf("a tool saw call %s, which has %d begin records", name, begun[name])
		}
	}
	report := verified(t, log)
	t.Logf("%d kills: %d calls seen, %d begun, %d records in %d files, %d recoveries, %d unknown, %d tails cut here",
		*kills, len(calls), len(begun), report.Records, report.Files, report.Recoveries, report.Unknown, cuts)
	if report.Recoveries < *kills/2 || report.Files < 2 {
		t.Error("the processes were hardly at work when they were killed: " + strconv.Itoa(report.Recoveries))
	}
}

// verified fails the test if the log is not as it was written.
func verified(t *testing.T, dir string) Report {
	t.Helper()
	r, err := Verify(t.Context(), dir, Expect{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Bad != nil {
		t.Fatalf("the log is bad: %v", r.Bad)
	}
	return r
}
