package python_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
)

func bound(tools int) *sandbox.Bindings {
	s := sandbox.Server{Name: "github", Ident: "github"}
	for i := range tools {
		name := fmt.Sprintf("tool_%d", i)
		s.Tools = append(s.Tools, sandbox.Tool{Name: name, Ident: name})
	}
	s.Tools = append(s.Tools, sandbox.Tool{Name: "at_once", Ident: "at_once"})
	return &sandbox.Bindings{Servers: []sandbox.Server{s}}
}

// BenchmarkPrepare is the fork that each script needs.
func BenchmarkPrepare(b *testing.B) {
	e := fresh(b)
	check(b, e.Warm())
	for b.Loop() {
		check(b, e.Prepare())
	}
}

// BenchmarkRun is what a script costs in a worker that has been prepared: the
// preparing is not timed.
func BenchmarkRun(b *testing.B) {
	for _, bm := range []struct {
		name, source string
		tools        int
	}{
		{"trivial", "1 + 1", 10},
		{"print", "print(1)", 10},
		{"one call, 10 tools", "github.at_once(a=1)", 10},
		{"one call, 2000 tools", "github.at_once(a=1)", 2000},
		{"100 calls", "len(await asyncio.gather(*[github.at_once(n=n) for n in range(100)]))", 10},
		{"100 calls one by one", "len([github.at_once(n=n) for n in range(100)])", 10},
		{"loop of a million", "x = 0\nfor i in range(1000000): x += i\nx", 10},
	} {
		b.Run(bm.name, func(b *testing.B) {
			e := fresh(b)
			check(b, e.Warm())
			s := script(bm.source)
			s.Bindings = bound(bm.tools)
			for b.Loop() {
				b.StopTimer()
				check(b, e.Prepare())
				b.StartTimer()
				if out, err := e.Run(b.Context(), s, new(host)); err != nil || out.Failure != nil {
					b.Fatal(show(out), err)
				}
			}
		})
	}
}

// BenchmarkWarm is what a worker does before it has a script.
func BenchmarkWarm(b *testing.B) {
	for b.Loop() {
		e := fresh(b)
		check(b, e.Warm())
		e.Close()
	}
}

// BenchmarkGather is 100 calls of 20 ms at once; its own unit is how many times
// as long as one of them it took.
func BenchmarkGather(b *testing.B) {
	e := fresh(b)
	check(b, e.Warm())
	s := script(`len(await asyncio.gather(*[github.wait_20_ms(n=n) for n in range(100)]))`)
	s.Bindings.Servers[0].Tools = append(s.Bindings.Servers[0].Tools, sandbox.Tool{Name: "wait_20_ms", Ident: "wait_20_ms"})
	for b.Loop() {
		b.StopTimer()
		check(b, e.Prepare())
		b.StartTimer()
		if out, err := e.Run(b.Context(), s, new(host)); err != nil || out.Failure != nil {
			b.Fatal(show(out), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(20*time.Millisecond), "x20ms")
}
