//go:build unix

package secrets

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup gives the program a group, with which all that it starts can be
// ended.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends it. A group that is gone cannot be signalled, which is what
// was wanted.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
