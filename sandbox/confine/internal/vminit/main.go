//go:build linux

// Command vminit is the first process of a virtual machine whose image holds
// nothing but it, a kernel and static programs: testdata/arm64.sh of package
// confine builds that image to run the confinement on an architecture that the
// machine at hand does not have.
//
// It mounts what programs expect, runs each line of /steps as a command and
// powers off. The console ends with "vminit: passed" if all went well. Called
// as "go" it stands in for the Go command: tests build the programs they run,
// and here those are in /built already.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// patience bounds one step: emulation is slow, not endless.
const patience = time.Hour

func main() {
	if filepath.Base(os.Args[0]) == "go" {
		if err := build(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, "vminit is the init of a virtual machine, see testdata/arm64.sh in sandbox/confine")
		os.Exit(2)
	}
	verdict := "passed"
	if err := errors.Join(prepare(), runSteps("/steps")); err != nil {
		fmt.Fprintln(os.Stdout, "vminit:", err)
		verdict = "FAILED"
	}
	fmt.Fprintln(os.Stdout, "vminit:", verdict)
	unix.Sync()
	// The kernel panics, and QEMU ends, if init returns instead.
	if err := unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF); err != nil {
		fmt.Fprintln(os.Stdout, "vminit: power off:", err)
	}
}

// prepare makes the machine one that programs know their way about in, with no
// network but loopback.
func prepare() error {
	for _, m := range []struct{ kind, dir string }{
		{"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}, {"tmpfs", "/tmp"},
	} {
		if err := os.MkdirAll(m.dir, 0o755); err != nil {
			return err
		}
		if err := unix.Mount(m.kind, m.dir, m.kind, 0, ""); err != nil {
			return fmt.Errorf("mount %s: %w", m.dir, err)
		}
	}
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("bring up loopback: %w", err)
	}
	defer unix.Close(socket)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return fmt.Errorf("bring up loopback: %w", err)
	}
	lo.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, lo); err != nil {
		return fmt.Errorf("bring up loopback: %w", err)
	}
	return nil
}

// runSteps runs the lines of a file: a user's number, a folder and a command,
// apart by blanks. One that fails does not keep the next from running.
func runSteps(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	var failed []error
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		fmt.Fprintln(os.Stdout, "vminit: ==", line)
		begin := time.Now()
		if err := runStep(line); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", line, err))
		}
		fmt.Fprintln(os.Stdout, "vminit: took", time.Since(begin).Round(time.Second))
	}
	return errors.Join(failed...)
}

func runStep(line string) error {
	var uid uint32
	var dir string
	if _, err := fmt.Sscan(line, &uid, &dir); err != nil {
		return fmt.Errorf("not a step: %w", err)
	}
	command := strings.Fields(line)[2:]
	if len(command) == 0 {
		return errors.New("not a step: no command")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/bin", "HOME=/tmp", "TMPDIR=/tmp"}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	return cmd.Run()
}

// build is `go build -o FILE ./internal/NAME` with what was built beforehand.
func build(args []string) error {
	out := slices.Index(args, "-o") + 1
	if len(args) < 4 || args[0] != "build" || out == 0 || out == len(args) {
		return fmt.Errorf("go %s: this is no Go toolchain", strings.Join(args, " "))
	}
	name := filepath.Base(args[len(args)-1])
	if os.Getenv("CGO_ENABLED") == "1" {
		name += ".cgo"
	}
	program := filepath.Join("/built", name)
	if _, err := os.Stat(program); err != nil {
		return err
	}
	return os.Symlink(program, args[out])
}
