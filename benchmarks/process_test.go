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

// resident returns a process's resident size in MiB and its command line.
func resident(b *testing.B, pid int) (mib float64, command string) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("needs /proc: ", err)
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmRSS:" {
			kib, err := strconv.Atoi(fields[1])
			if err != nil {
				b.Fatal(err)
			}
			mib = float64(kib) / 1024
		}
	}
	cmdline, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		b.Fatal(err)
	}
	return mib, strings.ReplaceAll(string(cmdline), "\x00", " ")
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
