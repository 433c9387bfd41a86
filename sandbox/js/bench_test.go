package js_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/js"
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

// BenchmarkRun is what a script costs in a worker that has been warmed: the
// warming is not timed.
func BenchmarkRun(b *testing.B) {
	for _, bm := range []struct {
		name, source string
		tools        int
	}{
		{"empty", "", 10},
		{"one call, 10 tools", "await github.at_once({a: 1})", 10},
		{"one call, 1000 tools", "await github.at_once({a: 1})", 1000},
		{"one call, 2000 tools", "await github.at_once({a: 1})", 2000},
		{"100 calls", "(await Promise.all(Array.from({length: 100}, (_, n) => github.at_once({n})))).length", 10},
		{"append 20000", `let s = ""; for (let i = 0; i < 20000; i++) s += "0123456789"; s.length`, 10},
	} {
		b.Run(bm.name, func(b *testing.B) {
			e := js.New()
			s := script(bm.source)
			s.Bindings = bound(bm.tools)
			for b.Loop() {
				b.StopTimer()
				if err := e.Warm(); err != nil {
					b.Fatal(err)
				}
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
		if err := js.New().Warm(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkResult is a tool's result of about 1 MB that a script reduces.
func BenchmarkResult(b *testing.B) {
	big := []byte(`{"items":[{"id":1}`)
	for i := range 12000 {
		big = fmt.Appendf(big, `,{"id":%d,"title":"a title of some length","open":true,"labels":["bug","ui"],"n":null}`, i)
	}
	big = append(big, "]}"...)
	r := answerWith(big)
	b.SetBytes(int64(len(big)))
	e := js.New()
	for b.Loop() {
		out, err := e.Run(b.Context(), script(`(await github.echo({})).items.filter(i => i.id % 1000 === 0).map(i => i.title)`), r)
		if err != nil || out.Failure != nil {
			b.Fatal(show(out), err)
		}
	}
}

// BenchmarkPromiseAll is 100 calls of 50 ms at once; its own unit is how many
// times as long as one of them it took.
func BenchmarkPromiseAll(b *testing.B) {
	e := js.New()
	s := script(`(await Promise.all(Array.from({length: 100}, (_, n) => github.slow({n})))).length`)
	s.Limits.InFlight = 100
	for b.Loop() {
		b.StopTimer()
		if err := e.Warm(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		h := new(host)
		if out, err := e.Run(b.Context(), s, h); err != nil || out.Failure != nil {
			b.Fatal(show(out), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(50*time.Millisecond), "x50ms")
}
