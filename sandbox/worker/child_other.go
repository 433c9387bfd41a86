//go:build !linux

package worker

import (
	"io"
	"os"
)

func closeInherited() error { return nil }

func inheritedConn() (io.ReadWriter, error) {
	return struct {
		io.Reader
		io.Writer
	}{os.Stdin, os.Stdout}, nil
}

// cpuSignal returns nil: nothing sets a CPU limit here.
func cpuSignal() os.Signal { return nil }
