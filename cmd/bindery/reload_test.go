package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// So much may happen in the folder while the file is read that the system
// forgets some of it; changes are seen after that all the same.
func TestFollowAfterOverflow(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	if err != nil {
		t.Skip("the system does not say how much it keeps: ", err)
	}
	kept, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || kept > 1<<17 {
		t.Skipf("the system keeps too much, %s", text)
	}
	dir := t.TempDir()
	path, noise := filepath.Join(dir, "bindery.yaml"), [2]string{filepath.Join(dir, "a"), filepath.Join(dir, "b")}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(path, "mcpServers: {}\n")
	write(noise[0], "")
	write(noise[1], "")
	cfg, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	out, in := io.Pipe() // whoever says something waits until it is read
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		(&reloader{std: streams{err: in}, now: cfg, file: newConfigFile(path)}).follow(ctx)
	}()
	defer func() { stop(); _ = out.Close(); <-done }()
	defer time.AfterFunc(time.Minute, func() { _ = out.Close() }).Stop()

	held := make(chan error, 1)
	go func() { _, err := io.ReadFull(out, make([]byte, 1)); held <- err }()
	for holding := false; !holding; {
		write(path, "first: 1\n") // it may not be watched yet
		select {
		case err := <-held:
			if holding = true; err != nil {
				t.Fatal(err)
			}
		case <-time.After(5 * settled):
		}
	}
	for i := range 3 * kept {
		if err := os.Chmod(noise[i%2], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	for quiet := false; !quiet; { // until what there was is over
		select {
		case <-lines:
		case <-time.After(10 * settled):
			quiet = true
		}
	}
	write(path, "second: 1\n")
	for line := range lines {
		if strings.Contains(line, "second") {
			go func() {
				for range lines {
				}
			}()
			return
		}
	}
	t.Fatal("the change is not seen")
}
