package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"

	"github.com/bindery-mcp/bindery/sandbox"
	"golang.org/x/sys/unix"
)

// errno makes a system call and returns how it ended.
func errno(nr uintptr, args ...uintptr) string {
	var a [3]uintptr
	copy(a[:], args)
	_, _, e := unix.RawSyscall(nr, a[0], a[1], a[2])
	return e.Error()
}

// system does what only a script that broke out of its interpreter could do.
func system(word string, data json.RawMessage, out *sandbox.Outcome) error {
	switch word {
	case "raw": // write data, base64, into the connection
		var b []byte
		if err := json.Unmarshal(data, &b); err != nil {
			return err
		}
		for len(b) > 0 {
			n, err := unix.Write(3, b)
			if err == unix.EAGAIN {
				runtime.Gosched()
				continue
			}
			if err != nil {
				return err
			}
			b = b[n:]
		}
	case "hangup":
		unix.Close(3)
	case "sigstop", "sigkill":
		sig := map[string]unix.Signal{"sigstop": unix.SIGSTOP, "sigkill": unix.SIGKILL}[word]
		runtime.LockOSThread()
		return unix.Tgkill(os.Getpid(), unix.Gettid(), sig)
	case "stderr":
		for range 1 << 10 {
			fmt.Fprintln(os.Stderr, base64.StdEncoding.EncodeToString(make([]byte, 1<<10)))
		}
	case "look":
		found := map[string]any{"environ": len(os.Environ()), "args": len(os.Args)}
		var writable []int
		for fd := 4; fd < 100; fd++ {
			if _, err := unix.Write(fd, []byte("x")); err == nil {
				writable = append(writable, fd)
			}
		}
		found["writable"] = writable
		_, err := os.ReadFile("/etc/passwd")
		found["open"] = fmt.Sprint(err)
		_, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		found["socket"] = fmt.Sprint(err)
		found["connect"] = errno(unix.SYS_CONNECT, 3)
		found["fork"] = errno(unix.SYS_CLONE, uintptr(unix.SIGCHLD))
		found["ptrace"] = errno(unix.SYS_PTRACE, unix.PTRACE_ATTACH, uintptr(os.Getppid()))
		for _, name := range []string{"environ", "cmdline"} {
			_, err = os.ReadFile("/proc/self/" + name)
			found["own "+name] = fmt.Sprint(err)
		}
		_, err = os.ReadDir("/proc/self/fd")
		found["own files"] = fmt.Sprint(err)
		found["exec"] = fmt.Sprint(exec.Command("/bin/true").Run())
		found["kill"] = fmt.Sprint(unix.Kill(os.Getppid(), 0))
		b, err := json.Marshal(found)
		out.Value = b
		return err
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return nil
}
