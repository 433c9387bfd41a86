//go:build linux && (amd64 || arm64)

package confine

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data (seccomp(2)). Arguments are 64 bits wide;
// those that matter here are ints, in the low half on a little-endian machine.
const (
	offNumber = 0
	offArch   = 4
	offArgs   = 16
)

// allowed are the system calls that the Go runtime, with or without cgo, makes
// after start-up. None of them reaches a file, a socket or a process that
// the caller does not hold already; whatever is not in the list is refused
// with EPERM, new system calls included.
func allowed() []uint32 {
	return append(archAllowed(),
		unix.SYS_FUTEX, unix.SYS_READ, unix.SYS_WRITE, unix.SYS_EPOLL_PWAIT, unix.SYS_NANOSLEEP,
		unix.SYS_CLOCK_GETTIME, unix.SYS_MADVISE, unix.SYS_RT_SIGRETURN, unix.SYS_SCHED_YIELD,
		unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_MPROTECT,
		unix.SYS_MREMAP, unix.SYS_MINCORE, unix.SYS_BRK,
		unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGACTION, unix.SYS_SIGALTSTACK, unix.SYS_RESTART_SYSCALL,
		unix.SYS_READV, unix.SYS_WRITEV, unix.SYS_CLOSE, unix.SYS_FSTAT, unix.SYS_PIPE2,
		unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EVENTFD2,
		unix.SYS_CLOCK_GETRES, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_GETTIMEOFDAY,
		unix.SYS_SCHED_GETAFFINITY, unix.SYS_SET_ROBUST_LIST, unix.SYS_SET_TID_ADDRESS, unix.SYS_RSEQ,
		unix.SYS_GETRANDOM, unix.SYS_GETRUSAGE, unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
	)
}

// program returns the filter for a process with the given id.
func program(pid int) []unix.SockFilter {
	var p []unix.SockFilter
	load := func(off uint32) {
		p = append(p, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: off})
	}
	ret := func(action uint32) { p = append(p, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action}) }
	// unless skips n instructions if the comparison op with k fails.
	unless := func(op uint16, k uint32, n uint8) {
		p = append(p, unix.SockFilter{Code: unix.BPF_JMP | op | unix.BPF_K, Jf: n, K: k})
	}
	const deny = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	// allowIf lets one system call pass if an argument compares so.
	allowIf := func(nr uint32, arg int, op uint16, k uint32) {
		unless(unix.BPF_JEQ, nr, 4)
		load(uint32(offArgs + 8*arg))
		unless(op, k, 1)
		ret(unix.SECCOMP_RET_ALLOW)
		ret(deny)
	}

	// Another calling convention would give the numbers other meanings.
	load(offArch)
	p = append(p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: 1, K: auditArch})
	ret(unix.SECCOMP_RET_KILL_PROCESS)
	load(offNumber)
	if runtime.GOARCH == "amd64" {
		const x32 = 0x40000000 // __X32_SYSCALL_BIT, same arch value
		unless(unix.BPF_JGE, x32, 1)
		ret(unix.SECCOMP_RET_KILL_PROCESS)
	}
	for _, nr := range allowed() {
		unless(unix.BPF_JEQ, nr, 1)
		ret(unix.SECCOMP_RET_ALLOW)
	}
	// Threads, not processes. The C library tries clone3 first, whose flags
	// lie behind a pointer where no filter can look, and falls back if it is
	// told that there is none.
	allowIf(unix.SYS_CLONE, 0, unix.BPF_JSET, unix.CLONE_THREAD)
	unless(unix.BPF_JEQ, unix.SYS_CLONE3, 1)
	ret(unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS))
	// The runtime signals its own threads to preempt goroutines.
	allowIf(unix.SYS_TGKILL, 0, unix.BPF_JEQ, uint32(pid))
	// Lower, for this process only.
	allowIf(unix.SYS_PRLIMIT64, 0, unix.BPF_JEQ, 0)
	// Flags, but not F_SETOWN, which sends signals to others.
	unless(unix.BPF_JEQ, unix.SYS_FCNTL, 4)
	load(offArgs + 8)
	p = append(p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K, Jt: 1, K: unix.F_SETFL})
	ret(unix.SECCOMP_RET_ALLOW)
	ret(deny)
	ret(deny)
	return p
}

// filterSyscalls puts the filter on all threads. A kernel without seccomp is
// left as it is; [Support] reports it.
func filterSyscalls() error {
	if !seccompAvailable() {
		return nil
	}
	// The attributes belong to a thread until TSYNC copies them to all.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("confine process: set no_new_privs: %w", err)
	}
	p := program(os.Getpid())
	prog := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	if err := seccomp(unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, &prog); err != nil {
		return fmt.Errorf("confine process with seccomp: %w", err)
	}
	return nil
}

// seccomp calls seccomp(2). With TSYNC it returns the id of a thread that
// could not be filtered, which is an error too.
func seccomp[T any](op, flags uintptr, arg *T) error {
	r, _, errno := unix.Syscall(unix.SYS_SECCOMP, op, flags, uintptr(unsafe.Pointer(arg)))
	if errno != 0 {
		return errno
	}
	if r != 0 {
		return fmt.Errorf("thread %d cannot be filtered", r)
	}
	return nil
}
