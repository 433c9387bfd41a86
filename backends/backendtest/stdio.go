package backendtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

// modeVar is the environment variable that makes a test binary a server.
const modeVar = "BACKENDTEST_MODES"

// Main makes the process a stdio server, which never returns, if it was
// started as [Command] says; otherwise it does nothing. A test binary calls it
// first in TestMain.
func Main() {
	v, ok := os.LookupEnv(modeVar)
	if !ok {
		return
	}
	var modes []Mode
	for m := range strings.SplitSeq(v, ",") {
		modes = append(modes, Mode(m))
	}
	serveStdio(newServer(modes))
	os.Exit(0)
}

// Command returns how to start this binary as a stdio server with the modes.
// The environment is what the server needs besides a usual one.
func Command(modes ...Mode) (command string, env map[string]string, err error) {
	command, err = os.Executable()
	if err != nil {
		return "", nil, err
	}
	var names []string
	for _, m := range modes {
		names = append(names, string(m))
	}
	return command, map[string]string{
		modeVar: strings.Join(names, ","),
		// A binary with the race detector would sleep for a second at its exit.
		"GORACE": "atexit_sleep_ms=0",
	}, nil
}

// startSleeper starts a child that lives for an hour, with our output.
func startSleeper() (pid int, err error) {
	command, env, err := Command(sleeper)
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(command)
	for name, v := range env {
		cmd.Env = append(cmd.Env, name+"="+v)
	}
	cmd.Stdout = os.Stdout
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	go func() { _ = cmd.Wait() }()
	return cmd.Process.Pid, nil
}

type stdioPeer struct {
	mu sync.Mutex
	w  *bufio.Writer
}

func (p *stdioPeer) begin() io.Writer { p.mu.Lock(); return p.w }

func (p *stdioPeer) end() {
	_ = p.w.WriteByte('\n')
	_ = p.w.Flush()
	p.mu.Unlock()
}

func (p *stdioPeer) notify(message string) {
	_, _ = io.WriteString(p.begin(), message)
	p.end()
}

func (p *stdioPeer) push(message string) { p.notify(message) }

func serveStdio(s *server) {
	if s.is(sleeper) {
		signal.Ignore(syscall.SIGTERM)
		time.Sleep(time.Hour)
		return
	}
	if s.is(DieOnStart) {
		fmt.Fprintln(os.Stderr, "starting\nreading the configuration\nmissing API key: \x1b[1mset FOO\x1b[0m")
		os.Exit(7)
	}
	if s.is(IgnoreTerm) {
		signal.Ignore(syscall.SIGTERM)
	}
	if s.is(Orphan) {
		if _, err := startSleeper(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	p := &stdioPeer{w: bufio.NewWriter(os.Stdout)}
	if s.is(GarbageFirst) {
		p.notify("OAuth keys found in current directory")
		p.notify("\x1b[32mListening…\x1b[0m")
	}
	s.readStdin(p)
	if s.is(HangClose) || s.is(IgnoreTerm) {
		time.Sleep(time.Hour)
	}
}

// waitToRead waits for whoever keeps the server from reading.
func (s *server) waitToRead() {
	s.reading.Lock()
	s.reading.Unlock() //nolint:staticcheck,gocritic // what matters is that it could be locked
}

// readStdin answers until the input ends, and then finishes what it began.
func (s *server) readStdin(p peer) {
	var handlers sync.WaitGroup
	defer handlers.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		s.waitToRead()
		if err != nil {
			return
		}
		var r request
		if json.Unmarshal(line, &r) != nil {
			continue
		}
		r.text = bytes.TrimSpace(line)
		// Answers to requests under way must not keep the next ones waiting.
		handlers.Go(func() { s.handle(ctx, r, p) })
		if r.Method == "tools/list" && s.is(DeafStdin) {
			time.Sleep(time.Hour)
		}
	}
}
