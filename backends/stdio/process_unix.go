//go:build unix

package stdio

import (
	"os"
	"syscall"
)

// The errors of the signals below are of no use: a group that is gone cannot
// be signalled, and that is what was wanted.

func terminateGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGTERM) }

func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
