package confine

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_AARCH64

// archAllowed are the calls that only this architecture has.
func archAllowed() []uint32 { return nil }
