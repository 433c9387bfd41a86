package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// running is one process. Its start time tells it from a later one that has
// the same number.
type running struct {
	PID     int
	Started string
	Command string
}

func (r running) alive() bool {
	now, _, ok := lookUp(r.PID)
	return ok && now.Started == r.Started
}

// worker reports whether it is one of bindery's sandboxes.
func (r running) worker() bool { return strings.HasPrefix(r.Command, "/proc/self/exe") }

// lookUp reads a process and its parent's number. One that has ended and was
// not reaped yet is none.
func lookUp(pid int) (r running, parent int, ok bool) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return running{}, 0, false
	}
	// The name, in parentheses, may hold anything; see proc_pid_stat(5).
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if fields[0] == "Z" || fields[0] == "X" {
		return running{}, 0, false
	}
	parent, err = strconv.Atoi(fields[1])
	if err != nil {
		return running{}, 0, false
	}
	cmdline, err := os.ReadFile(filepath.Join(dir, "cmdline"))
	if err != nil {
		return running{}, 0, false
	}
	return running{pid, fields[19], strings.ReplaceAll(string(cmdline), "\x00", " ")}, parent, true
}

// descendants returns what runs below a process. Where there is no /proc the
// test is skipped.
func descendants(t *testing.T, pid int) []running {
	t.Helper()
	entries, err := filepath.Glob("/proc/[0-9]*")
	if err != nil || len(entries) == 0 {
		t.Skipf("no /proc to find processes in: %v", err)
	}
	children := map[int][]running{}
	for _, e := range entries {
		n, err := strconv.Atoi(filepath.Base(e))
		if err != nil {
			t.Fatal(err)
		}
		if r, parent, ok := lookUp(n); ok {
			children[parent] = append(children[parent], r)
		}
	}
	found := slices.Clone(children[pid])
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i].PID]...)
	}
	return found
}

func workers(all []running) []running {
	return slices.DeleteFunc(slices.Clone(all), func(r running) bool { return !r.worker() })
}

// eventually waits for what nothing tells, such as the end of somebody else's
// child. what is asked for what is missing; "" is nothing.
func eventually(t *testing.T, what func() string) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		missing := what()
		if missing == "" {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Errorf("after %s: %s", patience, missing)
			return
		}
	}
}

// allGone waits until none of these processes is left.
func allGone(t *testing.T, all []running) {
	t.Helper()
	eventually(t, func() string {
		for _, r := range all {
			if r.alive() {
				return fmt.Sprintf("process %d still runs: %s", r.PID, r.Command)
			}
		}
		return ""
	})
}
