package main_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// background is a gateway that a transcript has started.
type background struct {
	cmd   *exec.Cmd
	mu    sync.Mutex
	lines []string
	more  chan struct{} // closed at the next line
	over  chan struct{}
}

type backgroundKey struct{}

// startGateway is "gateway ARGS…": it runs bindery in the background until the
// transcript ends, and returns once it listens. GATEWAY is then the address
// without a path.
func startGateway(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: gateway ARGS…")
	}
	g := &background{
		cmd:  exec.CommandContext(context.Background(), filepath.Join(binDir, "bindery"), args...),
		more: make(chan struct{}), over: make(chan struct{}),
	}
	g.cmd.Dir = ts.MkAbs(".")
	g.cmd.Env = os.Environ()
	for _, name := range []string{"PATH", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"} {
		g.cmd.Env = append(g.cmd.Env, name+"="+ts.Getenv(name))
	}
	stderr, err := g.cmd.StderrPipe()
	ts.Check(err)
	ts.Check(g.cmd.Start())
	go g.read(bufio.NewScanner(stderr))
	ts.Defer(func() { g.stop(ts) })
	line := g.await(ts, regexp.MustCompile(`listening on (\S+)/mcp`))
	ts.Setenv("GATEWAY", line[1])
	ts.Setenv("WSGATEWAY", strings.Replace(line[1], "http", "ws", 1))
	ts.Value(backgroundKey{}).(*backgrounds).now = g
}

// backgrounds is the gateway of one transcript.
type backgrounds struct{ now *background }

func (g *background) read(lines *bufio.Scanner) {
	defer close(g.over)
	for lines.Scan() {
		g.mu.Lock()
		g.lines = append(g.lines, lines.Text())
		close(g.more)
		g.more = make(chan struct{})
		g.mu.Unlock()
	}
}

// await returns the first line that matches, whenever it comes.
func (g *background) await(ts *testscript.TestScript, re *regexp.Regexp) []string {
	timeout := time.After(time.Minute)
	for {
		g.mu.Lock()
		text, more := strings.Join(g.lines, "\n"), g.more
		g.mu.Unlock()
		if m := re.FindStringSubmatch(text); m != nil {
			return m
		}
		select {
		case <-more:
		case <-g.over:
			ts.Fatalf("the gateway ended without saying %s; it said:\n%s", re, text)
		case <-timeout:
			ts.Fatalf("the gateway never said %s; it said:\n%s", re, text)
		}
	}
}

func (g *background) stop(ts *testscript.TestScript) {
	_ = g.cmd.Process.Signal(os.Interrupt)
	kill := time.AfterFunc(30*time.Second, func() { _ = g.cmd.Process.Kill() })
	defer kill.Stop()
	<-g.over
	if err := g.cmd.Wait(); err != nil {
		ts.Logf("the gateway ended with %v, having said:\n%s", err, strings.Join(g.lines, "\n"))
	}
}

// gatewaySaid is "said REGEXP": it waits until the gateway has said so.
func gatewaySaid(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: said REGEXP")
	}
	g := ts.Value(backgroundKey{}).(*backgrounds).now
	if g == nil {
		ts.Fatalf("there is no gateway")
	}
	g.await(ts, regexp.MustCompile(args[0]))
}

// expandFile is "envfile FILE": it replaces $NAME in a file.
func expandFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: envfile FILE")
	}
	path := ts.MkAbs(args[0])
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(path, []byte(text), 0o600))
}
