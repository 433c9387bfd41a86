package gateway

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
	"github.com/bindery-mcp/bindery/sandbox"
)

// told is what a server was told of traces, request by request.
type told struct {
	mu   sync.Mutex
	meta []map[string]any
	head []http.Header
}

func (o *told) note(meta map[string]any, h http.Header) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.meta, o.head = append(o.meta, meta), append(o.head, h)
}

// of returns one part of what was told, each once, sorted.
func (o *told) of(key string) (meta, headers []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.meta {
		meta = append(meta, fmt.Sprint(o.meta[i][key]))
		headers = append(headers, o.head[i].Get(key))
	}
	slices.Sort(meta)
	slices.Sort(headers)
	return slices.Compact(meta), slices.Compact(headers)
}

// listener is a server that remembers what it is told.
func listener(o *told) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "full", Version: "1"}, &mcp.ServerOptions{CompletionHandler: completes})
	addGreet(s)
	readOnly := &mcp.ToolAnnotations{ReadOnlyHint: true}
	s.AddTool(&mcp.Tool{Name: "look", Annotations: readOnly, InputSchema: json.RawMessage(`{"type":"object"}`)}, func(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		o.note(r.Params.Meta, r.Extra.Header)
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "s3cret result"}}}, nil
	})
	s.AddTool(&mcp.Tool{Name: "fail", Annotations: readOnly, InputSchema: json.RawMessage(`{"type":"object"}`)}, func(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		o.note(r.Params.Meta, r.Extra.Header)
		return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: "no"}}}, nil
	})
	s.AddResource(&mcp.Resource{URI: "note://one", Name: "one"}, func(_ context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		o.note(r.Params.Meta, r.Extra.Header)
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: r.Params.URI, Text: "a note"}}}, nil
	})
	return s
}

// parallel is a script that calls look twice and fail once, all at once, and then
// reads a resource.
var parallel = engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
	var wg sync.WaitGroup
	for i, name := range []string{"look", "look", "fail"} {
		wg.Go(func() { _, _ = await(ctx, h, i+1, "s", name, `{"q":"s3cret argument"}`) })
	}
	wg.Wait()
	if _, err := await(ctx, h, 4, sandbox.Builtin, "resources.read", `{"uri":"note://one"}`); err != nil {
		return sandbox.Outcome{Failure: &sandbox.Failure{Message: err.Error()}}
	}
	return sandbox.Outcome{Value: json.RawMessage(`1`)}
})

const (
	clientTrace  = "4bf92f3577b34da6a3ce929d0e0e4736"
	clientParent = "00-" + clientTrace + "-00f067aa0ba902b7-01"
)

// traceOf is what a client says of its trace.
func traceOf() mcp.Meta {
	return mcp.Meta{"traceparent": clientParent, "tracestate": "v=1", "baggage": "user=ann", "mine": "kept"}
}

// TestSpans reads the tree that a script and direct requests leave, and what the
// server was told, in every combination of eras.
func TestSpans(t *testing.T) {
	for clientEra, version := range eras {
		for serverEra, stateless := range serverEras {
			t.Run(clientEra+" to "+serverEra, func(t *testing.T) {
				var heard told
				sink := startCollector(t)
				tel, send := sink.open(t, nil)
				dir := t.TempDir()
				log, err := audit.Open(dir, audit.Options{})
				if err != nil {
					t.Fatal(err)
				}
				set := openSet(t, stateless, map[string]*mcp.Server{"s": listener(&heard)})
				g := start(t, Options{
					Tools: set, Servers: set, Engine: parallel, Telemetry: tel, Audit: log, Policy: rules(t), Views: map[string]config.View{"default": {Mode: config.Both}},
				})
				cs, _ := dialFull(t, serve(t, g)+"/mcp", version)
				if res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Meta: traceOf(), Name: "execute_code", Arguments: map[string]any{"code": "s3cret code"}}); err != nil || res.IsError {
					t.Fatal(res, err)
				}
				parents, headers := heard.of("traceparent")
				if res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "s__look"}); err != nil || res.IsError {
					t.Fatal(res, err)
				}
				if _, err := cs.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "note://one"}); err != nil {
					t.Fatal(err)
				}
				if err := complete(t.Context(), cs, "s__greet"); err != nil {
					t.Fatal(err)
				}
				_ = cs.Close()
				g.Close(t.Context())
				send()
				if err := log.Close(); err != nil {
					t.Error(err)
				}

				const script = "server tools/call execute_code\n" +
					"  internal execute typescript\n" +
					"    client resources/read server=s\n" +
					"    client tools/call fail server=s number=3 seq=3 type=tool_error\n" +
					"    client tools/call look server=s number=1 seq=1\n" +
					"    client tools/call look server=s number=2 seq=2\n"
				tree := sink.tree("bindery.server", "code.line.number", "bindery.call.seq", "error.type")
				hello := map[bool]string{false: "server initialize\n", true: "server server/discover\n"}[version == "2026-07-28"]
				for _, want := range []string{
					script, hello, "server tools/call s__look\n  client tools/call look server=s\n", "server resources/read\n  client resources/read server=s\n",
					"server completion/complete\n  client completion/complete server=s\n",
				} {
					if !strings.Contains(tree, want) {
						t.Errorf("there is no\n%s\nin\n%s", want, tree)
					}
				}
				if s := sink.span(t, "tools/call look"); attributeOf(s.Attributes, "gen_ai.tool.name") != "look" || attributeOf(s.Attributes, "mcp.method.name") != "tools/call" {
					t.Errorf("a call has %v", s.Attributes)
				}
				if got := hex.EncodeToString(sink.span(t, "execute typescript").TraceId); got != clientTrace {
					t.Errorf("the script is in trace %s", got)
				}
				checkTold(t, &heard, parents, headers, sink)
				checkSecrets(t, sink, dir)
			})
		}
	}
}

// checkTold holds what the server was told of the script's calls against their
// spans.
func checkTold(t *testing.T, heard *told, parents, headers []string, sink *collector) {
	t.Helper()
	var want []string
	sink.mu.Lock()
	for _, s := range sink.spans {
		if hex.EncodeToString(s.TraceId) == clientTrace && s.Kind == 3 {
			want = append(want, traceparent(s))
		}
	}
	sink.mu.Unlock()
	slices.Sort(want)
	if len(want) != 4 || !slices.Equal(parents, want) || !slices.Equal(headers, want) {
		t.Errorf("the server was told of %q in _meta and %q in headers; the spans are %q", parents, headers, want)
	}
	if states, _ := heard.of("tracestate"); !slices.Contains(states, "v=1") {
		t.Errorf("the tracestate is gone: %q", states)
	}
	if meta, head := heard.of("baggage"); slices.Contains(meta, "user=ann") || slices.Contains(head, "user=ann") {
		t.Errorf("baggage went to the server: %q, %q", meta, head)
	}
}

// checkSecrets looks for what nobody may send, and for the trace on record.
func checkSecrets(t *testing.T, sink *collector, dir string) {
	t.Helper()
	sink.mu.Lock()
	defer sink.mu.Unlock()
	if bytes.Contains(sink.raw, []byte("s3cret")) {
		t.Error("what a client or a server wrote was sent")
	}
	for _, h := range sink.headers {
		if h.Get("X-Key") == "" && h.Get("Content-Type") == "" {
			t.Errorf("sent with %v", h)
		}
	}
	traces := make(map[string]int)
	for one, err := range audit.Read(dir, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if one.Record.Kind == audit.CallBegin {
			traces[one.Record.Trace]++
		}
	}
	if traces[clientTrace] != 4 || traces[""] != 0 {
		t.Errorf("on record are the traces %v", traces)
	}
}

// TestTracePassesThrough has no telemetry here, and a trace between a client and
// a server all the same.
func TestTracePassesThrough(t *testing.T) {
	for clientEra, version := range eras {
		for serverEra, stateless := range serverEras {
			for _, baggage := range []bool{false, true} {
				t.Run(fmt.Sprint(clientEra, " to ", serverEra, " baggage ", baggage), func(t *testing.T) {
					var heard told
					set := openSet(t, stateless, map[string]*mcp.Server{"s": listener(&heard)})
					g := start(t, Options{Tools: set, Servers: set, Engine: parallel, Baggage: baggage, Views: map[string]config.View{"default": {Mode: config.Both}}})
					cs, _ := dialFull(t, serve(t, g)+"/mcp", version)
					if res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Meta: traceOf(), Name: "execute_code", Arguments: map[string]any{"code": "x"}}); err != nil || res.IsError {
						t.Fatal(res, err)
					}
					bags, _ := heard.of("baggage")
					if want := map[bool]string{false: "<nil>", true: "user=ann"}[baggage]; !slices.Equal(bags, []string{want}) {
						t.Errorf("the baggage of a script's calls is %q", bags)
					}
					if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Meta: traceOf(), Name: "s__look"}); err != nil {
						t.Fatal(err)
					}
					meta, headers := heard.of("traceparent")
					if !slices.Equal(meta, []string{clientParent}) || !slices.Equal(headers, []string{clientParent}) {
						t.Errorf("the server was told %q in _meta and %q in headers", meta, headers)
					}
					heard.mu.Lock()
					defer heard.mu.Unlock()
					if last := heard.meta[len(heard.meta)-1]; last["mine"] != "kept" || last["baggage"] != "user=ann" || last["tracestate"] != "v=1" {
						t.Errorf("the client's own _meta became %v", last)
					}
				})
			}
		}
	}
}

// TestTraceInHeaders takes the trace of a request from its headers.
func TestTraceInHeaders(t *testing.T) {
	var heard told
	set := openSet(t, false, map[string]*mcp.Server{"s": listener(&heard)})
	g := start(t, Options{Tools: set, Servers: set, Engine: parallel})
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	cs, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint: serve(t, g) + "/mcp", HTTPClient: &http.Client{Transport: tracing{tr}}, MaxRetries: -1,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cs.Close() }()
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "x"}}); err != nil {
		t.Fatal(err)
	}
	if meta, _ := heard.of("traceparent"); !slices.Equal(meta, []string{clientParent}) {
		t.Errorf("the server was told %q", meta)
	}
}

type tracing struct{ base http.RoundTripper }

func (r tracing) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Traceparent", clientParent)
	return r.base.RoundTrip(req)
}

// TestMetrics scrapes what a script leaves, as those may who see everything.
func TestMetrics(t *testing.T) {
	sink := startCollector(t)
	tel, send := sink.open(t, func() telemetry.State {
		return telemetry.State{
			Servers: []telemetry.Server{{Name: "s", State: "ready", Ready: true, Restarts: 2}},
			Workers: []telemetry.Workers{{Language: "typescript", Running: 1}}, Audit: &telemetry.Audit{OK: true},
		}
	})
	var heard told
	set := openSet(t, false, map[string]*mcp.Server{"s": listener(&heard)})
	o := withClients(t, Options{Tools: set, Servers: set, Engine: parallel, Telemetry: tel, Policy: rules(t), Scrapers: []string{"watcher"}}, map[string]config.Client{
		"all": {}, "some": {Allow: []config.ToolPattern{"s.look"}}, "watcher": {Deny: []config.ToolPattern{"*"}},
	})
	g := start(t, o)
	url := serve(t, g)
	cs, err := dial(t, url, "2025-11-25", "token-all")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cs.Close() }()
	if res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": "x"}}); err != nil || res.IsError {
		t.Fatal(res, err)
	}
	for token, status := range map[string]int{"": 401, "token-some": 403, "token-watcher": 200} {
		if got, _ := scrape(t, url, token); got != status {
			t.Errorf("with the token %q /metrics answers %d", token, got)
		}
	}
	_, families := scrape(t, url, "token-all")
	for name, want := range map[string]float64{
		"mcp_server_operation_duration_seconds": 2, "mcp_client_operation_duration_seconds": 4, "bindery_execution_duration_seconds": 1,
		"bindery_policy_decisions_total": 4, "bindery_backend_ready_ratio": 1, "bindery_backend_restarts_total": 2, "bindery_audit_ok_ratio": 1,
		"bindery_workers": 1, "bindery_execution_shown_bytes_total": -1, "bindery_execution_received_bytes_total": -1, "go_goroutines": -1,
	} {
		if got := sum(families[name]); got != want && (want >= 0 || got <= 0) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	send()
	sink.mu.Lock()
	defer sink.mu.Unlock()
	calls := sink.metrics["mcp.client.operation.duration"]
	if calls == nil || calls.Unit != "s" || len(calls.GetHistogram().DataPoints[0].ExplicitBounds) != 14 {
		t.Errorf("sent %v", calls)
	}
}

// scrape reads /metrics.
func scrape(t *testing.T, url, token string) (status int, families map[string]*dto.MetricFamily) {
	t.Helper()
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/metrics", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := bearer{token, tr}.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return resp.StatusCode, nil
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err = parser.TextToMetricFamilies(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, families
}

// sum adds all of a family up, -1 for none.
func sum(f *dto.MetricFamily) float64 {
	if f == nil {
		return -1
	}
	total := 0.0
	for _, m := range f.Metric {
		total += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
	}
	return total
}

// TestLogHandler writes what the context knows.
func TestLogHandler(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(LogHandler(slog.NewJSONHandler(&out, nil))).With("a", 1)
	g := start(t, Options{Tools: newFakeTools(ready("s", "look")), Engine: engine(func(ctx context.Context, _ sandbox.Script, _ sandbox.Host) sandbox.Outcome {
		log.InfoContext(ctx, "here")
		return sandbox.Outcome{}
	})})
	ctx := telemetry.FromMeta(t.Context(), json.RawMessage(`{"traceparent":"`+clientParent+`"}`))
	a, err := g.Execute(ctx, Anonymous(), Request{Code: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"a":1`, `"trace_id":"` + clientTrace + `"`, `"span_id":"00f067aa0ba902b7"`, `"execution":"` + a.Execution + `"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in %s", want, out.String())
		}
	}
}
