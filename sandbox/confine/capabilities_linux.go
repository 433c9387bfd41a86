//go:build linux && (amd64 || arm64)

package confine

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/psx"
)

// dropCapabilities takes away what root may do: with CAP_SYS_RESOURCE the
// process could raise the limits that it has lowered (setrlimit(2)), and no
// filter sees what prlimit64 sets, which lies behind a pointer.
func dropCapabilities() error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var has, none [2]unix.CapUserData
	if err := unix.Capget(&header, &has[0]); err != nil {
		return fmt.Errorf("read own capabilities: %w", err)
	}
	if has == none { // which spares systems that refuse the call below
		return nil
	}
	// Capabilities belong to a thread.
	_, _, errno := psx.Syscall3(unix.SYS_CAPSET,
		uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&none[0])), 0)
	if errno != 0 {
		return fmt.Errorf("drop own capabilities: %w", errno)
	}
	return nil
}
