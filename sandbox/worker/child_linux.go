package worker

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// connFD is where a worker finds its end of the socket.
const connFD = 3

// closeInherited closes what the gateway's own parent may have left open
// without close-on-exec, which the gateway passes on without knowing. The
// runtime's descriptors, all anonymous, stay.
func closeInherited() error {
	dir, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return fmt.Errorf("list open files: %w", err)
	}
	for _, e := range dir {
		fd, err := strconv.Atoi(e.Name())
		if err != nil || fd <= connFD {
			continue
		}
		name, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err != nil || strings.HasPrefix(name, "anon_inode:") {
			continue // closed since, as the directory itself, or the runtime's
		}
		if err := unix.Close(fd); err != nil {
			return fmt.Errorf("close inherited file %d: %w", fd, err)
		}
	}
	return nil
}

func inheritedConn() (io.ReadWriter, error) {
	if _, err := unix.FcntlInt(connFD, unix.F_GETFD, 0); err != nil {
		return nil, fmt.Errorf("no connection on file %d: this command is for the gateway's own use: %w", connFD, err)
	}
	// Without this, a read would hold a thread.
	if err := unix.SetNonblock(connFD, true); err != nil {
		return nil, fmt.Errorf("prepare connection: %w", err)
	}
	return os.NewFile(connFD, "gateway"), nil
}

func cpuSignal() os.Signal { return syscall.SIGXCPU }
