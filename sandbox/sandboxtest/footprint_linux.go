package sandboxtest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
)

// held returns the number of open files and of child processes.
func held() (files, children int) {
	fds, err := os.ReadDir("/proc/self/fd")
	if err == nil {
		files = len(fds) - 1 // without the folder itself
	}
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		return files, 0
	}
	for _, name := range tasks {
		if b, err := os.ReadFile(name); err == nil { // else the thread has ended
			children += len(bytes.Fields(b))
		}
	}
	return files, children
}

// resident returns the second number of proc_pid_statm(5), in bytes.
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(b)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
