//go:build linux

// Command probe confines itself and then tries what a script that broke out
// of its interpreter would: the tests of package confine build and run it. It
// prints one JSON object, from the name of each attempt to how it ended.
//
// Usage: probe [none|memory|cpu|threads] ...
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/bindery-mcp/bindery/sandbox/confine"
	"golang.org/x/sys/unix"
)

func main() {
	mapped, err := confine.Mapped()
	if err != nil {
		panic(err)
	}
	file, err := os.CreateTemp("", "probe")
	if err != nil {
		panic(err)
	}
	os.Remove(file.Name())
	if err := confine.Apply(confine.Limits{Files: 32}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	switch strings.Join(os.Args[1:], " ") {
	case "memory":
		must(confine.Lower(confine.Limits{Memory: mapped + 64<<20}))
		var kept [][]byte
		for {
			kept = append(kept, make([]byte, 1<<20))
		}
	case "cpu":
		must(confine.Lower(confine.Limits{CPU: time.Second}))
		for {
		}
	case "threads":
		fmt.Println(threads())
	default:
		results := map[string]string{}
		for name, try := range attempts(file) {
			results[name] = outcome(try())
		}
		must(json.NewEncoder(os.Stdout).Encode(results))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// outcome names an error by its number, if it has one.
func outcome(err error) string {
	for e := err; e != nil; {
		if errno, ok := e.(syscall.Errno); ok {
			return unix.ErrnoName(errno)
		}
		u, ok := e.(interface{ Unwrap() error })
		if !ok {
			return err.Error()
		}
		e = u.Unwrap()
	}
	return "done"
}

// threads does what the runtime of a busy program does: new threads, signals
// between them, collections, timers and a poller.
func threads() int {
	runtime.GOMAXPROCS(4)
	r, w, err := os.Pipe()
	must(err)
	sum := make(chan int)
	go func() {
		b := make([]byte, 1)
		r.Read(b)
		sum <- int(b[0])
	}()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			runtime.LockOSThread()
			for end := time.Now().Add(50 * time.Millisecond); time.Now().Before(end); {
			}
		})
	}
	wg.Wait()
	runtime.GC()
	<-time.After(time.Millisecond)
	w.Write([]byte{42})
	return <-sum
}

func attempts(file *os.File) map[string]func() error {
	raw := func(nr uintptr, args ...uintptr) func() error {
		return func() error {
			var a [6]uintptr
			copy(a[:], args)
			if _, _, errno := unix.RawSyscall6(nr, a[0], a[1], a[2], a[3], a[4], a[5]); errno != 0 {
				return errno
			}
			return nil
		}
	}
	path := uintptr(unsafe.Pointer(&[]byte("/etc/passwd\x00")[0]))
	parent := os.Getppid()
	return map[string]func() error{
		"open":          func() error { _, err := os.Open("/etc/passwd"); return err },
		"open cwd":      func() error { _, err := os.Open("."); return err },
		"create":        func() error { _, err := os.Create("/tmp/probe-created"); return err },
		"openat2":       raw(unix.SYS_OPENAT2, path, path, path, 24),
		"stat":          func() error { _, err := os.Stat("/etc/passwd"); return err },
		"readlink":      func() error { _, err := os.Readlink("/proc/self/exe"); return err },
		"unlink":        func() error { return unix.Unlink("/tmp/probe-created") },
		"mkdir":         func() error { return unix.Mkdir("/tmp/probe-created", 0o700) },
		"chdir":         func() error { return unix.Chdir("/") },
		"mount":         func() error { return unix.Mount("none", "/mnt", "tmpfs", 0, "") },
		"memfd":         func() error { _, err := unix.MemfdCreate("x", 0); return err },
		"truncate":      func() error { return file.Truncate(1 << 20) },
		"socket tcp":    func() error { _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); return err },
		"socket unix":   func() error { _, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err },
		"socketpair":    func() error { _, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err },
		"dial":          func() error { _, err := net.Dial("tcp", "127.0.0.1:1"); return err },
		"listen":        func() error { _, err := net.Listen("tcp", "127.0.0.1:0"); return err },
		"connect":       raw(unix.SYS_CONNECT, 0, path, 16),
		"sendmsg":       raw(unix.SYS_SENDMSG, 0, path, 0),
		"exec":          func() error { return exec.Command("/bin/true").Run() },
		"execve":        func() error { return unix.Exec("/bin/true", []string{"true"}, nil) },
		"execveat":      raw(unix.SYS_EXECVEAT, 0, path, 0, 0, unix.AT_EMPTY_PATH),
		"fork":          raw(unix.SYS_CLONE, uintptr(unix.SIGCHLD)),
		"clone3":        raw(unix.SYS_CLONE3, path, 88),
		"unshare":       func() error { return unix.Unshare(unix.CLONE_NEWUSER) },
		"ptrace":        raw(unix.SYS_PTRACE, unix.PTRACE_TRACEME),
		"read memory":   raw(unix.SYS_PROCESS_VM_READV, uintptr(parent)),
		"kill parent":   func() error { return unix.Kill(parent, 0) },
		"kill all":      func() error { return unix.Kill(-1, 0) },
		"tgkill parent": func() error { return unix.Tgkill(parent, parent, 0) },
		"sigqueue":      raw(unix.SYS_RT_SIGQUEUEINFO, uintptr(parent), 0, path),
		"pidfd":         func() error { _, err := unix.PidfdOpen(parent, 0); return err },
		"fcntl setown":  func() error { _, err := unix.FcntlInt(0, unix.F_SETOWN, parent); return err },
		"limits of other": func() error {
			return unix.Prlimit(parent, unix.RLIMIT_CORE, nil, &unix.Rlimit{})
		},
		"raise limit": func() error {
			return unix.Prlimit(0, unix.RLIMIT_CORE, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20}, nil)
		},
		"write file":    func() error { _, err := file.Write([]byte("x")); return err },
		"ioctl":         func() error { _, err := unix.IoctlGetInt(0, unix.TIOCGPGRP); return err },
		"io_uring":      raw(unix.SYS_IO_URING_SETUP, 8, path),
		"bpf":           raw(unix.SYS_BPF, 0, path, 72),
		"perf":          raw(unix.SYS_PERF_EVENT_OPEN, path),
		"userfaultfd":   raw(unix.SYS_USERFAULTFD),
		"keyctl":        raw(unix.SYS_KEYCTL),
		"prctl":         func() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) },
		"setuid":        raw(unix.SYS_SETUID, 0),
		"shm":           raw(unix.SYS_SHMGET, 0, 4096, 0o1600),
		"inotify":       raw(unix.SYS_INOTIFY_INIT1),
		"settime":       raw(unix.SYS_CLOCK_SETTIME, 0, path),
		"no new number": raw(100_000),
	}
}
