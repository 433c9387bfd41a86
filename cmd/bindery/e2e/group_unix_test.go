//go:build unix

package e2e

import "syscall"

// ownGroup has a process begin a process group.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killGroup(leader int) error { return syscall.Kill(-leader, syscall.SIGKILL) }

func kill(pid int) error { return syscall.Kill(pid, syscall.SIGKILL) }

func makePipe(path string) error { return syscall.Mkfifo(path, 0o600) }
