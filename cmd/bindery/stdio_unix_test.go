//go:build unix

package main_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestSignalOnStdio asks a gateway to end whose client keeps both of its files
// open: while it waits for the client to write, and for it to read.
func TestSignalOnStdio(t *testing.T) {
	for name, reads := range map[string]bool{"reading": true, "writing": false} {
		t.Run(name, func(t *testing.T) {
			stdin, in := blockingPipe(t)
			out, stdout := blockingPipe(t)
			cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "bindery"), "bridge", "--stdio", "--", "bindery", "sample", "tracker")
			cmd.Env = append(os.Environ(), "PATH="+binDir+string(os.PathListSeparator)+os.Getenv("PATH"))
			cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, os.Stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cmd.Process.Kill() }()
			// More answers than a pipe has room for. Once the last is written most
			// are there: what a pipe holds itself, and readers do, is far less.
			lines := bufio.NewReader(out)
			for i := range 600 {
				if _, err := fmt.Fprintf(in, `{"jsonrpc":"2.0","id":"%0900d","method":"ping"}`+"\n", i); err != nil {
					t.Fatal(err)
				}
				if !reads {
					continue
				}
				if _, err := lines.ReadSlice('\n'); err != nil {
					t.Fatal(err)
				}
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("the gateway ended with %v", err)
			}
		})
	}
}

// blockingPipe returns a pipe as a shell opens it, and a terminal is.
func blockingPipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*os.File{r, w} {
		t.Cleanup(func() { _ = f.Close() })
		if err := syscall.SetNonblock(int(f.Fd()), false); err != nil {
			t.Fatal(err)
		}
	}
	return r, w
}
