package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
)

// BenchmarkLayer is what a durable record costs a call, on the disk of the
// system's temporary folder. "bare" is the same tool without it. p50-us is of
// one call.
func BenchmarkLayer(b *testing.B) {
	args := json.RawMessage(`{"owner":"bindery-mcp","repo":"bindery","title":"It leaks","labels":["bug","urgent"],"number":1234}`)
	c := bindery.Call{Tool: bindery.ToolID{Server: "github", Name: "create_issue"}, Args: args, Seq: 1, Line: 3}
	for _, tool := range []time.Duration{0, time.Millisecond} {
		tools := bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
			if tool > 0 {
				time.Sleep(tool)
			}
			return answers(ctx, c)
		})
		for _, n := range []int{1, 16} {
			b.Run(fmt.Sprintf("bare/tool=%s/concurrency=%d", tool, n), func(b *testing.B) { load(b, n, tools, c) })
			b.Run(fmt.Sprintf("recorded/tool=%s/concurrency=%d", tool, n), func(b *testing.B) {
				l, err := Open(b.TempDir(), Options{Patience: time.Minute})
				if err != nil {
					b.Fatal(err)
				}
				load(b, n, l.Direct(Execution{ID: "x", Client: "ci"}).Layer(tools), c)
				if err := l.Close(); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

func load(b *testing.B, workers int, tool bindery.Caller, c bindery.Call) {
	took := make([][]time.Duration, workers)
	b.ResetTimer()
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for range (b.N + workers - 1) / workers {
				start := time.Now()
				if _, err := tool.Call(b.Context(), c); err != nil {
					b.Error(err)
				}
				took[w] = append(took[w], time.Since(start))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Concat(took...)
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-us")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-us")
}

func BenchmarkVerify(b *testing.B) {
	dir := b.TempDir()
	l, err := Open(dir, Options{Mode: BestEffort, Patience: time.Nanosecond})
	if err != nil {
		b.Fatal(err)
	}
	layer := l.Direct(Execution{Client: "ci"}).Layer(bindery.CallerFunc(answers))
	for range 5000 {
		if _, err := layer.Call(b.Context(), oneCall); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			if r, err := Verify(b.Context(), dir, Expect{}); err != nil || r.Bad != nil {
				b.Fatal(r.Bad, err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/record")
	})
	b.Run("query", func(b *testing.B) {
		for b.Loop() {
			for _, err := range Query(b.Context(), dir, Filter{Tool: "none"}) {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/record")
	})
}
