package worker_test

import (
	"context"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// BenchmarkRun runs a script that does nothing. "warm" waits, untimed, until a
// worker is ready, as between two scripts of one model; "cold" starts one.
func BenchmarkRun(b *testing.B) {
	for _, bench := range []struct {
		name string
		size int
	}{{"warm", 2}, {"cold", -1}} {
		b.Run(bench.name, func(b *testing.B) {
			p := newPool(b, worker.Options{Size: bench.size})
			s := sandbox.Script{Source: "echo", Bindings: bindings(), Limits: limits()}
			p.SetBindings(s.Bindings)
			for b.Loop() {
				if bench.size > 0 {
					b.StopTimer()
					for p.Stats().Idle < bench.size {
						time.Sleep(time.Millisecond)
					}
					b.StartTimer()
				}
				runScript(b, p, s, answering(bindery.Result{}))
			}
		})
	}
}

// BenchmarkTools runs a warm script bound to ten and to a thousand tools; the
// second should cost no more.
func BenchmarkTools(b *testing.B) {
	for _, bench := range []struct {
		name    string
		servers int
	}{{"10", 1}, {"1000", 100}} {
		b.Run(bench.name, func(b *testing.B) {
			p := newPool(b, worker.Options{Size: 1})
			bound := bindings()
			for range bench.servers - 1 {
				bound.Servers = append(bound.Servers, bound.Servers[0])
			}
			bound.Digest = bench.name
			p.SetBindings(bound)
			s := sandbox.Script{Source: "echo", Bindings: bound, Limits: limits()}
			host := sandbox.NewDispatcher(answering(bindery.Result{}), bound, s.Limits, nil)
			defer host.Close()
			for b.Loop() {
				b.StopTimer()
				for p.Stats().Idle == 0 {
					time.Sleep(time.Millisecond)
				}
				time.Sleep(20 * time.Millisecond) // it still reads its bindings
				b.StartTimer()
				if _, err := p.Run(b.Context(), s, host); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkParallelCalls makes 100 calls of 50 ms at once and reports how many
// times as long as one call that took.
func BenchmarkParallelCalls(b *testing.B) {
	const each = 50 * time.Millisecond
	p := newPool(b, worker.Options{})
	s := sandbox.Script{Source: "calls=100", Bindings: bindings(), Limits: limits()}
	s.Limits.InFlight = 100
	slow := bindery.CallerFunc(func(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
		select {
		case <-time.After(each):
			return bindery.Result{Structured: []byte("1")}, nil
		case <-ctx.Done():
			return bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Err: ctx.Err()}
		}
	})
	for b.Loop() {
		runScript(b, p, s, slow)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(each), "x-one-call")
}

// BenchmarkCalls reports what a call costs that answers at once, alone and
// among others.
func BenchmarkCalls(b *testing.B) {
	p := newPool(b, worker.Options{})
	s := sandbox.Script{Source: "calls=1000", Bindings: bindings(), Limits: limits()}
	for b.Loop() {
		runScript(b, p, s, answering(bindery.Result{Structured: []byte(`{"id":1}`)}))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/call")
}
