//go:build linux

package main

import (
	"net"
	"os"
	"os/exec"
	"unsafe"

	"golang.org/x/sys/unix"
)

// raw returns an attempt at one system call, whatever its arguments are worth:
// the filter answers before the kernel looks at them.
func raw(nr uintptr, args ...uintptr) func() error {
	return func() error {
		var a [6]uintptr
		copy(a[:], args)
		if _, _, errno := unix.RawSyscall6(nr, a[0], a[1], a[2], a[3], a[4], a[5]); errno != 0 {
			return errno
		}
		return nil
	}
}

// path returns a pointer to the name of a file that everybody may read.
func path() uintptr { return uintptr(unsafe.Pointer(&[]byte("/etc/passwd\x00")[0])) }

func attemptsOnFiles(file, dir *os.File) map[string]func() error {
	fd, folder, path := file.Fd(), dir.Fd(), path()
	return map[string]func() error{
		"open":             func() error { _, err := os.Open("/etc/passwd"); return err },
		"open cwd":         func() error { _, err := os.Open("."); return err },
		"open environ":     func() error { _, err := os.Open("/proc/self/environ"); return err },
		"open cmdline":     func() error { _, err := os.Open("/proc/self/cmdline"); return err },
		"list descriptors": func() error { _, err := os.ReadDir("/proc/self/fd"); return err },
		"open memory":      func() error { _, err := os.Open("/proc/self/mem"); return err },
		"open in folder":   func() error { _, err := unix.Openat(int(folder), "etc/passwd", unix.O_RDONLY, 0); return err },
		"list folder":      raw(unix.SYS_GETDENTS64, folder, path, 32),
		"enter folder":     raw(unix.SYS_FCHDIR, folder),
		"create":           func() error { _, err := os.Create("/tmp/probe-created"); return err },
		"openat2":          raw(unix.SYS_OPENAT2, path, path, path, 24),
		"by handle":        raw(unix.SYS_OPEN_BY_HANDLE_AT, folder, path, 0),
		"stat":             func() error { _, err := os.Stat("/etc/passwd"); return err },
		"readlink":         func() error { _, err := os.Readlink("/proc/self/exe"); return err },
		"access":           func() error { return unix.Access("/etc/passwd", unix.R_OK) },
		"unlink":           func() error { return unix.Unlink("/tmp/probe-created") },
		"rename":           func() error { return os.Rename("/tmp/probe-created", "/tmp/probe-renamed") },
		"link":             func() error { return os.Link("/etc/passwd", "/tmp/probe-created") },
		"symlink":          func() error { return os.Symlink("/etc/passwd", "/tmp/probe-created") },
		"chmod":            func() error { return unix.Fchmod(int(fd), 0o777) },
		"chown":            func() error { return unix.Fchown(int(fd), 0, 0) },
		"mkdir":            func() error { return unix.Mkdir("/tmp/probe-created", 0o700) },
		"mknod":            func() error { return unix.Mknod("/tmp/probe-created", unix.S_IFIFO, 0) },
		"chdir":            func() error { return unix.Chdir("/") },
		"chroot":           func() error { return unix.Chroot("/") },
		"mount":            func() error { return unix.Mount("none", "/mnt", "tmpfs", 0, "") },
		"unmount":          func() error { return unix.Unmount("/mnt", 0) },
		"memfd":            func() error { _, err := unix.MemfdCreate("x", 0); return err },
		"truncate":         func() error { return file.Truncate(1 << 20) },
		"allocate":         func() error { return unix.Fallocate(int(fd), 0, 0, 1<<20) },
		"copy between":     raw(unix.SYS_COPY_FILE_RANGE, fd, 0, fd, 0, 1),
		"splice":           raw(unix.SYS_SPLICE, fd, 0, fd, 0, 1),
		"write file":       func() error { _, err := file.Write([]byte("x")); return err },
		"lock":             raw(unix.SYS_FLOCK, fd, unix.LOCK_EX),
		"duplicate":        raw(unix.SYS_DUP, fd),
		"ioctl":            func() error { _, err := unix.IoctlGetInt(0, unix.TIOCGPGRP); return err },
		"watch":            raw(unix.SYS_INOTIFY_INIT1),
		"watch all":        raw(unix.SYS_FANOTIFY_INIT),
	}
}

func attemptsOnSockets() map[string]func() error {
	path := path()
	return map[string]func() error{
		"socket tcp":    func() error { _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); return err },
		"socket udp":    func() error { _, err := unix.Socket(unix.AF_INET6, unix.SOCK_DGRAM, 0); return err },
		"socket unix":   func() error { _, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err },
		"socket kernel": func() error { _, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW, 0); return err },
		"socketpair":    func() error { _, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err },
		"dial":          func() error { _, err := net.Dial("tcp", "127.0.0.1:1"); return err },
		"resolve":       raw(unix.SYS_SENDMMSG, 0, path, 1),
		"listen":        func() error { _, err := net.Listen("tcp", "127.0.0.1:0"); return err },
		"bind":          raw(unix.SYS_BIND, 0, path, 16),
		"accept":        raw(unix.SYS_ACCEPT4, 0),
		"connect":       raw(unix.SYS_CONNECT, 0, path, 16),
		"sendto":        raw(unix.SYS_SENDTO, 0, path, 1),
		// A descriptor can arrive by message, and leave by one.
		"sendmsg":     raw(unix.SYS_SENDMSG, 0, path, 0),
		"recvmsg":     raw(unix.SYS_RECVMSG, 0, path, 0),
		"sock option": raw(unix.SYS_SETSOCKOPT, 0, 0, 0, path, 4),
	}
}

func attemptsOnProcesses() map[string]func() error {
	parent, path := os.Getppid(), path()
	return map[string]func() error{
		"exec":              func() error { return exec.Command("/bin/true").Run() },
		"execve":            func() error { return unix.Exec("/bin/true", []string{"true"}, nil) },
		"execveat":          raw(unix.SYS_EXECVEAT, 0, path, 0, 0, unix.AT_EMPTY_PATH),
		"fork":              raw(unix.SYS_CLONE, uintptr(unix.SIGCHLD)),
		"vfork":             raw(unix.SYS_CLONE, uintptr(unix.CLONE_VM|unix.CLONE_VFORK)|uintptr(unix.SIGCHLD)),
		"fork of a sibling": raw(unix.SYS_CLONE, uintptr(unix.CLONE_PARENT)|uintptr(unix.SIGCHLD)),
		"clone3":            raw(unix.SYS_CLONE3, path, 88),
		"unshare":           func() error { return unix.Unshare(unix.CLONE_NEWUSER) },
		"join namespace":    raw(unix.SYS_SETNS, 0, 0),
		"trace me":          raw(unix.SYS_PTRACE, unix.PTRACE_TRACEME),
		"trace parent":      raw(unix.SYS_PTRACE, unix.PTRACE_ATTACH, uintptr(parent)),
		"read memory":       raw(unix.SYS_PROCESS_VM_READV, uintptr(parent)),
		"write memory":      raw(unix.SYS_PROCESS_VM_WRITEV, uintptr(parent)),
		"compare":           raw(unix.SYS_KCMP, uintptr(parent), uintptr(os.Getpid())),
		"kill parent":       func() error { return unix.Kill(parent, 0) },
		"kill group":        func() error { return unix.Kill(0, 0) },
		"kill all":          func() error { return unix.Kill(-1, 0) },
		"tgkill parent":     func() error { return unix.Tgkill(parent, parent, 0) },
		"tkill parent":      raw(unix.SYS_TKILL, uintptr(parent), 0),
		"sigqueue":          raw(unix.SYS_RT_SIGQUEUEINFO, uintptr(parent), 0, path),
		"pidfd":             func() error { _, err := unix.PidfdOpen(parent, 0); return err },
		"take descriptor":   raw(unix.SYS_PIDFD_GETFD, 0, 0),
		"signal by pidfd":   raw(unix.SYS_PIDFD_SEND_SIGNAL, 0, 0),
		"fcntl setown":      func() error { _, err := unix.FcntlInt(0, unix.F_SETOWN, parent); return err },
		"fcntl lease":       func() error { _, err := unix.FcntlInt(0, unix.F_SETLEASE, unix.F_RDLCK); return err },
		"limits of other": func() error {
			return unix.Prlimit(parent, unix.RLIMIT_CORE, nil, &unix.Rlimit{})
		},
		"raise limit": func() error {
			return unix.Prlimit(0, unix.RLIMIT_CORE, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20}, nil)
		},
		"priority":  raw(unix.SYS_SETPRIORITY, 0, 0, 19),
		"affinity":  raw(unix.SYS_SCHED_SETAFFINITY, 0, 8, path),
		"session":   raw(unix.SYS_SETSID),
		"group":     raw(unix.SYS_SETPGID, 0, 0),
		"wait":      raw(unix.SYS_WAIT4, ^uintptr(0)),
		"setuid":    raw(unix.SYS_SETUID, 0),
		"setgroups": raw(unix.SYS_SETGROUPS, 0, 0),
		"capset":    raw(unix.SYS_CAPSET, path, path),
	}
}

func attemptsOnSystem() map[string]func() error {
	path := path()
	return map[string]func() error{
		"io_uring":       raw(unix.SYS_IO_URING_SETUP, 8, path),
		"aio":            raw(unix.SYS_IO_SETUP, 1, path),
		"bpf":            raw(unix.SYS_BPF, 0, path, 72),
		"perf":           raw(unix.SYS_PERF_EVENT_OPEN, path),
		"userfaultfd":    raw(unix.SYS_USERFAULTFD),
		"keyctl":         raw(unix.SYS_KEYCTL),
		"add key":        raw(unix.SYS_ADD_KEY, path, path, path, 0, 0),
		"prctl":          func() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) },
		"personality":    raw(unix.SYS_PERSONALITY, 0xffffffff),
		"another filter": raw(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, path),
		"shm":            raw(unix.SYS_SHMGET, 0, 4096, 0o1600),
		"message queue":  raw(unix.SYS_MQ_OPEN, path, unix.O_CREAT),
		"semaphores":     raw(unix.SYS_SEMGET, 0, 1, 0o1600),
		"kernel log":     raw(unix.SYS_SYSLOG, 3, path, 8),
		"load module":    raw(unix.SYS_INIT_MODULE, path, 0, path),
		"kexec":          raw(unix.SYS_KEXEC_LOAD),
		"reboot":         raw(unix.SYS_REBOOT),
		"swap":           raw(unix.SYS_SWAPON, path),
		"host name":      raw(unix.SYS_SETHOSTNAME, path, 1),
		"settime":        raw(unix.SYS_CLOCK_SETTIME, 0, path),
		"timer":          raw(unix.SYS_TIMER_CREATE, 0, 0, path),
		"accounting":     raw(unix.SYS_ACCT, path),
		"lock memory":    raw(unix.SYS_MLOCKALL, 1),
		"secret memory":  raw(unix.SYS_MEMFD_SECRET),
		"no new number":  raw(100_000),
	}
}
