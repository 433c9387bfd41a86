package backends_test

import (
	"bytes"
	"fmt"
	"os"
)

// isZombie reports whether a process is dead and waits for a parent, which in
// a container may never come.
func isZombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := bytes.Cut(stat, []byte(") "))
	return bytes.HasPrefix(rest, []byte("Z"))
}
