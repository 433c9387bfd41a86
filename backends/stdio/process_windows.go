package stdio

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// terminateGroup does nothing: Windows has no signal that a program without a
// console would see.
func terminateGroup(*os.Process) {}

func killGroup(p *os.Process) {
	// taskkill knows the tree; without it at least the leader goes.
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(p.Pid)).Run()
	_ = p.Kill()
}

func reap(cmd *exec.Cmd) error { return cmd.Wait() }
