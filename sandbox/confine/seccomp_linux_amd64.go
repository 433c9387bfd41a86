package confine

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_X86_64

// archAllowed are the calls that only this architecture has.
func archAllowed() []uint32 {
	return []uint32{unix.SYS_EPOLL_WAIT, unix.SYS_ARCH_PRCTL}
}
