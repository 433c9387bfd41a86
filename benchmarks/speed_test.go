package benchmarks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// build builds bindery once, as it is released; the race detector would change
// what is measured.
var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "bindery")
	cmd := exec.Command("go", "build", "-trimpath", "-o", path, "../cmd/bindery")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build bindery: %w\n%s", err, out)
	}
	return path, nil
})

func binary(b *testing.B) string {
	b.Helper()
	path, err := build()
	if err != nil {
		b.Fatal(err)
	}
	return path
}

// synthetic is a catalogue of n tools that answer after a delay.
type synthetic struct {
	gateway.Tools
	cat    *backends.Catalogue
	delay  time.Duration
	result bindery.Result
}

func newSynthetic(n int, delay time.Duration) synthetic {
	s := backends.Server{Name: "api", State: backends.Ready}
	for i := range n {
		s.Tools = append(s.Tools, bindery.Tool{
			ID: bindery.ToolID{Server: "api", Name: fmt.Sprint("get_", i)}, Description: "Gets one thing.",
			Input: json.RawMessage(`{"type":"object","properties":{"id":{"type":"integer"}}}`),
		})
	}
	return synthetic{
		cat: &backends.Catalogue{Version: 1, Servers: []backends.Server{s}}, delay: delay,
		result: bindery.Result{Structured: json.RawMessage(`1`), Raw: json.RawMessage(`{"structuredContent":1}`)},
	}
}

func (s synthetic) Catalogue() *backends.Catalogue { return s.cat }
func (s synthetic) Changed() <-chan struct{}       { return nil }

func (s synthetic) Call(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
	select {
	case <-ctx.Done():
		return bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Err: ctx.Err()}
	case <-time.After(s.delay):
		return s.result, nil
	}
}

func newGateway(b *testing.B, tools gateway.Tools, size int) *gateway.Gateway {
	b.Helper()
	pool, err := worker.NewPool(worker.Options{Command: []string{binary(b), worker.Arg}, Size: size})
	if err != nil {
		b.Fatal(err)
	}
	g := gateway.New(gateway.Options{Tools: tools, Engine: sandbox.Languages{sandbox.TypeScript: pool}})
	b.Cleanup(func() {
		g.Close(context.Background())
		if err := pool.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return g
}

func execute(b *testing.B, g *gateway.Gateway, code string) time.Duration {
	b.Helper()
	return executeAs(b, g, gateway.Anonymous(), code)
}

func executeAs(b *testing.B, g *gateway.Gateway, c gateway.Client, code string) time.Duration {
	b.Helper()
	started := time.Now()
	a, err := g.Execute(b.Context(), c, gateway.Request{Code: code})
	took := time.Since(started)
	if err != nil {
		b.Fatal(err)
	}
	if a.Outcome.Failure != nil {
		b.Fatal(a.Text())
	}
	return took
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// pause lets the pool refill between two scripts, as a model's thinking does:
// what is measured is one script, not how fast workers can be started.
const pause = 30 * time.Millisecond

// connect dials a Streamable HTTP endpoint.
func connect(b *testing.B, url string) *mcp.ClientSession {
	b.Helper()
	c := mcp.NewClient(&mcp.Implementation{Name: "bench", Version: "1"}, nil)
	tr := &http.Transport{}
	cs, err := c.Connect(b.Context(), &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: tr}},
		&mcp.ClientSessionOptions{ProtocolVersion: "2025-06-18"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cs.Close(); tr.CloseIdleConnections() })
	return cs
}

func call(b *testing.B, cs *mcp.ClientSession, name string, args map[string]any) time.Duration {
	b.Helper()
	started := time.Now()
	r, err := cs.CallTool(b.Context(), &mcp.CallToolParams{Name: name, Arguments: args})
	took := time.Since(started)
	if err != nil || r.IsError {
		b.Fatalf("%+v, %v", r, err)
	}
	return took
}

// What execute_code adds to a plain tools/call of the same SDK over the same
// HTTP: a warm worker, an empty script. Bar: 2 ms. A script that needs the
// transpiler is measured beside it.
func BenchmarkWarmExecute(b *testing.B) {
	g := newGateway(b, newSynthetic(10, 0), 2)
	front := httptest.NewServer(g.Handler())
	// After the sessions, whose event streams a server waits for.
	b.Cleanup(front.Close)
	server := mcp.NewServer(&mcp.Implementation{Name: "plain", Version: "1"}, nil)
	server.AddTool(&mcp.Tool{Name: "nothing", InputSchema: json.RawMessage(`{"type":"object"}`)},
		func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "1"}}}, nil
		})
	back := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil))
	b.Cleanup(back.Close)
	script, plain := connect(b, front.URL+"/mcp"), connect(b, back.URL)

	var with, typed, without []time.Duration
	for b.Loop() {
		time.Sleep(pause)
		without = append(without, call(b, plain, "nothing", nil))
		with = append(with, call(b, script, "execute_code", map[string]any{"code": "1"}))
		time.Sleep(pause)
		typed = append(typed, call(b, script, "execute_code", map[string]any{"code": "const one: number = 1; one"}))
	}
	b.ReportMetric(ms(median(without)), "plain-p50-ms")
	b.ReportMetric(ms(median(with)-median(without)), "added-p50-ms")
	b.ReportMetric(ms(median(typed)-median(without)), "added-typed-p50-ms")
}

// A script for which no worker is ready, each of another client: one that has
// served a client is kept for it. Bar: 25 ms.
func BenchmarkColdExecute(b *testing.B) {
	g := newGateway(b, newSynthetic(10, 0), -1)
	var took []time.Duration
	for b.Loop() {
		c := gateway.NewClient(fmt.Sprint("client", len(took)), config.Client{})
		took = append(took, executeAs(b, g, c, "1"))
	}
	b.ReportMetric(ms(median(took)), "p50-ms")
}

// 100 calls of 50 ms under Promise.all, and as a multiple of one. Bars: 65 ms
// and 1.3.
func BenchmarkFanOut(b *testing.B) {
	const delay = 50 * time.Millisecond
	g := newGateway(b, newSynthetic(10, delay), 2)
	var took []time.Duration
	for b.Loop() {
		time.Sleep(pause)
		took = append(took, execute(b, g, `await Promise.all(Array.from({length: 100}, (_, i) => api.get_0({id: i}))); 1`))
	}
	b.ReportMetric(ms(median(took)), "p50-ms")
	b.ReportMetric(float64(median(took))/float64(delay), "x-one-call")
}

// A script with 1,000 bound tools against one with 10. Bar: no more.
func BenchmarkBoundTools(b *testing.B) {
	few, many := newGateway(b, newSynthetic(10, 0), 2), newGateway(b, newSynthetic(1000, 0), 2)
	var ten, thousand []time.Duration
	for b.Loop() {
		time.Sleep(pause)
		ten = append(ten, execute(b, few, `await api.get_5({id: 1})`))
		time.Sleep(pause)
		thousand = append(thousand, execute(b, many, `await api.get_5({id: 1})`))
	}
	b.ReportMetric(ms(median(ten)), "10-tools-p50-ms")
	b.ReportMetric(ms(median(thousand)), "1000-tools-p50-ms")
	b.ReportMetric(float64(median(thousand))/float64(median(ten)), "ratio")
}

// Resident memory of an idle gateway with ten backends, and of its workers.
// Bars: 60 MiB and 15 MiB each.
func BenchmarkIdleMemory(b *testing.B) {
	bin := binary(b)
	var cfg strings.Builder
	cfg.WriteString("cacheDir: cache\nmcpServers:\n")
	for i := range 10 {
		fmt.Fprintf(&cfg, "  s%d: {command: %q, args: [sample, tracker], required: true}\n", i, bin)
	}
	path := filepath.Join(b.TempDir(), "bindery.yaml")
	if err := os.WriteFile(path, []byte(cfg.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		own, worker := idle(b, bin, path)
		b.ReportMetric(own.resident, "gateway-MiB")
		b.ReportMetric(own.private, "gateway-private-MiB")
		b.ReportMetric(worker.resident, "worker-MiB")
		b.ReportMetric(worker.private, "worker-private-MiB")
	}
}

// idle starts a gateway, uses it once and returns its size and that of its
// largest worker.
func idle(b *testing.B, bin, config string) (own, largest memory) {
	b.Helper()
	cmd := exec.Command(bin, "serve", "--config", config, "--listen", "127.0.0.1:0")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}()
	cs := connect(b, awaitURL(b, stderr))
	call(b, cs, "execute_code", map[string]any{"code": "await s0.list_services()"})
	time.Sleep(2 * time.Second) // the pool refills, workers give memory back
	for _, pid := range children(b, cmd.Process.Pid) {
		if m := memoryOf(b, pid); strings.Contains(commandOf(b, pid), worker.Arg) && m.resident > largest.resident {
			largest = m
		}
	}
	if largest.resident == 0 {
		b.Fatal("the gateway has no workers")
	}
	return memoryOf(b, cmd.Process.Pid), largest
}
