//go:build unix

package backends_test

import (
	"errors"
	"syscall"
	"testing"
	"time"
)

// gone waits until a process does not run; a zombie does not.
func gone(t *testing.T, pid int) bool {
	t.Helper()
	for ctx := within(t); ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || isZombie(pid) {
			return true
		}
	}
	return false
}
