package web

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// limitUnacknowledged is for [net.Dialer].Control. Without it the kernel sends
// data that nobody acknowledges for a quarter of an hour (tcp(7),
// TCP_USER_TIMEOUT).
func limitUnacknowledged(_, _ string, c syscall.RawConn) error {
	// A kernel that refuses has its own limit, which is no reason not to connect.
	return c.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(unacknowledged.Milliseconds()))
	})
}
