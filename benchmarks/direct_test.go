package benchmarks_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/benchmarks/load"
)

// echoServer names the environment variable that makes this binary the server
// behind the gateway: "stdio", or "http" to listen on a port that it prints.
const echoServer = "BINDERY_BENCH_ECHO"

// serveEcho answers each call of say with as many bytes as it is told.
func serveEcho(how string) error {
	s := mcp.NewServer(&mcp.Implementation{Name: "echo", Version: "1"}, nil)
	text := strings.Repeat("x", 1<<20)
	s.AddTool(&mcp.Tool{Name: "say", InputSchema: json.RawMessage(`{"type":"object"}`)}, func(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		var args struct{ Bytes int }
		if err := json.Unmarshal(req.Params.Arguments, &args); err != nil {
			return nil, err
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text[:args.Bytes]}}}, nil
	})
	if how == "stdio" {
		return s.Run(context.Background(), &mcp.StdioTransport{})
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(os.Stderr, "listening on http://%s/\n", ln.Addr())
	return http.Serve(ln, mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, nil))
}

// process is one that a benchmark started and ends.
type process struct {
	url string
	pid int
}

// startProcess starts a command and waits until it says on which URL it
// listens.
func startProcess(b testing.TB, env []string, name string, args ...string) process {
	b.Helper()
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Env = append(os.Environ(), env...)
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

// buildBindery builds the binary as users get it, once.
func buildBindery(b *testing.B) string {
	b.Helper()
	path := filepath.Join(scratch, "bindery")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	cmd := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", path, "../cmd/bindery")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return path
}

// BenchmarkDirect compares plain calls through the gateway with the same calls
// of the same server without it, all through HTTP: what the gateway adds, what
// it lets through, and what it takes of the processor.
func BenchmarkDirect(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	server := startProcess(b, []string{echoServer + "=http"}, self)
	bindery := buildBindery(b)
	stdio := startProcess(b, []string{echoServer + "=stdio"}, bindery, "bridge", "--listen", "127.0.0.1:0", "--", self)
	remote := startProcess(b, nil, bindery, "bridge", "--listen", "127.0.0.1:0", server.url)
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
		e, err := load.Connect(b.Context(), p.url, "")
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
	results, err := load.Run(b.Context(), targets, load.Options{Callers: []int{callers}, Warmup: 300 * time.Millisecond, Duration: time.Second, Rounds: 3})
	if err != nil {
		b.Fatal(err)
	}
	after := []time.Duration{cpuTimeOf(b, server.pid), cpuTimeOf(b, stdio.pid), cpuTimeOf(b, remote.pid)}
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	for _, r := range results {
		if r.Failed > 0 {
			b.Fatalf("%d calls failed, first %v", r.Failed, r.Err)
		}
	}
	direct := results[0]
	b.ReportMetric(ms(direct.P50), "direct-p50-ms")
	b.ReportMetric(direct.PerSecond, "direct-calls/s")
	b.ReportMetric(ms(after[0]-before[0])/float64(calls[0].Load()), "direct-cpu-ms/call")
	for i, name := range []string{"", "stdio", "http"} {
		if i == 0 {
			continue
		}
		r := results[i]
		b.ReportMetric(ms(r.P50-direct.P50), name+"-added-p50-ms")
		b.ReportMetric(ms(r.P99), name+"-p99-ms")
		b.ReportMetric(r.PerSecond/direct.PerSecond, name+"-x-direct")
		b.ReportMetric(ms(after[i]-before[i])/float64(calls[i].Load()), name+"-cpu-ms/call")
	}
}
