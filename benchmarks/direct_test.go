package benchmarks_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/benchmarks/load"
)

// process is one that a benchmark started and ends.
type process struct {
	url string
	pid int
}

// startProcess starts a command and waits until it says on which URL it
// listens.
func startProcess(b testing.TB, name string, args ...string) process {
	b.Helper()
	cmd := exec.CommandContext(context.Background(), name, args...)
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	_ = w.Close()
	b.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		kill := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		kill.Stop()
		_ = r.Close()
	})
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "listening on "); ok {
			go func() { _, _ = io.Copy(io.Discard, r) }()
			return process{url, cmd.Process.Pid}
		}
	}
	b.Fatal("the process ended before it listened")
	return process{}
}

// buildProgram builds a program of this module as users get it, once.
func buildProgram(b testing.TB, name, dir string) string {
	b.Helper()
	path := filepath.Join(scratch, name)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	cmd := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", path, dir)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return path
}

func buildBindery(b testing.TB) string { return buildProgram(b, "bindery", "../cmd/bindery") }

// buildEcho builds the server that the gateway is in front of.
func buildEcho(b testing.TB) string { return buildProgram(b, "echo", "./testdata/echo") }

// BenchmarkDirect compares plain calls through the gateway with the same calls
// of the same server without it, all through HTTP: what the gateway adds, what
// it lets through, and what it takes of the processor.
func BenchmarkDirect(b *testing.B) {
	bindery, echo := buildBindery(b), buildEcho(b)
	server := startProcess(b, echo, "http")
	stdio := startProcess(b, bindery, "bridge", "--listen", "127.0.0.1:0", "--", echo)
	remote := startProcess(b, bindery, "bridge", "--listen", "127.0.0.1:0", server.url)
	idle := memoryOf(b, stdio.pid)
	for _, size := range []int{100, 500_000} {
		callers := []int{1, 16, 64}
		if size > 1000 {
			callers = callers[:2]
		}
		for _, n := range callers {
			b.Run(fmt.Sprintf("%d_bytes/%d_callers", size, n), func(b *testing.B) {
				for b.Loop() {
					measureDirect(b, size, n, server, stdio, remote)
				}
				b.ReportMetric(idle.resident, "idle-MiB")
			})
		}
	}
}

func measureDirect(b *testing.B, size, callers int, server, stdio, remote process) {
	b.Helper()
	var calls [3]atomic.Int64
	var targets []load.Target
	for i, p := range []process{server, stdio, remote} {
		// With one protocol version for all: the newest would only be spoken to bindery.
		e, err := load.ConnectAs(b.Context(), p.url, "", "2025-11-25")
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = e.Close() }()
		t := e.Calling(fmt.Sprint(i), "say", json.RawMessage(fmt.Sprintf(`{"bytes":%d}`, size)))
		do := t.Do
		t.Do = func(ctx context.Context) error { calls[i].Add(1); return do(ctx) }
		targets = append(targets, t)
	}
	before := []time.Duration{cpuTimeOf(b, server.pid), cpuTimeOf(b, stdio.pid), cpuTimeOf(b, remote.pid)}
	results, err := load.Run(b.Context(), targets, load.Options{Callers: []int{callers}, Warmup: 300 * time.Millisecond, Duration: time.Second, Rounds: 5})
	if err != nil {
		b.Fatal(err)
	}
	after := []time.Duration{cpuTimeOf(b, server.pid), cpuTimeOf(b, stdio.pid), cpuTimeOf(b, remote.pid)}
	for _, r := range results {
		if r.Failed > 0 {
			b.Fatalf("%d calls failed, first %v", r.Failed, r.Err)
		}
	}
	direct := results[0]
	b.ReportMetric(ms(direct.P50), "direct-p50-ms")
	b.ReportMetric(direct.PerSecond, "direct-calls/s")
	b.ReportMetric(ms(after[0]-before[0])/float64(calls[0].Load()), "direct-cpu-ms/call")
	for i, m := range []struct{ added, p99, share, cpu string }{
		{"stdio-added-p50-ms", "stdio-p99-ms", "stdio-x-direct", "stdio-cpu-ms/call"},
		{"http-added-p50-ms", "http-p99-ms", "http-x-direct", "http-cpu-ms/call"},
	} {
		r := results[i+1]
		b.ReportMetric(ms(r.P50-direct.P50), m.added)
		b.ReportMetric(ms(r.P99), m.p99)
		b.ReportMetric(r.PerSecond/direct.PerSecond, m.share)
		b.ReportMetric(ms(after[i+1]-before[i+1])/float64(calls[i+1].Load()), m.cpu)
	}
}

// BenchmarkColdList starts a gateway in front of ten servers that it has never
// seen, and asks for all their tools: how long a client waits for the first
// list.
func BenchmarkColdList(b *testing.B) {
	bindery, echo := buildBindery(b), buildEcho(b)
	var took []time.Duration
	for b.Loop() {
		took = append(took, coldList(b, bindery, echo))
	}
	b.ReportMetric(float64(percentile(took, 0.5))/float64(time.Millisecond), "listed-p50-ms")
}

func coldList(b *testing.B, bindery, echo string) time.Duration {
	b.Helper()
	dir := b.TempDir()
	servers := map[string]any{}
	for i := range 10 {
		servers[fmt.Sprint("s", i)] = map[string]string{"command": echo}
	}
	doc, err := json.Marshal(map[string]any{
		"mcpServers": servers, "cacheDir": filepath.Join(dir, "cache"),
		"views": map[string]any{"default": map[string]string{"mode": "direct"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(dir, "bindery.yaml")
	if err := os.WriteFile(path, doc, 0o600); err != nil {
		b.Fatal(err)
	}
	begin := time.Now()
	p := startProcess(b, bindery, "serve", "-c", path, "--listen", "127.0.0.1:0")
	e, err := load.Connect(b.Context(), p.url, "")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	n, err := e.Tools(b.Context())
	took := time.Since(begin)
	if err != nil || n != 10 {
		b.Fatalf("%d tools, %v", n, err)
	}
	return took
}
