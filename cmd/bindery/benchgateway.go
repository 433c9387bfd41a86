package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks/load"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// ownGateway is `bindery serve` in a process of its own: what is measured there
// is what a user gets.
type ownGateway struct {
	url  string
	cmd  *exec.Cmd
	read chan struct{} // closed when its standard error has ended
}

// startGateway starts one with the configuration and returns once it listens.
func startGateway(ctx context.Context, path, pythonWasm string) (*ownGateway, error) {
	fail := func(err error) error {
		return &bindery.Error{Code: bindery.Unavailable, Op: "start a gateway", Err: err, Hint: "see what this says: bindery serve --config " + path}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fail(err)
	}
	args := []string{"serve", "--config", path, "--listen", "127.0.0.1:0"}
	if pythonWasm != "" {
		args = append(args, "--python-wasm", pythonWasm)
	}
	g := &ownGateway{cmd: exec.CommandContext(ctx, self, args...), read: make(chan struct{})}
	g.cmd.Cancel = func() error { return g.cmd.Process.Signal(os.Interrupt) }
	g.cmd.WaitDelay = 2 * drain
	stderr, err := g.cmd.StderrPipe()
	if err != nil {
		return nil, fail(err)
	}
	if err := g.cmd.Start(); err != nil {
		return nil, fail(err)
	}
	lines := bufio.NewScanner(stderr)
	last := ""
	for lines.Scan() {
		last = lines.Text()
		if _, url, ok := strings.Cut(last, "listening on "); ok {
			g.url = url
			break
		}
	}
	go func() {
		defer close(g.read)
		_, _ = io.Copy(io.Discard, stderr)
	}()
	if g.url == "" {
		<-g.read
		return nil, fail(errors.Join(g.cmd.Wait(), errors.New(strings.TrimPrefix(last, "bindery: "))))
	}
	return g, nil
}

// stop ends it and waits for it.
func (g *ownGateway) stop() error {
	_ = g.cmd.Process.Signal(os.Interrupt)
	kill := time.AfterFunc(2*drain, func() { _ = g.cmd.Process.Kill() })
	defer kill.Stop()
	<-g.read
	if err := g.cmd.Wait(); err != nil {
		return fmt.Errorf("end the gateway: %w", err)
	}
	return nil
}

// memory is what the gateway and its workers hold; its servers are not its own.
func (g *ownGateway) memory() []load.Memory {
	workers := func(command string) bool { return strings.Contains(command, " "+worker.Arg) }
	python := func(command string) bool { return strings.Contains(command, worker.Arg+" "+pythonWorker) }
	var all []load.Memory
	for _, part := range []struct {
		name string
		keep func(string) bool
	}{
		{"gateway", func(command string) bool { return strings.Contains(command, " serve ") && !workers(command) }},
		{"workers", func(command string) bool { return workers(command) && !python(command) }},
		{"workers for Python", python},
	} {
		if m, ok := load.MemoryOf(part.name, g.cmd.Process.Pid, part.keep); ok {
			all = append(all, m)
		}
	}
	return all
}
