package benchmarks_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// awaitURL returns the endpoint that a gateway says it listens on.
func awaitURL(b *testing.B, stderr io.Reader) string {
	b.Helper()
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "listening on "); ok {
			go func() { _, _ = io.Copy(io.Discard, stderr) }()
			return url
		}
	}
	b.Fatal("the gateway ended before it listened")
	return ""
}

// memory is what a process holds, in MiB: resident counts the pages of the
// binary that all processes of it share, private does not.
type memory struct{ resident, private float64 }

func memoryOf(b *testing.B, pid int) memory {
	b.Helper()
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		b.Skip("needs /proc: ", err)
	}
	var m memory
	for line := range strings.Lines(string(rollup)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[2] != "kB" {
			continue
		}
		kib, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			b.Fatal(err)
		}
		switch fields[0] {
		case "Rss:":
			m.resident = kib / 1024
		case "Private_Clean:", "Private_Dirty:":
			m.private += kib / 1024
		}
	}
	return m
}

// cpuTime returns the processor time that this process and its children have
// used, those that ended included.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	own := os.Getpid()
	sum := cpuTimeOf(b, own)
	for _, pid := range children(b, own) {
		sum += cpuTimeOf(b, pid)
	}
	return sum
}

// cpuTimeOf returns what a process and its children that ended have used; 0 if
// it has ended.
func cpuTimeOf(b *testing.B, pid int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	var ticks int64
	// User and system time of the process, then of its children that ended,
	// counted after the name (proc_pid_stat(5)).
	for _, field := range strings.Fields(after)[11:15] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	const perSecond = 100 // USER_HZ on all architectures that Go runs on
	return time.Duration(ticks) * time.Second / perSecond
}

func commandOf(b *testing.B, pid int) string {
	b.Helper()
	cmdline, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		b.Fatal(err)
	}
	return strings.ReplaceAll(string(cmdline), "\x00", " ")
}

// children returns the processes whose parent is pid.
func children(b *testing.B, pid int) []int {
	b.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		b.Fatal(err)
	}
	var found []int
	for _, path := range all {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it ended
		}
		_, after, ok := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(after); ok && len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil {
				b.Fatal(err)
			}
			found = append(found, child)
		}
	}
	return found
}
