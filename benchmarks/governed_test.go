package benchmarks_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/benchmarks/load"
)

// BenchmarkGoverned makes the same plain calls through gateways that hold them
// against rules, record them on the disk before they are made, make spans of
// them, do all three, and do nothing of it: in turn, so that a busy machine is
// busy for all.
func BenchmarkGoverned(b *testing.B) {
	bindery, echo := buildBindery(b), buildEcho(b)
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	b.Cleanup(sink.Close)
	policy := map[string]any{"rules": []any{
		map[string]any{"name": "small", "tools": []string{"s.*"}, "when": "args.bytes > 1000000 || client.name == 'x'", "effect": "deny"},
		map[string]any{"name": "quiet", "tools": []string{"s.*"}, "when": "tool.name.startsWith('wipe')", "effect": "ask"},
	}}
	traces := map[string]any{"traces": map[string]any{"endpoint": sink.URL + "/v1/traces"}}
	all := map[string]any{"policy": policy, "audit": map[string]any{"dir": "audit"}, "telemetry": traces}
	governed := []governance{
		{keys: nil},
		{map[string]any{"policy": policy}, "policy-added-p50-ms", "policy-x-none", "policy-added-cpu-ms/call"},
		{map[string]any{"audit": map[string]any{"dir": "audit"}}, "audit-added-p50-ms", "audit-x-none", "audit-added-cpu-ms/call"},
		{map[string]any{"telemetry": traces}, "traces-added-p50-ms", "traces-x-none", "traces-added-cpu-ms/call"},
		{all, "all-added-p50-ms", "all-x-none", "all-added-cpu-ms/call"},
	}
	if dir := inMemory(b); dir != "" {
		spared := maps.Clone(all)
		spared["audit"] = map[string]any{"dir": dir}
		governed = append(governed, governance{spared, "all-without-disk-added-p50-ms", "all-without-disk-x-none", "all-without-disk-added-cpu-ms/call"})
	}
	var gateways []process
	for _, k := range governed {
		gateways = append(gateways, startGoverned(b, bindery, echo, k.keys))
	}
	for _, callers := range []int{1, 16} {
		b.Run(fmt.Sprintf("%d_callers", callers), func(b *testing.B) {
			for b.Loop() {
				results, cpu := measureGoverned(b, callers, gateways)
				none := results[0]
				b.ReportMetric(ms(none.P50), "none-p50-ms")
				b.ReportMetric(none.PerSecond, "none-calls/s")
				b.ReportMetric(cpu[0], "none-cpu-ms/call")
				for i, k := range governed[1:] {
					b.ReportMetric(ms(results[i+1].P50-none.P50), k.added)
					b.ReportMetric(results[i+1].PerSecond/none.PerSecond, k.share)
					b.ReportMetric(cpu[i+1]-cpu[0], k.cpu)
				}
			}
		})
	}
}

// governance is what one gateway of [BenchmarkGoverned] does with calls, and
// the names of its figures.
type governance struct {
	keys              map[string]any
	added, share, cpu string
}

// inMemory returns a directory whose files are on no disk, "" if there is none.
func inMemory(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "bindery") //nolint:usetesting // b.TempDir is on a disk
	if err != nil {
		return ""
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "audit")
}

// BenchmarkSync has one file synced a thousand times a second at most beside
// work that keeps all processors busy: how long a sync takes, and how much of the work
// is not done meanwhile, which on a virtual machine is what its disk costs the
// processors.
func BenchmarkSync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	record := make([]byte, 4096)
	const rounds, round = 10, 300 * time.Millisecond
	for b.Loop() {
		var syncs int
		var waited time.Duration
		var work [2]float64 // without syncs and with them
		for i := range 2 * rounds {
			work[i%2] += beside(round, func() {
				if i%2 == 0 {
					return
				}
				start := time.Now()
				if _, err := f.Write(record); err != nil {
					b.Error(err)
				}
				if err := f.Sync(); err != nil {
					b.Error(err)
				}
				waited += time.Since(start)
				syncs++
			})
		}
		lost := (1 - work[1]/work[0]) * float64(runtime.GOMAXPROCS(0)) * ms(rounds*round)
		b.ReportMetric(ms(waited)/float64(syncs), "sync-ms")
		b.ReportMetric(lost/float64(syncs), "lost-cpu-ms/sync")
	}
}

// beside does something each millisecond for a while, and returns how much
// the processors did at the same time.
func beside(d time.Duration, do func()) float64 {
	var done atomic.Int64
	var wg sync.WaitGroup
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			sum := make([]byte, sha256.Size)
			for ctx.Err() == nil {
				for range 100 {
					s := sha256.Sum256(sum)
					sum = s[:]
				}
				done.Add(1)
			}
		})
	}
	for tick := time.NewTicker(time.Millisecond); ctx.Err() == nil; {
		select {
		case <-tick.C:
			do()
		case <-ctx.Done():
			tick.Stop()
		}
	}
	wg.Wait()
	return float64(done.Load())
}

// startGoverned starts a gateway in front of one stdio server, with what keys
// say besides.
func startGoverned(b *testing.B, bindery, echo string, keys map[string]any) process {
	b.Helper()
	dir := b.TempDir()
	doc := map[string]any{
		"mcpServers": map[string]any{"s": map[string]any{"command": echo, "concurrency": 64}}, "cacheDir": "cache",
		"views": map[string]any{"default": map[string]string{"mode": "direct"}},
	}
	maps.Copy(doc, keys)
	data, err := json.Marshal(doc)
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(dir, "bindery.yaml")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	return startProcess(b, bindery, "serve", "-c", path, "--listen", "127.0.0.1:0")
}

// measureGoverned returns what the calls took, and the processor time of each
// gateway for one, in milliseconds.
func measureGoverned(b *testing.B, callers int, gateways []process) ([]load.Result, []float64) {
	b.Helper()
	var targets []load.Target
	calls := make([]atomic.Int64, len(gateways))
	for i, p := range gateways {
		e, err := load.ConnectAs(b.Context(), p.url, "", "2025-11-25")
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = e.Close() }()
		t := e.Calling(fmt.Sprint(i), "s__say", json.RawMessage(`{"bytes":100}`))
		do := t.Do
		t.Do = func(ctx context.Context) error { calls[i].Add(1); return do(ctx) }
		targets = append(targets, t)
	}
	before := make([]time.Duration, len(gateways))
	for i, p := range gateways {
		before[i] = cpuTimeOf(b, p.pid)
	}
	results, err := load.Run(b.Context(), targets, load.Options{Callers: []int{callers}, Warmup: 300 * time.Millisecond, Duration: 400 * time.Millisecond, Rounds: 14})
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range results {
		if r.Failed > 0 {
			b.Fatalf("%d calls failed, first %v", r.Failed, r.Err)
		}
	}
	cpu := make([]float64, len(gateways))
	for i, p := range gateways {
		cpu[i] = ms(cpuTimeOf(b, p.pid)-before[i]) / float64(calls[i].Load())
	}
	return results, cpu
}
