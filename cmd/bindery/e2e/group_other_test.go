//go:build !unix

package e2e

import (
	"errors"
	"syscall"
)

// The package can be built elsewhere; its tests need Unix.
func ownGroup() *syscall.SysProcAttr { return nil }

func killGroup(int) error { return errors.ErrUnsupported }

func kill(int) error { return errors.ErrUnsupported }

func makePipe(string) error { return errors.ErrUnsupported }
