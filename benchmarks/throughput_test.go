package benchmarks_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway"
)

// sustained is how long the load lasts; the published figures are of 60 s.
var sustained = flag.Duration("sustained", 2*time.Second, "how long BenchmarkSustained sends scripts")

// Another gateway to be measured in the same run, if there is one.
var (
	peerURL  = flag.String("peer", "", "Streamable HTTP endpoint of another gateway")
	peerTool = flag.String("peer-tool", "execute_code", "its tool that runs scripts")
	peerArgs = flag.String("peer-args", `{"code":"1"}`, "arguments with a script that does nothing")
)

// peer connects to the other gateway and returns what runs its script once;
// nil if there is none.
func peer(b *testing.B) func() error {
	b.Helper()
	if *peerURL == "" {
		return nil
	}
	var args map[string]any
	if err := json.Unmarshal([]byte(*peerArgs), &args); err != nil {
		b.Fatal(err)
	}
	return calling(b, connect(b, *peerURL), *peerTool, args)
}

// calling returns what calls a tool once.
func calling(b *testing.B, cs *mcp.ClientSession, tool string, args map[string]any) func() error {
	return func() error {
		r, err := cs.CallTool(b.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
		if err == nil && r.IsError {
			err = fmt.Errorf("%+v", r.Content)
		}
		return err
	}
}

// callers is how many send scripts at once in BenchmarkSustained.
const callers = 16

// percentile returns the value below which a share of d lies; it sorts d.
func percentile(d []time.Duration, share float64) time.Duration {
	slices.Sort(d)
	return d[min(int(share*float64(len(d))), len(d)-1)]
}

// Warm scripts one after another: empty inside the gateway and through HTTP, and
// with awaited calls in sequence, each over what the backend itself takes. Back
// to back is how other gateways are measured; after a pause the processor has to
// wake up as well. Bars, back to back: 1 ms, 1.8 ms and 0.2 ms.
func BenchmarkLatency(b *testing.B) {
	for _, bm := range []struct {
		name string
		rest time.Duration
	}{{"back to back", 0}, {"after 30 ms", pause}} {
		b.Run(bm.name, func(b *testing.B) { latency(b, bm.rest) })
	}
}

func latency(b *testing.B, rest time.Duration) {
	g := newGateway(b, newSynthetic(10, 0), 2)
	front := httptest.NewServer(g.Handler())
	// After the sessions, whose event streams a server waits for.
	b.Cleanup(front.Close)
	cs := connect(b, front.URL+"/mcp")
	const calls = 100
	sequence := fmt.Sprintf("for (let i = 0; i < %d; i++) await api.get_0({id: i}); 1", calls)
	own := backendTime(b)
	other := peer(b)

	var inside, outside, sequential, others []time.Duration
	for b.Loop() {
		if other != nil {
			time.Sleep(rest)
			started := time.Now()
			if err := other(); err != nil {
				b.Fatal(err)
			}
			others = append(others, time.Since(started))
		}
		for range 10 { // another kind of script between them would be a pause too
			time.Sleep(rest)
			inside = append(inside, execute(b, g, "1"))
		}
		for range 10 {
			time.Sleep(rest)
			outside = append(outside, call(b, cs, "execute_code", map[string]any{"code": "1"}))
		}
		time.Sleep(rest)
		sequential = append(sequential, execute(b, g, sequence))
	}
	b.ReportMetric(ms(percentile(inside, 0.5)), "gateway-p50-ms")
	b.ReportMetric(ms(percentile(outside, 0.5)), "http-p50-ms")
	if other != nil {
		b.ReportMetric(ms(percentile(others, 0.5)), "peer-p50-ms")
	}
	each := (percentile(sequential, 0.5) - percentile(inside, 0.5)) / calls
	b.ReportMetric(float64(each-own)/float64(time.Microsecond), "call-added-µs")
}

// A thousand calls at once, which have to wait for each other, and a result of
// 500 kB of JSON from tool to script. Bar for the second: 60 ms.
func BenchmarkLarge(b *testing.B) {
	g := newGateway(b, newSynthetic(10, time.Millisecond), 2)
	rows := newSynthetic(10, 0)
	rows.result = largeResult(500_000)
	h := newGateway(b, rows, 2)
	var many, large, count []time.Duration
	for b.Loop() {
		time.Sleep(pause)
		many = append(many, execute(b, g, `(await Promise.all(Array.from({length: 1000}, (_, i) => api.get_0({id: i})))).length`))
		time.Sleep(pause)
		count = append(count, execute(b, h, "1"))
		time.Sleep(pause)
		large = append(large, execute(b, h, "(await api.get_0({id: 1})).length"))
	}
	b.ReportMetric(ms(percentile(many, 0.5)), "1000-calls-p50-ms")
	b.ReportMetric(ms(percentile(large, 0.5)-percentile(count, 0.5)), "500kB-p50-ms")
}

// largeResult is a list of records of about n bytes.
func largeResult(n int) bindery.Result {
	var list []byte
	for i := 0; len(list) < n; i++ {
		list = fmt.Appendf(list, `,{"id":%d,"name":"item %d","state":"open","score":%d.5,"labels":["a","b"]}`, i, i, i%100)
	}
	list[0] = '['
	list = append(list, ']')
	raw := fmt.Appendf(nil, `{"structuredContent":%s}`, list)
	return bindery.Result{Structured: list, Raw: raw}
}

// backendTime is what a call of the synthetic backend takes by itself.
func backendTime(b *testing.B) time.Duration {
	b.Helper()
	s := newSynthetic(1, 0)
	var took []time.Duration
	for range 100 {
		started := time.Now()
		if _, err := s.Call(b.Context(), bindery.Call{}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(started))
	}
	return percentile(took, 0.5)
}

// Empty scripts of 16 callers for as long as -sustained says, inside the
// gateway and through HTTP. Bar: 1,000 a second, p99 of 100 ms, no errors.
func BenchmarkSustained(b *testing.B) {
	for _, bm := range []struct {
		name string
		over func(b *testing.B, g *gateway.Gateway) func() error
	}{
		{"gateway", func(b *testing.B, g *gateway.Gateway) func() error {
			return func() error {
				a, err := g.Execute(b.Context(), gateway.Anonymous(), gateway.Request{Code: "1"})
				if err == nil && a.Outcome.Failure != nil {
					err = errors.New(a.Text())
				}
				return err
			}
		}},
		{"http", func(b *testing.B, g *gateway.Gateway) func() error {
			front := httptest.NewServer(g.Handler())
			b.Cleanup(front.Close)
			return calling(b, connect(b, front.URL+"/mcp"), "execute_code", map[string]any{"code": "1"})
		}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			g := newGateway(b, newSynthetic(10, 0), 2)
			once := bm.over(b, g)
			for b.Loop() {
				sustain(b, *sustained, once)
			}
		})
	}
	if once := peer(b); once != nil {
		b.Run("peer", func(b *testing.B) {
			for b.Loop() {
				sustain(b, *sustained, once)
			}
		})
	}
}

// sustain calls once from all callers for d and reports rate and latencies.
func sustain(b *testing.B, d time.Duration, once func() error) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), d)
	defer cancel()
	var mu sync.Mutex
	var took []time.Duration
	var count atomic.Int64
	var wg sync.WaitGroup
	begin, before := time.Now(), cpuTime(b)
	for range callers {
		wg.Go(func() {
			var own []time.Duration
			for ctx.Err() == nil && !b.Failed() {
				started := time.Now()
				if err := once(); err != nil {
					b.Error(err)
					return
				}
				own = append(own, time.Since(started))
				count.Add(1)
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
		})
	}
	wg.Wait()
	if b.Failed() {
		return
	}
	lasted := time.Since(begin).Seconds()
	b.ReportMetric(lasted, "lasted-s")
	b.ReportMetric(float64(count.Load())/lasted, "scripts/s")
	b.ReportMetric(ms(cpuTime(b)-before)/float64(count.Load()), "cpu-ms/script")
	b.ReportMetric(ms(percentile(took, 0.5)), "p50-ms")
	b.ReportMetric(ms(percentile(took, 0.99)), "p99-ms")
}
