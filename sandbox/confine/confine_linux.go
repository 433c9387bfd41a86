//go:build linux && (amd64 || arm64)

package confine

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/landlock-lsm/go-landlock/landlock"
	llsyscall "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

func apply(l Limits) error {
	for _, r := range []int{unix.RLIMIT_CORE, unix.RLIMIT_FSIZE} {
		if err := setRlimit(r, 0, 0); err != nil {
			return err
		}
	}
	if err := lower(l); err != nil {
		return err
	}
	if err := dropCapabilities(); err != nil {
		return err
	}
	// Best effort drops what the kernel's Landlock is too old for, and all of
	// it where there is none: seccomp below holds without it.
	if err := landlock.V11.BestEffort().Restrict(); err != nil {
		return fmt.Errorf("confine process with landlock: %w", err)
	}
	return filterSyscalls()
}

func lower(l Limits) error {
	if l.Memory > 0 {
		if err := setRlimit(unix.RLIMIT_DATA, uint64(l.Memory), uint64(l.Memory)); err != nil {
			return err
		}
	}
	if l.CPU > 0 {
		var u unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
			return fmt.Errorf("read own CPU time: %w", err)
		}
		used := time.Duration(u.Utime.Nano() + u.Stime.Nano())
		soft := wholeSeconds(used + l.CPU)
		hard := soft + 1
		if l.Life > 0 {
			hard = wholeSeconds(used + l.Life)
		}
		if err := setRlimit(unix.RLIMIT_CPU, soft, hard); err != nil {
			return err
		}
	}
	if l.Files > 0 {
		return setRlimit(unix.RLIMIT_NOFILE, uint64(l.Files), uint64(l.Files))
	}
	return nil
}

// wholeSeconds rounds up, to what RLIMIT_CPU is set in.
func wholeSeconds(d time.Duration) uint64 { return uint64((d + time.Second - 1) / time.Second) }

// mapped reads the sixth number of proc_pid_statm(5), in pages.
func mapped() (int64, error) {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, fmt.Errorf("read own memory size: %w", err)
	}
	fields := strings.Fields(string(b))
	if len(fields) < 6 {
		return 0, fmt.Errorf("read own memory size: /proc/self/statm has %d numbers", len(fields))
	}
	pages, err := strconv.ParseInt(fields[5], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read own memory size: %w", err)
	}
	return pages * int64(os.Getpagesize()), nil
}

// setRlimit lowers one limit. A hard limit that is lower already stays: only
// privileged processes could raise it.
func setRlimit(resource int, soft, hard uint64) error {
	var old unix.Rlimit
	// prlimit, the one call that the filter knows.
	if err := unix.Prlimit(0, resource, nil, &old); err != nil {
		return fmt.Errorf("read resource limit %d: %w", resource, err)
	}
	hard = min(hard, old.Max)
	if err := unix.Prlimit(0, resource, &unix.Rlimit{Cur: min(soft, hard), Max: hard}, nil); err != nil {
		return fmt.Errorf("set resource limit %d to %d: %w", resource, soft, err)
	}
	return nil
}

func support() Report {
	r := Report{System: runtime.GOOS + "/" + runtime.GOARCH, Seccomp: seccompAvailable(), Rlimits: true}
	if v, err := llsyscall.LandlockGetABIVersion(); err == nil {
		r.Landlock = v
	}
	if r.Landlock == 0 {
		r.Missing = append(r.Missing, Missing{
			Feature: "landlock",
			Meaning: "file access of workers is refused by one mechanism (seccomp) instead of two",
			Remedy:  "use Linux 5.13 or newer with landlock in the kernel's lsm= list, and a container runtime that lets landlock_* system calls pass",
		})
	}
	if !r.Seccomp {
		r.Missing = append(r.Missing, Missing{
			Feature: "seccomp",
			Meaning: "a script that breaks out of its interpreter can open non-TCP sockets and start programs",
			Remedy:  "use a kernel built with CONFIG_SECCOMP_FILTER, and a container runtime that lets seccomp(2) pass",
		})
	}
	return r
}

// seccompAvailable asks the kernel, rather than its version, whether a filter
// may answer with an error (seccomp(2), SECCOMP_GET_ACTION_AVAIL).
func seccompAvailable() bool {
	action := uint32(unix.SECCOMP_RET_ERRNO)
	return seccomp(unix.SECCOMP_GET_ACTION_AVAIL, 0, &action) == nil
}
