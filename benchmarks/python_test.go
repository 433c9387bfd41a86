package benchmarks_test

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// preparePython prepares the interpreter as users do, once, and returns the
// folder of its image.
var preparePython = sync.OnceValues(func() (string, error) {
	bin, err := build()
	if err != nil {
		return "", err
	}
	out, err := exec.Command(bin, "python", "install", "--root", filepath.Join(scratch, "python")).Output()
	if err != nil {
		return "", err
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1], nil
})

// newPythonGateway returns a gateway that runs Python as well.
func newPythonGateway(b *testing.B, tools gateway.Tools) *gateway.Gateway {
	b.Helper()
	dir, err := preparePython()
	if err != nil {
		b.Fatal(err)
	}
	engines := sandbox.Languages{}
	for l, command := range map[sandbox.Language][]string{
		sandbox.TypeScript: {binary(b), worker.Arg}, sandbox.Python: {binary(b), worker.Arg, "python", dir},
	} {
		pool, err := worker.NewPool(worker.Options{Command: command, Size: 1})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			if err := pool.Close(context.Background()); err != nil {
				b.Error(err)
			}
		})
		engines[l] = pool
	}
	g := gateway.New(gateway.Options{Tools: tools, Engine: engines, Python: true})
	b.Cleanup(func() { g.Close(context.Background()) })
	return g
}

func executePython(b *testing.B, g *gateway.Gateway, code string) time.Duration {
	b.Helper()
	started := time.Now()
	a, err := g.Execute(b.Context(), gateway.Anonymous(), gateway.Request{Code: code, Language: "python"})
	took := time.Since(started)
	if err != nil {
		b.Fatal(err)
	}
	if a.Outcome.Failure != nil {
		b.Fatal(a.Text())
	}
	return took
}

// Python scripts one after another, beside JavaScript: trivial through HTTP,
// back to back and as a model sends them, and 100 calls of 20 ms at once. Bars:
// 6 ms back to back, and 60 ms.
func BenchmarkPythonLatency(b *testing.B) {
	g := newPythonGateway(b, newSynthetic(10, 20*time.Millisecond))
	front := httptest.NewServer(g.Handler())
	b.Cleanup(front.Close)
	cs := connect(b, front.URL+"/mcp")
	const together = "import asyncio\nlen(await asyncio.gather(*[api.get_0(id=i) for i in range(100)]))"
	const plain = "len(parallel(lambda i: api.get_0(id=i), range(100)))"
	trivially := func() time.Duration {
		return call(b, cs, "execute_code", map[string]any{"code": "1", "language": "python"})
	}
	var quick, trivial, script, gathered, paralleled []time.Duration
	for b.Loop() {
		for range 10 {
			quick = append(quick, trivially())
		}
		for _, m := range []struct {
			into *[]time.Duration
			run  func() time.Duration
		}{
			{&trivial, trivially},
			{&script, func() time.Duration { return call(b, cs, "execute_code", map[string]any{"code": "1"}) }},
			{&gathered, func() time.Duration { return executePython(b, g, together) }},
			{&paralleled, func() time.Duration { return executePython(b, g, plain) }},
		} {
			time.Sleep(pause)
			*m.into = append(*m.into, m.run())
		}
	}
	b.ReportMetric(ms(percentile(quick, 0.5)), "back-to-back-p50-ms")
	b.ReportMetric(ms(percentile(trivial, 0.5)), "trivial-p50-ms")
	b.ReportMetric(ms(percentile(script, 0.5)), "javascript-p50-ms")
	b.ReportMetric(ms(percentile(gathered, 0.5)), "gather100x20-p50-ms")
	b.ReportMetric(ms(percentile(paralleled, 0.5)), "parallel100x20-p50-ms")
}

// What the start of a worker takes, the interpreter prepared, with its first
// script, and what it holds at rest. Bar: 0.3 s of processor time.
func BenchmarkPythonStart(b *testing.B) {
	dir, err := preparePython()
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for b.Loop() {
		cpu, m := startPython(b, dir)
		took = append(took, cpu)
		b.ReportMetric(m.resident, "worker-MiB")
	}
	b.ReportMetric(median(took).Seconds(), "cpu-s")
}

// startPython starts a worker for one script and returns what it used and
// holds.
func startPython(b *testing.B, dir string) (cpu time.Duration, m memory) {
	b.Helper()
	pool, err := worker.NewPool(worker.Options{Command: []string{binary(b), worker.Arg, "python", dir}, Size: -1})
	if err != nil {
		b.Fatal(err)
	}
	g := gateway.New(gateway.Options{Tools: newSynthetic(10, 0), Engine: sandbox.Languages{sandbox.Python: pool}, Python: true})
	defer func() {
		g.Close(context.Background())
		if err := pool.Close(context.Background()); err != nil {
			b.Error(err)
		}
	}()
	executePython(b, g, "1")
	for _, pid := range children(b, os.Getpid()) {
		if strings.Contains(commandOf(b, pid), worker.Arg+" python") {
			cpu = cpuTimeOf(b, pid)
			time.Sleep(2 * time.Second) // workers give memory back
			return cpu, memoryOf(b, pid)
		}
	}
	b.Fatal("the worker that ran the script is not kept")
	return 0, m
}

// 200 Python scripts, 50 at once, five calls of 20 ms at once in each. Bar: 3 s.
func BenchmarkPythonCrowd(b *testing.B) {
	g := newPythonGateway(b, newSynthetic(10, 20*time.Millisecond))
	executePython(b, g, "1")
	var took []time.Duration
	for b.Loop() {
		var wg sync.WaitGroup
		places := make(chan struct{}, 50)
		started := time.Now()
		for range 200 {
			places <- struct{}{}
			wg.Go(func() {
				defer func() { <-places }()
				a, err := g.Execute(b.Context(), gateway.Anonymous(), gateway.Request{
					Code: "sum(parallel(lambda i: api.get_0(id=i), range(5)))", Language: "python",
				})
				if err != nil || a.Outcome.Failure != nil {
					b.Errorf("%s, %v", a.Text(), err)
				}
			})
		}
		wg.Wait()
		took = append(took, time.Since(started))
	}
	b.ReportMetric(median(took).Seconds(), "s")
}
